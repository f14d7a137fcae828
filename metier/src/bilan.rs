//! Ce qu'une session a donné, en nombres et sans nom : pour les statistiques du centre, et ce qu'une purge en garde.
//!
//! Une absence n'est pas un échec (reglement.md §3.6) : le taux de réussite se compte sur les présents.

use crate::candidats::{Candidat, Voie};
use crate::deliberation::Issue;
use crate::jour::Sortie;
use crate::session::Session;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Les nombres d'une session pour une voie d'accès.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LigneBilan {
    /// Code de la voie d'accès ; vide : à préciser.
    pub voie: String,
    /// Candidats inscrits.
    pub inscrits: u32,
    /// Présents au moins un jour.
    pub presents: u32,
    /// Constatés absents.
    pub absents: u32,
    /// Réussites.
    pub reussites: u32,
    /// Réussites partielles.
    pub partielles: u32,
    /// Échecs.
    pub echecs: u32,
    /// Exclus ou ayant abandonné.
    pub sortis: u32,
}

impl LigneBilan {
    /// Ajoute une autre ligne à celle-ci.
    pub fn ajouter(&mut self, autre: &Self) {
        self.inscrits += autre.inscrits;
        self.presents += autre.presents;
        self.absents += autre.absents;
        self.reussites += autre.reussites;
        self.partielles += autre.partielles;
        self.echecs += autre.echecs;
        self.sortis += autre.sortis;
    }
    /// Candidats dont le jury a décidé, hors absences.
    pub fn decides(&self) -> u32 {
        self.reussites + self.partielles + self.echecs
    }
}

/// Le libellé d'une voie, d'après son code.
pub fn libelle_voie(code: &str) -> &'static str {
    Voie::depuis_code(code).map_or("Voie à préciser", |v| v.libelle())
}

/// Le bilan d'une session, une ligne par voie d'accès, dans l'ordre des codes.
pub fn de(s: &Session) -> Vec<LigneBilan> {
    if let Some(garde) = &s.archivage.bilan {
        return garde.clone();
    }
    let mut par: BTreeMap<&'static str, LigneBilan> = BTreeMap::new();
    for c in s.inscrits() {
        let code = c.fiche.voie.map_or("", |v| v.code());
        let l = par.entry(code).or_insert_with(|| LigneBilan {
            voie: code.into(),
            ..LigneBilan::default()
        });
        compter(s, c, l);
    }
    par.into_values().collect()
}

fn compter(s: &Session, c: &Candidat, l: &mut LigneBilan) {
    let un = |vrai: bool| u32::from(vrai);
    let issue = s.deliberation.decisions.get(&c.id).map(|d| d.issue);
    l.inscrits += 1;
    l.presents += un(s.jour.est_venu(&c.id));
    l.absents += un(s.jour.est_absent(&c.id));
    l.sortis += un(matches!(
        s.jour.sorties.get(&c.id),
        Some((Sortie::Exclusion | Sortie::Abandon, ..))
    ));
    l.reussites += un(issue == Some(Issue::Reussite));
    l.partielles += un(issue == Some(Issue::Partielle));
    l.echecs += un(issue == Some(Issue::Echec));
}

#[cfg(test)]
mod essais {
    use super::LigneBilan;

    /// Une ligne dont chaque compte est différent, fois `n`.
    fn ligne(n: u32) -> LigneBilan {
        LigneBilan {
            voie: "vae".into(),
            inscrits: 17 * n,
            presents: 13 * n,
            absents: 11 * n,
            reussites: 7 * n,
            partielles: 5 * n,
            echecs: 3 * n,
            sortis: 2 * n,
        }
    }

    #[test]
    fn deux_lignes_s_ajoutent_compte_par_compte() {
        let mut l = ligne(1);
        l.ajouter(&ligne(2));
        assert_eq!(l, ligne(3));
    }

    #[test]
    fn une_absence_et_une_sortie_ne_sont_pas_des_decisions() {
        assert_eq!(ligne(1).decides(), 7 + 5 + 3);
    }
}
