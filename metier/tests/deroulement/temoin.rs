//! Le témoin : tout ce que Garant dit d'une session, écrit en clair dans `temoin.txt`, et relu à chaque essai.
//!
//! Une phrase, une date, un état, un refus qui change se voit dans la différence, même quand aucun essai ne le nomme.
//! Si le changement est voulu : `GARANT_ECRIRE=1 cargo test -p metier --test deroulement temoin`, puis relire la différence.

use crate::archives::{ranger, revenue};
use crate::banc::*;
use crate::conclure::{contresignee, deliberee, en_deliberation};
use crate::hasard::{Tirage, action};
use jiff::civil::{Date, date};
use metier::archivage::Element;
use metier::{bilan, echeances, messages, plateau, rappels, reglement, suites, taches, vues};
use std::collections::HashSet;
use std::path::Path;

/// Suites d'actions au hasard dont le témoin garde chaque issue.
const SUITES: u32 = 24;

/// Le texte du témoin. Une ligne déjà dite ne se redit pas : d'un jour à l'autre, seul ce qui change s'écrit.
#[derive(Default)]
struct Temoin {
    texte: String,
    dites: HashSet<String>,
}

impl Temoin {
    fn titre(&mut self, titre: &str) {
        self.texte.push_str(titre);
        self.texte.push('\n');
    }
    fn dire(&mut self, ligne: String) {
        if self.dites.insert(ligne.clone()) {
            self.texte.push_str(&ligne);
            self.texte.push('\n');
        }
    }
}

fn jours() -> [Date; 7] {
    [
        date(2026, 8, 20),
        date(2026, 11, 16),
        date(2026, 12, 9),
        DEBUT,
        FIN,
        date(2027, 1, 4),
        date(2032, 2, 1),
    ]
}

/// Le journal, mot pour mot, et qui chaque événement nomme.
fn journal(b: &Banc, t: &mut Temoin) {
    for e in &b.evenements {
        let x = &e.evenement;
        t.dire(format!(
            "  {} · {} · {} · {}",
            e.rang,
            x.etiquette(),
            x.classe(),
            x.phrase()
        ));
    }
}

/// La session ce jour-là : sa check-list, ses constats, ses rappels.
fn etat(b: &Banc, jour: Date, t: &mut Temoin) {
    let s = &b.session;
    t.titre(&format!("  le {jour}"));
    for v in taches::vues(s, jour) {
        let dit = |a: &Option<taches::Avancement>| {
            a.as_ref().map_or(String::new(), |a| {
                format!(
                    "{} ({}/{}, {:?}, {:?})",
                    a.phrase, a.faits, a.attendus, a.le, a.qui
                )
            })
        };
        t.dire(format!(
            "    {} {:?} échéance {:?} limite {:?} à contrôler {} ouverts {} : {}",
            v.tache.code,
            v.etat,
            v.echeance,
            v.limite,
            v.a_controler,
            v.points_ouverts(),
            dit(&v.avancement)
        ));
        for p in &v.points {
            t.dire(format!(
                "      {} {:?} {:?} : {}",
                p.point.code,
                p.etat,
                p.echeance,
                dit(&p.avancement)
            ));
        }
    }
    for c in reglement::examiner(s, jour) {
        t.dire(format!(
            "    {} {} manque {} [{}] {:?} : {} → {}",
            c.code,
            c.force.code(),
            c.manque,
            c.objet,
            c.page,
            c.phrase,
            c.remede
        ));
    }
    for e in echeances::de_la_session(s, jour) {
        t.dire(format!("    échéance {e:?}"));
    }
    for r in rappels::dus(s, jour) {
        t.dire(format!("    rappel {}", r.cle()));
    }
    let recapitulees: Vec<_> = rappels::recapitulatif(s, jour)
        .into_iter()
        .map(|e| e.code)
        .collect();
    t.dire(format!("    récapitulatif {recapitulees:?}"));
}

/// Ce que les listes du centre en savent.
fn listes(b: &Banc, t: &mut Temoin) {
    let l = vues::lignes(&b.session);
    t.dire(format!(
        "  {:?}\n  {:?}\n  {:?}",
        l.session, l.roles, l.jures
    ));
    for c in &l.candidats {
        t.dire(format!("  {c:?}"));
    }
    for d in &l.delais {
        t.dire(format!("  {d:?}"));
    }
    t.dire(format!("  {:?}", bilan::de(&b.session)));
    t.dire(format!("  {}", metier::etat_du_jury(&b.session)));
    for x in suites::a_suivre(&b.session) {
        t.dire(format!("  suite {x:?}"));
    }
}

/// Ce que Garant écrit à l'administration et ce qu'il propose pour le plateau.
fn textes(b: &Banc, t: &mut Temoin) {
    let s = &b.session;
    for i in &s.incidents {
        t.dire(format!("  message {:?}", messages::pour_incident(s, i)));
    }
    for jour in jours() {
        t.dire(format!("  relance {:?}", messages::relance_plis(s, jour)));
    }
    t.dire(format!(
        "  plateau {} attendus, salles {:?}, locaux d'entretien {:?}, sans affichage {:?}",
        plateau::attendus(s),
        plateau::salles(s),
        plateau::locaux_d_entretien(s),
        plateau::Affichage::TOUS.map(|a| plateau::sans_affichage(s, a))
    ));
    for besoin in plateau::proposition(s) {
        t.dire(format!("  besoin {besoin:?}"));
    }
}

