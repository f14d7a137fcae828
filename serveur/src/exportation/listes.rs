//! Les listes que l'on emporte : les candidats d'une session, leurs dossiers, les sessions du centre.

use super::{Cellule, Tableau};
use jiff::civil::Date;
use metier::candidats::{Candidat, sans_accents};
use metier::jour::Piece;
use metier::parcours::{OuEstLaPiece, attendues_de};
use metier::{Session, reglement, temps};
use std::collections::HashMap;
use stockage::ResumeSession;

fn inscrits(s: &Session) -> Vec<&Candidat> {
    let mut v: Vec<_> = s.inscrits().collect();
    v.sort_by_cached_key(|c| (sans_accents(&c.fiche.nom_complet()), c.id.clone()));
    v
}

/// Les candidats inscrits, avec les intitulés que l'import reconnaît : une liste emportée se réimporte.
pub fn candidats(s: &Session) -> Tableau {
    let colonnes = [
        "Civilité",
        "Nom de naissance",
        "Nom d’usage",
        "Prénoms",
        "Date de naissance",
        "Lieu de naissance",
        "Courriel",
        "Téléphone",
        "Adresse",
        "Code postal",
        "Commune",
        "Voie d’accès",
        "Organisme",
        "Identifiant CERES",
        "Inscrit le",
    ];
    let lignes = inscrits(s)
        .into_iter()
        .map(|c| {
            let f = &c.fiche;
            vec![
                (&f.civilite).into(),
                f.nom_naissance.as_str().into(),
                (&f.nom_usage).into(),
                f.prenoms.as_str().into(),
                f.naissance.into(),
                (&f.lieu_naissance).into(),
                (&f.courriel).into(),
                (&f.telephone).into(),
                (&f.adresse).into(),
                (&f.code_postal).into(),
                (&f.ville).into(),
                f.voie.map_or("", |v| v.libelle()).into(),
                (&f.organisme).into(),
                (&f.identifiant_ceres).into(),
                Cellule::Jour(c.inscrit_le),
            ]
        })
        .collect();
    Tableau {
        titre: "Candidats".into(),
        colonnes: colonnes.map(str::to_owned).to_vec(),
        lignes,
    }
}

/// Les dossiers : peut-il se présenter et pourquoi, chaque pièce, ce qui manque. Rien des aménagements.
pub fn dossiers(s: &Session, jour: Date) -> Tableau {
    let pieces: Vec<Piece> = Piece::TOUTES
        .into_iter()
        .filter(|p| *p != Piece::DecisionAmenagement)
        .filter(|p| s.inscrits().any(|c| Piece::attendues(s, c).contains(p)))
        .collect();
    let mut jugements: HashMap<_, _> = reglement::eligibilite(s, jour).into_iter().collect();
    let mut colonnes: Vec<String> = ["Candidat", "Voie d’accès", "Conditions d’accès", "Pourquoi"]
        .map(str::to_owned)
        .to_vec();
    colonnes.extend(pieces.iter().map(|p| p.libelle().to_owned()));
    let lignes = inscrits(s)
        .into_iter()
        .map(|c| {
            let constats = jugements.remove(&c.id).unwrap_or_default();
            let verdict = if constats.iter().any(|x| !x.manque) {
                "À régler"
            } else if constats.is_empty() {
                "Peut se présenter"
            } else {
                "À compléter"
            };
            let pourquoi: Vec<_> = constats
                .iter()
                .map(|x| format!("{} (règle {})", x.phrase, x.code))
                .collect();
            let attendues = attendues_de(s, c);
            let mut ligne: Vec<Cellule> = vec![
                c.fiche.nom_complet().into(),
                c.fiche.voie.map_or("", |v| v.libelle()).into(),
                verdict.into(),
                pourquoi.join(" ").into(),
            ];
            ligne.extend(pieces.iter().map(|p| {
                match attendues.iter().find(|x| x.piece == *p).map(|x| x.ou) {
                    None => "".into(),
                    Some(OuEstLaPiece::Manque) => "manque".into(),
                    Some(OuEstLaPiece::AuDossier(d)) => Cellule::Jour(d),
                    Some(OuEstLaPiece::Remise) => "remise".into(),
                    Some(OuEstLaPiece::VueLeJour) => "vue à l’accueil".into(),
                }
            }));
            ligne
        })
        .collect();
    Tableau {
        titre: "Dossiers".into(),
        colonnes,
        lignes,
    }
}

/// Les sessions du centre.
pub fn sessions(liste: &[ResumeSession]) -> Tableau {
    let colonnes = [
        "Titre",
        "Sigle",
        "Type",
        "Site",
        "Premier jour",
        "Dernier jour",
        "Numéro CERES",
        "Responsable",
        "Candidats",
        "Annulée",
    ];
    let lignes = liste
        .iter()
        .map(|r| {
            let l = &r.ligne;
            vec![
                l.intitule.as_str().into(),
                l.sigle.as_str().into(),
                l.libelle_type.as_str().into(),
                l.site.as_str().into(),
                temps::lire_date(&l.debut).into(),
                temps::lire_date(&l.fin).into(),
                l.numero_ceres.as_str().into(),
                l.responsable.as_str().into(),
                Cellule::Nombre(u64::from(l.candidats)),
                if l.annulee { "oui" } else { "" }.into(),
            ]
        })
        .collect();
    Tableau {
        titre: "Sessions".into(),
        colonnes: colonnes.map(str::to_owned).to_vec(),
        lignes,
    }
}
