//! La plume de l'exemple : écrire dans une session à une date choisie, par le seul chemin d'écriture.

use crate::erreurs::Erreur;
use crate::formulaires::nouvel_identifiant;
use jiff::civil::{Date, DateTime};
use metier::{Acteur, Action, Contexte, Role, SessionId, Voisinage, temps};
use stockage::annuaire::Auteur;
use stockage::comptes::Personne;
use stockage::{Base, Centre, Creation, Issue, PieceNouvelle};

/// Qui écrit, où.
pub struct Plume<'a> {
    /// La base.
    pub base: &'a Base,
    /// Le centre d'exemple.
    pub centre: &'a Centre,
    /// La personne qui saisit.
    pub personne: &'a Personne,
}

impl Plume<'_> {
    fn contexte<'v>(
        &self,
        quand: DateTime,
        motif: Option<&str>,
        voisinage: &'v Voisinage,
    ) -> Result<Contexte<'v>, Erreur> {
        let maintenant = quand
            .to_zoned_datetime(temps::paris())
            .map_err(|e| Erreur::interne(&e.to_string()))?;
        Ok(Contexte {
            acteur: Acteur {
                personne: self.personne.id.clone(),
                nom: self.personne.nom_complet(),
                role: Role::Responsable,
            },
            realise_par: self.personne.id.clone(),
            maintenant,
            motif: motif.map(str::to_owned),
            vu_au_rang: None,
            voisinage,
        })
    }

    /// Crée une session ce jour-là.
    pub async fn creer(&self, id: &SessionId, jour: Date, action: Action) -> Result<(), Erreur> {
        let mut voisinage = Voisinage::default();
        voisinage.cadre.habitudes = stockage::habitudes::habitudes(self.base, self.centre).await?;
        let ctx = self.contexte(matin(jour), None, &voisinage)?;
        match stockage::creer(
            self.base,
            self.centre,
            id,
            nouvel_identifiant(),
            &action,
            &ctx,
        )
        .await?
        {
            Creation::Refusee(r) => Err(Erreur::interne(&format!("exemple refusé : {r}"))),
            _ => Ok(()),
        }
    }

    /// Écrit une action ce jour-là, avec un motif.
    pub async fn ecrire(&self, id: &SessionId, jour: Date, action: Action) -> Result<(), Erreur> {
        self.ecrire_avec(id, jour, action, &[]).await
    }

    /// Écrit une action et range ses pièces.
    pub async fn ecrire_avec(
        &self,
        id: &SessionId,
        jour: Date,
        action: Action,
        pieces: &[PieceNouvelle],
    ) -> Result<(), Erreur> {
        self.inscrire(id, matin(jour), action, pieces, Some("exemple"))
            .await
    }

    /// Écrit une action à cet instant, sans motif : un geste ordinaire d'un jour d'épreuves.
    pub async fn noter(
        &self,
        id: &SessionId,
        quand: DateTime,
        action: Action,
    ) -> Result<(), Erreur> {
        self.inscrire(id, quand, action, &[], None).await
    }

    async fn inscrire(
        &self,
        id: &SessionId,
        quand: DateTime,
        action: Action,
        pieces: &[PieceNouvelle],
        motif: Option<&str>,
    ) -> Result<(), Erreur> {
        self.inscrire_parmi(id, quand, action, pieces, motif, &Voisinage::VIDE)
            .await
    }

    async fn inscrire_parmi(
        &self,
        id: &SessionId,
        quand: DateTime,
        action: Action,
        pieces: &[PieceNouvelle],
        motif: Option<&str>,
        voisinage: &Voisinage,
    ) -> Result<(), Erreur> {
        let ctx = self.contexte(quand, motif, voisinage)?;
        match stockage::executer_avec_pieces(
            self.base,
            self.centre,
            id,
            nouvel_identifiant(),
            &action,
            &ctx,
            pieces,
        )
        .await?
        {
            Issue::Refusee(r) => Err(Erreur::interne(&format!("exemple refusé : {r}"))),
            _ => Ok(()),
        }
    }

    /// Reprend les résultats passés d'un candidat dans son parcours.
    pub async fn reprendre(
        &self,
        id: &SessionId,
        jour: Date,
        candidat: &metier::CandidatId,
        anterieurs: Vec<metier::parcours::Antecedent>,
    ) -> Result<(), Erreur> {
        let voisinage = Voisinage {
            anterieurs,
            ..Voisinage::VIDE
        };
        let geste = metier::parcours::Action::Reprendre {
            id: candidat.clone(),
        };
        self.inscrire_parmi(
            id,
            matin(jour),
            Action::Parcours(geste),
            &[],
            Some("exemple"),
            &voisinage,
        )
        .await
    }

    /// L'auteur d'un changement d'annuaire ce jour-là.
    pub fn auteur(&self, jour: Date) -> Auteur {
        Auteur {
            acte: nouvel_identifiant(),
            personne: self.personne.id.clone(),
            nom: self.personne.nom_complet(),
            le: format!("{jour}T08:00:00Z"),
            motif: Some("Centre d’exemple".into()),
        }
    }
}

/// L'heure à laquelle l'exemple écrit, hors des jours d'épreuves.
fn matin(jour: Date) -> DateTime {
    jour.at(9, 12, 0, 0)
}