macro_rules! mots {
    ($t:expr, $($nature:ident : $tous:expr),+ $(,)?) => {$(
        for x in $tous {
            $t.titre(&format!("  {} {} : {}", stringify!($nature), x.code(), x.libelle()));
        }
    )+};
}

/// Les mots : chaque code que les formulaires et le journal portent, et ce qui s'en montre.
fn vocabulaire(t: &mut Temoin) {
    t.titre("== les mots");
    mots!(
        t,
        session: metier::programme::TypeSession::TOUS,
        salle: metier::programme::NatureSalle::TOUTES,
        poste: metier::equipe::Poste::TOUS,
        voie: metier::candidats::Voie::TOUTES,
        situation: metier::parcours::Situation::TOUTES,
        amenagement: metier::parcours::EtatAmenagement::TOUS,
        place: [metier::jury::Place::Titulaire, metier::jury::Place::Reserve],
        lien: metier::liens::NatureLien::TOUTES,
        pli: metier::plis::Sorte::TOUTES,
        verification: metier::jour::Verification::TOUTES,
        piece: metier::jour::Piece::TOUTES,
        sortie: [metier::jour::Sortie::Exclusion, metier::jour::Sortie::Abandon],
        incident: metier::incidents::Genre::TOUS,
        gravite: [metier::incidents::Gravite::Mineur, metier::incidents::Gravite::Majeur],
        decision: metier::incidents::Decision::TOUTES,
        element: metier::deliberation::Element::TOUS,
        issue: metier::deliberation::Issue::TOUTES,
        sort: metier::deliberation::Sort::TOUS,
        canal: metier::pv::Canal::TOUS,
        archive: Element::TOUS,
        support: metier::archivage::Support::TOUS,
        classe: metier::archivage::Classe::TOUTES,
        besoin: plateau::Sorte::TOUTES,
        par: plateau::Par::TOUS,
        affichage: plateau::Affichage::TOUS,
        repere: metier::echeances::Repere::TOUS,
        phase: taches::Phase::TOUTES,
        territoire: metier::libelles::Territoire::TOUS,
        modalite: metier::referentiel::Modalite::TOUTES,
        presence: metier::referentiel::PresenceJury::TOUTES,
        role: metier::Role::TOUS,
    );
    for territoire in metier::libelles::Territoire::TOUS {
        t.titre(&format!(
            "  {:?}",
            metier::libelles::Libelles::du_territoire(territoire)
        ));
    }
}

/// Des suites d'actions tirées au hasard : ce que chacune a donné, ou pourquoi elle est refusée.
fn au_hasard(t: &mut Temoin) {
    let mut tirage = Tirage(0x2545_F491_4F6C_DD1D);
    for n in 0..SUITES {
        t.titre(&format!("suite {n}"));
        let mut b = if n % 2 == 0 {
            banc_ouvert()
        } else {
            en_deliberation()
        };
        let mut minute = 600 + u64::from(n) * 7;
        for _ in 0..60 {
            minute += tirage.parmi(4);
            let quand = format!("2026-12-16T{:02}:{:02}", (minute / 60).min(23), minute % 60);
            b.maintenant = a(&quand);
            b.motif = (tirage.parmi(3) == 0).then(|| "au hasard".into());
            match b.essayer(&action(&mut tirage, &quand)) {
                Ok(d) => {
                    for c in &d.constats {
                        t.dire(format!("  averti {} {}", c.code, c.phrase));
                    }
                    for e in &d.evenements {
                        t.dire(format!("  fait {} : {}", e.etiquette(), e.phrase()));
                    }
                    b.inscrire(d.evenements);
                }
                Err(r) => {
                    for c in &r.constats {
                        t.dire(format!(
                            "  refusé {} {} : {} → {}",
                            c.code,
                            c.force.code(),
                            c.phrase,
                            c.remede
                        ));
                    }
                }
            }
        }
    }
}

#[test]
fn le_temoin_n_a_pas_bouge() {
    let mut t = Temoin::default();
    let archivee = revenue().quand(ranger(Element::TOUS[0], "armoire 3"));
    for (nom, b) in [
        ("une session préparée", banc()),
        ("le plateau prêt", crate::plateau::plateau_pret()),
        ("le premier jour", banc_ouvert()),
        ("en délibération", en_deliberation()),
        ("délibérée", deliberee()),
        ("contresignée", contresignee()),
        ("archivée", archivee),
    ] {
        t.titre(&format!("== {nom}"));
        journal(&b, &mut t);
        for jour in jours() {
            etat(&b, jour, &mut t);
        }
        listes(&b, &mut t);
        textes(&b, &mut t);
    }
    vocabulaire(&mut t);
    t.titre("== au hasard");
    au_hasard(&mut t);

    let t = t.texte;
    let chemin = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/deroulement/temoin.txt");
    if std::env::var_os("GARANT_ECRIRE").is_some() {
        std::fs::write(&chemin, &t).unwrap();
    }
    let garde = std::fs::read_to_string(&chemin).unwrap_or_default();
    let difference = garde
        .lines()
        .zip(t.lines())
        .enumerate()
        .find(|(_, (avant, apres))| avant != apres);
    assert!(
        garde == t,
        "Ce que Garant dit d'une session a changé. Première différence : {difference:#?}\nSi c'est voulu : GARANT_ECRIRE=1 cargo test -p metier --test deroulement temoin, puis relisez la différence."
    );
}
