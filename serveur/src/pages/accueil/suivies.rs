//! Les sessions d'une personne, et tout ce qui l'y attend : ce que l'accueil, le calendrier et l'agenda se partagent.

use crate::erreurs::Erreur;
use crate::etat::Etat;
use crate::suivi;
use jiff::civil::Date;
use metier::echeances::{self, Echeance};
use metier::equipe::Poste;
use metier::vues::ROLE_CONFIE;
use metier::{PersonneId, Session, SessionId};
use std::collections::BTreeSet;
use std::sync::Arc;
use stockage::vues::Filtre;
use stockage::{Centre, Tete};

/// Sessions suivies au plus ; au-delà, la liste des sessions et ses filtres servent mieux.
const SESSIONS_MAX: usize = 400;

/// Une session suivie, et ce qui relie la personne à elle.
pub struct Suivie {
    /// La session.
    pub id: SessionId,
    /// Son état.
    pub session: Arc<Session>,
    /// Sa tête.
    pub tete: Tete,
    /// Y tient-elle un poste de responsable ou de suppléant ?
    pub dirige: bool,
    /// Y tient-elle un poste, quel qu'il soit ?
    pub y_est: bool,
}

/// Qui regarde, et jusqu'où.
pub struct Regardant<'a> {
    /// L'état du serveur.
    pub etat: &'a Etat,
    /// Le centre.
    pub centre: &'a Centre,
    /// La personne.
    pub personne: &'a PersonneId,
    /// Toutes les sessions du centre, ou les siennes.
    pub tout: bool,
}

impl Regardant<'_> {
    async fn ajouter(
        &self,
        filtre: Filtre,
        trouvees: &mut BTreeSet<(String, SessionId)>,
    ) -> Result<(), Erreur> {
        let place = SESSIONS_MAX.saturating_sub(trouvees.len());
        let jour = self.etat.horloge.jour();
        trouvees.extend(suivi::sessions(self.etat, self.centre, jour, filtre, place).await?);
        Ok(())
    }

    /// Les sessions qui demandent encore quelque chose : en cours, à venir, finies depuis peu ; de la plus proche à la plus lointaine.
    pub async fn sessions(&self) -> Result<Vec<Suivie>, Erreur> {
        let jour = self.etat.horloge.jour();
        let mut trouvees = BTreeSet::new();
        for etat in suivi::ETATS {
            let filtre = Filtre {
                etat: Some(etat),
                jour: jour.to_string(),
                ..Filtre::default()
            };
            if self.tout {
                self.ajouter(filtre, &mut trouvees).await?;
                continue;
            }
            for role in [None, Some(ROLE_CONFIE.to_owned())] {
                let filtre = Filtre {
                    personne: Some(self.personne.clone()),
                    role,
                    ..filtre.clone()
                };
                self.ajouter(filtre, &mut trouvees).await?;
            }
        }
        let mut suivies = vec![];
        for (_, id) in trouvees {
            let Some((session, tete)) =
                stockage::charger(&self.etat.base, self.centre, &id).await?
            else {
                continue;
            };
            let postes = session.postes_de(self.personne);
            suivies.push(Suivie {
                id,
                dirige: postes.contains(&Poste::Responsable) || postes.contains(&Poste::Suppleant),
                y_est: !postes.is_empty(),
                session,
                tete,
            });
        }
        Ok(suivies)
    }

    /// Ses sessions ; à défaut, si elle voit tout et n'en a aucune, celles du centre : `tout` le dit ensuite.
    pub async fn les_siennes_ou_toutes(&mut self, voit_tout: bool) -> Result<Vec<Suivie>, Erreur> {
        let siennes = self.sessions().await?;
        if !siennes.is_empty() || !voit_tout {
            return Ok(siennes);
        }
        self.tout = true;
        self.sessions().await
    }

    /// Les échéances d'une session suivie, aujourd'hui.
    pub fn echeances(&self, s: &Suivie) -> Vec<Echeance> {
        let analyse = self
            .etat
            .analyses
            .de(&s.id, &s.session, &s.tete, self.etat.horloge.jour());
        echeances::de_ces_taches(&s.session, &analyse.taches)
    }

    /// Cette échéance est-elle l'affaire de la personne : elle en est chargée, elle la contrôle, ou elle dirige la session ?
    pub fn concerne(&self, s: &Suivie, e: &Echeance) -> bool {
        if self.tout {
            return true;
        }
        let est = |c: &Option<echeances::Chargee>| {
            c.as_ref().is_some_and(|c| c.personne == *self.personne)
        };
        est(&e.charge) || est(&e.controle) || s.dirige
    }
}

/// Le lundi de la semaine de ce jour.
pub fn lundi(jour: Date) -> Date {
    let rang = i64::from(jour.weekday().to_monday_zero_offset());
    jour.checked_sub(jiff::Span::new().days(rang))
        .unwrap_or(jour)
}
