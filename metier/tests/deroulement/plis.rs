//! La garde des plis : elle ne saute ni ne recule ; un scellé rompu arrête tout.

use crate::banc::*;
use metier::incidents::{self, Decision, Information, Reponse};
use metier::plis::{Etape, Passage, Sorte};
use metier::{Action, messages};

fn au_coffre() -> Banc {
    banc()
        .a("2026-12-01T10:00")
        .quand(commander("e-1", Sorte::Epreuves, "2026-09-10T09:00"))
        .quand(franchir("e-1", recevoir(true), "2026-12-01T09:30"))
        .quand(franchir("e-1", Passage::MettreAuCoffre, "2026-12-01T09:40"))
}

fn le_premier_jour(b: Banc) -> Banc {
    b.a("2026-12-15T08:25")
        .quand(accueillir("c-1", "2026-12-15T08:05"))
        .quand(franchir("e-1", Passage::Sortir, "2026-12-15T08:10"))
}

#[test]
fn un_pli_va_de_la_commande_a_la_destruction_sans_sauter_d_etape() {
    let b = le_premier_jour(au_coffre())
        .quand(franchir("e-1", constater("c-1", true), "2026-12-15T08:15"))
        .quand(franchir("e-1", Passage::Ouvrir, "2026-12-15T08:16"))
        .quand(franchir("e-1", controler(true), "2026-12-15T08:20"))
        .quand(franchir(
            "e-1",
            Passage::Distribuer { nombre: 2 },
            "2026-12-15T08:25",
        ))
        .a("2026-12-15T18:00")
        .quand(franchir(
            "e-1",
            Passage::Reprendre { nombre: 2 },
            "2026-12-15T17:00",
        ))
        .a("2026-12-20T10:00");
    let detruire = |temoin: &str, quand: &str| {
        franchir(
            "e-1",
            Passage::Detruire {
                nombre: 2,
                procede: "broyage".into(),
                temoin: temoin.into(),
            },
            quand,
        )
    };
    let b = b
        .refuse(detruire("Témoin", "2026-12-15T18:00"), "PLI-08")
        .refuse(detruire("Nom de p-resp", "2026-12-20T09:00"), "SAI")
        .quand(detruire("Une autre personne", "2026-12-20T09:00"));
    let vues: Vec<_> = b.pli("e-1").etapes.iter().map(|f| f.etape).collect();
    assert_eq!(vues, Etape::chaine(Sorte::Epreuves));
    assert_eq!(b.pli("e-1").prochaine(&b.session), None);
    assert!(b.session.incidents.is_empty());
}

#[test]
fn un_pli_ne_saute_ni_ne_recule() {
    let b = au_coffre()
        .refuse(
            franchir("e-1", Passage::Ouvrir, "2026-12-01T09:50"),
            "PLI-03",
        )
        .refuse(
            franchir("e-1", recevoir(true), "2026-12-01T09:50"),
            "PLI-03",
        )
        .refuse(franchir("e-1", Passage::Lire, "2026-12-01T09:50"), "PLI-03");
    assert_eq!(b.pli("e-1").etape(), Etape::AuCoffre);
}

#[test]
fn un_pli_d_epreuves_ne_sort_pas_avant_le_premier_jour() {
    au_coffre().a("2026-12-14T18:00").refuse(
        franchir("e-1", Passage::Sortir, "2026-12-14T17:00"),
        "PLI-06",
    );
}

#[test]
fn les_scelles_se_constatent_devant_un_candidat_present_de_cette_session() {
    let b = le_premier_jour(au_coffre());
    b.clone().refuse(
        franchir("e-1", constater("c-2", true), "2026-12-15T08:15"),
        "R69",
    );
    b.clone().refuse(
        franchir("e-1", constater("inconnu", true), "2026-12-15T08:15"),
        "SAI",
    );
    // Le lendemain, il faut dire pourquoi.
    b.a("2026-12-16T08:30")
        .quand(accueillir("c-1", "2026-12-16T08:05"))
        .refuse(
            franchir("e-1", constater("c-1", true), "2026-12-16T08:15"),
            "R66",
        )
        .parce_que("pli de la seconde journée")
        .quand(franchir("e-1", constater("c-1", true), "2026-12-16T08:15"));
}

#[test]
fn le_contenu_se_controle_par_le_responsable_seul_et_le_formateur_n_approche_pas() {
    let b = le_premier_jour(au_coffre())
        .quand(franchir("e-1", constater("c-1", true), "2026-12-15T08:15"))
        .par("p-form")
        .refuse(
            franchir("e-1", Passage::Ouvrir, "2026-12-15T08:16"),
            "PLI-05",
        )
        .par("p-resp")
        .quand(franchir("e-1", Passage::Ouvrir, "2026-12-15T08:16"));
    let accompagne = Passage::Controler {
        seul: false,
        conforme: true,
        ecart: String::new(),
    };
    b.refuse(franchir("e-1", accompagne, "2026-12-15T08:20"), "R67")
        .par("p-surv")
        .refuse(franchir("e-1", controler(true), "2026-12-15T08:20"), "R67")
        .par("p-supp")
        .quand(franchir("e-1", controler(true), "2026-12-15T08:20"));
}

