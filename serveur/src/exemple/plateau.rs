//! Ce que l'exemple raconte du plateau et des suites : un inventaire compté, un manque paré, un entretien fixé. Fictif.

use super::plume::Plume;
use crate::erreurs::Erreur;
use jiff::ToSpan;
use jiff::civil::DateTime;
use metier::plateau::{self, Affichage, Besoin, Par, Sorte};
use metier::suites::{self, Entretien};
use metier::{Action, Session, SessionId};

async fn lire(plume: &Plume<'_>, id: &SessionId) -> Result<std::sync::Arc<Session>, Erreur> {
    Ok(stockage::charger(plume.base, plume.centre, id)
        .await?
        .ok_or(Erreur::Introuvable)?
        .0)
}

/// La veille : l'inventaire est prévu, compté ; il manquait un câble, on y a paré ; le local et les affichages sont prêts.
pub async fn preparer(plume: &Plume<'_>, id: &SessionId) -> Result<(), Erreur> {
    let s = lire(plume, id).await?;
    let debut = s.programme.as_ref().ok_or(Erreur::Introuvable)?.debut;
    let veille = (debut - 1.days()).at(15, 0, 0, 0);
    let noter = async |minute: i64, action| {
        plume
            .noter(id, veille + minute.minutes(), Action::Plateau(action))
            .await
    };
    let mut besoins = plateau::proposition(&s);
    for (sorte, libelle, par) in [
        (Sorte::Equipement, "Câble réseau de secours", Par::Ensemble),
        (Sorte::Equipement, "Vidéoprojecteur", Par::Session),
    ] {
        besoins.push(Besoin {
            sorte,
            libelle: libelle.into(),
            lieu: String::new(),
            quantite: 1,
            par,
        });
    }
    noter(
        0,
        plateau::Action::Prevoir {
            besoins,
            source: Some("tirées du planning et de la check-list".into()),
        },
    )
    .await?;
    let s = lire(plume, id).await?;
    let survenu = |minute: i64| -> DateTime { veille + minute.minutes() };
    let mut manquant = None;
    let comptes = s
        .plateau
        .inventaire()
        .map(|l| {
            let requis = l.requis(&s);
            if l.besoin.libelle.starts_with("Câble") && requis > 0 {
                manquant = Some(l.numero);
                (l.numero, requis - 1)
            } else {
                (l.numero, requis)
            }
        })
        .collect();
    noter(
        20,
        plateau::Action::Compter {
            comptes,
            survenu: survenu(20),
        },
    )
    .await?;
    if let Some(numero) = manquant {
        noter(
            25,
            plateau::Action::Parer {
                numero,
                parade: "un câble emprunté à la salle 3".into(),
                survenu: survenu(25),
            },
        )
        .await?;
    }
    for salle in plateau::locaux_d_entretien(&s).into_iter().take(1) {
        noter(
            30,
            plateau::Action::Reserver {
                salle,
                survenu: survenu(30),
            },
        )
        .await?;
    }
    for quoi in Affichage::TOUS {
        noter(
            40,
            plateau::Action::Afficher {
                quoi,
                salles: plateau::salles(&s),
                survenu: survenu(40),
            },
        )
        .await?;
    }
    Ok(())
}

/// Après la délibération : le premier candidat reçu partiellement a son entretien.
pub async fn suivre(plume: &Plume<'_>, id: &SessionId) -> Result<(), Erreur> {
    let s = lire(plume, id).await?;
    let (Some(close), Some(x)) = (
        s.deliberation.close,
        suites::a_suivre(&s)
            .into_iter()
            .find(suites::ASuivre::demande_entretien),
    ) else {
        return Ok(());
    };
    plume
        .noter(
            id,
            close + 30.minutes(),
            Action::Suite(suites::Action::Fixer {
                candidat: x.candidat,
                entretien: Entretien {
                    quand: (close.date() + 20.days()).at(10, 0, 0, 0),
                    lieu: "Bureau 3, avec la référence formation".into(),
                },
            }),
        )
        .await
}