#[test]
fn un_scelle_rompu_arrete_la_distribution_jusqu_a_la_decision() {
    let b = le_premier_jour(au_coffre())
        .quand(franchir("e-1", constater("c-1", false), "2026-12-15T08:15"))
        .refuse(franchir("e-1", Passage::Ouvrir, "2026-12-15T08:16"), "R68");
    let incident = &b.session.incidents[0];
    assert!(incident.est_ouvert());
    assert!(incident.ligne_pv().contains("scellés rompus"));
    assert!(incident.ligne_pv().contains("ABADIE Camille"));
    let message = messages::pour_incident(&b.session, incident);
    assert!(message.corps.contains("scellés rompus") && message.corps.contains("26-0001"));
    let reponse = |decision| {
        Action::Incident(incidents::Action::Decider {
            numero: 1,
            reponse: Reponse {
                decision,
                reference: "courriel de la DDETS".into(),
                survenu: a("2026-12-15T08:23"),
            },
        })
    };
    let b = b
        .refuse(reponse(Decision::Poursuivre), "INC-02")
        .quand(Action::Incident(incidents::Action::Informer {
            numero: 1,
            information: Information {
                survenu: a("2026-12-15T08:20"),
                canal: "téléphone".into(),
            },
        }))
        .refuse(franchir("e-1", Passage::Ouvrir, "2026-12-15T08:24"), "R68");
    b.clone()
        .quand(reponse(Decision::Poursuivre))
        .quand(franchir("e-1", Passage::Ouvrir, "2026-12-15T08:24"));
    let b = b
        .quand(reponse(Decision::Remplacer))
        .refuse(
            franchir("e-1", Passage::Ouvrir, "2026-12-15T08:24"),
            "PLI-04",
        )
        .refuse(reponse(Decision::Poursuivre), "INC-03");
    assert_eq!(b.pli("e-1").prochaine(&b.session), Some(Etape::Detruit));
}

#[test]
fn un_contenu_non_conforme_se_garde_et_va_au_proces_verbal() {
    let b = le_premier_jour(au_coffre())
        .quand(franchir("e-1", constater("c-1", true), "2026-12-15T08:15"))
        .quand(franchir("e-1", Passage::Ouvrir, "2026-12-15T08:16"))
        .quand(franchir("e-1", controler(false), "2026-12-15T08:20"))
        .refuse(
            franchir("e-1", Passage::Distribuer { nombre: 2 }, "2026-12-15T08:21"),
            "R68",
        );
    assert!(
        b.session.incidents[0]
            .ligne_pv()
            .contains("livret candidat")
    );
}

#[test]
fn un_exemplaire_qui_manque_a_la_reprise_se_motive() {
    le_premier_jour(au_coffre())
        .quand(franchir("e-1", constater("c-1", true), "2026-12-15T08:15"))
        .quand(franchir("e-1", Passage::Ouvrir, "2026-12-15T08:16"))
        .quand(franchir("e-1", controler(true), "2026-12-15T08:20"))
        .quand(franchir(
            "e-1",
            Passage::Distribuer { nombre: 2 },
            "2026-12-15T08:25",
        ))
        .refuse(
            franchir("e-1", Passage::Reprendre { nombre: 3 }, "2026-12-15T08:25"),
            "SAI",
        )
        .refuse(
            franchir("e-1", Passage::Reprendre { nombre: 1 }, "2026-12-15T08:25"),
            "PLI-07",
        )
        .parce_que("exemplaire taché, gardé au dossier")
        .quand(franchir(
            "e-1",
            Passage::Reprendre { nombre: 1 },
            "2026-12-15T08:25",
        ));
}

#[test]
fn un_fait_ne_se_note_ni_avant_d_arriver_ni_avant_le_precedent() {
    let b = au_coffre().a("2026-12-15T08:12");
    b.refuse(franchir("e-1", Passage::Sortir, "2026-12-15T08:13"), "SAI");
    banc()
        .a("2026-12-01T10:00")
        .quand(commander("e-1", Sorte::Epreuves, "2026-11-30T09:00"))
        .refuse(franchir("e-1", recevoir(true), "2026-11-29T09:00"), "SAI");
}

#[test]
fn la_relance_est_prete_deux_semaines_avant_si_rien_n_est_venu() {
    let b = banc().a("2026-12-01T10:00").quand(commander(
        "o-1",
        Sorte::Organisation,
        "2026-09-10T09:00",
    ));
    let relance = |b: &Banc, jour| messages::relance_plis(&b.session, jour);
    assert!(relance(&b, a("2026-11-30T00:00").date()).is_none());
    let m = relance(&b, a("2026-12-01T00:00").date()).unwrap();
    assert!(m.corps.contains("26-0001") && m.corps.contains("3 candidats"));
    // Le pli « organisation » seul ne suffit pas ; un pli d'épreuves, oui.
    let b = b.quand(franchir("o-1", recevoir(true), "2026-12-01T09:30"));
    assert!(relance(&b, a("2026-12-01T00:00").date()).is_some());
    assert!(relance(&au_coffre(), a("2026-12-01T00:00").date()).is_none());
}
