//! Une tâche telle que les pages la montrent : son état, ses dates en mots, ses points, qui en est chargé.

use jiff::civil::Date;
use metier::taches::{Etat, VuePoint, VueTache};
use metier::{Session, temps};
use std::collections::HashMap;

/// Une tâche montrée.
pub struct TacheMontree {
    /// Code, ancre de la page.
    pub code: String,
    /// Intitulé du papier.
    pub intitule: String,
    /// Classe de l'état.
    pub etat: &'static str,
    /// L'état en mots.
    pub etat_libelle: &'static str,
    /// Commencée, pas finie.
    pub partiel: bool,
    /// Ce que Garant sait du fait.
    pub avancement: String,
    /// La même chose en jauge.
    pub jauge: Option<(usize, usize)>,
    /// Ce qu'une personne en a dit.
    pub marque: String,
    /// L'a-t-on notée à la main ?
    pub marquee: bool,
    /// La page où elle se fait.
    pub lien: String,
    /// Ce que dit le lien.
    pub lien_libelle: &'static str,
    /// Ses points.
    pub points: Vec<PointMontre>,
    /// Points qui restent à vérifier.
    pub ouverts: usize,
    /// Ce qu'il faut faire, en mots simples.
    pub faire: String,
    /// Observation du papier.
    pub observation: String,
    /// Règle.
    pub regle: String,
    /// Le délai en mots.
    pub delai: String,
    /// Le papier à produire.
    pub papier: String,
    /// La date à tenir.
    pub date: String,
    /// Sa distance.
    pub distance: String,
    /// L'étiquette d'état.
    pub pastille: String,
    /// La classe de l'étiquette.
    pub ton: &'static str,
    /// « Date du centre ; limite du règlement le… », ou vide.
    pub du_centre: String,
    /// Qui l'a faite, ou en est chargé.
    pub qui: String,
    /// « Confiée à X pour le… », ou vide.
    pub confiee: String,
    /// Pourquoi elle a été renvoyée, ou vide.
    pub renvoi: String,
    /// Attend-elle un visa ?
    pub a_controler: bool,
    /// « Contrôlé le … par … », ou vide.
    pub visa: String,
    /// Documents joints.
    pub pieces: usize,
    /// Ajoutée par le centre ou dans la session ?
    pub propre: bool,
    /// Reste-t-elle à noter ?
    pub a_noter: bool,
    /// Garant attend-il un fait ? Sans lui, il faut dire comment elle est faite.
    pub attend_un_fait: bool,
    /// Observation saisie.
    pub saisie_observation: String,
    /// Motif saisi.
    pub saisie_motif: String,
}

/// Un point montré.
pub struct PointMontre {
    /// Code.
    pub code: String,
    /// Intitulé.
    pub intitule: String,
    /// Classe de l'état.
    pub etat: &'static str,
    /// À cocher ?
    pub ouvert: bool,
    /// Ce que Garant en sait, ou ce qu'une personne en a dit.
    pub dit: String,
    /// Noté à la main, il peut se rouvrir.
    pub marque: bool,
}

/// De quoi montrer une tâche.
pub struct Regard<'r> {
    /// Le jour.
    pub jour: Date,
    /// Adresse de la session.
    pub base: &'r str,
    /// Les noms des personnes.
    pub noms: &'r HashMap<String, String>,
    /// La session.
    pub session: &'r Session,
}

impl Regard<'_> {
    fn nom(&self, id: &metier::PersonneId) -> String {
        self.noms.get(id.as_str()).cloned().unwrap_or_default()
    }

    /// La tâche, prête à montrer.
    pub fn tache(&self, v: &VueTache) -> TacheMontree {
        let t = &*v.tache;
        let partiel = v.etat != Etat::Faite
            && (v
                .avancement
                .as_ref()
                .is_some_and(|a| a.faits > 0 && a.faits < a.attendus)
                || (v.avancement.is_none() && v.points.iter().any(|p| p.etat == Etat::Faite)));
        let distance = v
            .echeance
            .map(|e| temps::distance(self.jour, e))
            .unwrap_or_default();
        let (pastille, ton) = self.pastille(v, &distance);
        let dit = v.avancement.as_ref();
        TacheMontree {
            code: t.code.clone(),
            intitule: t.intitule.clone(),
            etat: v.etat.code(),
            etat_libelle: v.etat.libelle(),
            partiel,
            avancement: dit.map(|a| a.phrase.clone()).unwrap_or_default(),
            jauge: dit
                .filter(|a| partiel && a.attendus > 1)
                .map(|a| (a.faits, a.attendus)),
            marque: v.marque.as_ref().map(dire_marque).unwrap_or_default(),
            marquee: v.marque.is_some(),
            lien: t
                .page
                .as_ref()
                .map(|p| format!("{}/{p}", self.base))
                .unwrap_or_default(),
            lien_libelle: libelle_du_lien(t.page.as_deref(), v.etat),
            points: v.points.iter().map(point).collect(),
            ouverts: v.points_ouverts(),
            faire: t.faire.clone(),
            observation: t.observation.clone().unwrap_or_default(),
            regle: t.regle.clone().unwrap_or_default(),
            delai: t
                .delai
                .as_ref()
                .map(|d| d.libelle(&self.session.cadre))
                .unwrap_or_default(),
            papier: t.papier.clone().unwrap_or_default(),
            date: v.echeance.map(temps::date_courte).unwrap_or_default(),
            distance,
            pastille,
            ton,
            du_centre: match (v.du_centre, v.limite) {
                (Some(_), Some(l)) => {
                    format!("date du centre ; limite le {}", temps::date_courte(l))
                }
                _ => String::new(),
            },
            qui: self.qui(v),
            confiee: v
                .delegation
                .as_ref()
                .map(|d| {
                    format!(
                        "Confiée à {}{}",
                        d.nom,
                        d.pour
                            .map(|j| format!(" pour le {}", temps::date_courte(j)))
                            .unwrap_or_default()
                    )
                })
                .unwrap_or_default(),
            renvoi: v
                .delegation
                .as_ref()
                .and_then(|d| d.renvoi.clone())
                .unwrap_or_default(),
            a_controler: v.a_controler,
            visa: v
                .visa
                .as_ref()
                .map(|x| {
                    let mut p = format!(
                        "Contrôlé le {} par {}",
                        temps::instant_court(&x.le),
                        self.nom(&x.par)
                    );
                    if !x.observation.is_empty() {
                        p.push_str(&format!(" : {}", x.observation));
                    }
                    p
                })
                .unwrap_or_default(),
            pieces: v.pieces.len(),
            propre: v.propre,
            attend_un_fait: v.avancement.as_ref().is_some_and(|a| !a.est_complet()),
            a_noter: v.marque.is_none() && !matches!(v.etat, Etat::Faite | Etat::SansObjet),
            saisie_observation: String::new(),
            saisie_motif: String::new(),
        }
    }

    fn pastille(&self, v: &VueTache, distance: &str) -> (String, &'static str) {
        match (v.etat, v.limite.or(v.echeance)) {
            (Etat::Faite, _) if v.a_controler => ("à contrôler".into(), "proche"),
            (Etat::Faite, _) => ("fait".into(), "fait"),
            (Etat::SansObjet, _) => ("sans objet".into(), ""),
            (Etat::EnRetard, Some(e)) if e < self.jour => {
                let n = temps::jours_entre(e, self.jour);
                (
                    format!("{n}\u{a0}jour{} de retard", if n > 1 { "s" } else { "" }),
                    "retard",
                )
            }
            (Etat::EnRetard, _) => ("en retard".into(), "retard"),
            (Etat::Proche, _) => (distance.to_owned(), "proche"),
            (Etat::AFaire, _) => (String::new(), ""),
        }
    }

    fn qui(&self, v: &VueTache) -> String {
        if let Some(m) = v.marque.as_ref().filter(|_| v.etat == Etat::Faite) {
            return self.nom(&m.realise_par);
        }
        if let Some(d) = &v.delegation {
            return d.nom.clone();
        }
        v.avancement
            .as_ref()
            .filter(|_| v.etat == Etat::Faite)
            .and_then(|a| a.qui.clone())
            .unwrap_or_default()
    }
}

fn dire_marque(m: &metier::taches::Marque) -> String {
    let dit = match (m.sans_objet, m.observation.as_str()) {
        (false, "") => "Noté comme fait",
        (_, texte) => texte,
    };
    format!("{dit} (le {})", temps::instant_court(&m.le))
}

fn point(p: &VuePoint) -> PointMontre {
    let dit = match (&p.marque, &p.avancement) {
        (Some(m), _) => dire_marque(m),
        (None, Some(a)) if p.etat != Etat::SansObjet => a.phrase.clone(),
        _ => String::new(),
    };
    let dit = match p.echeance {
        Some(e) if p.etat != Etat::Faite && p.etat != Etat::SansObjet => {
            format!("{dit} · avant le {}", temps::date_courte(e))
        }
        _ => dit,
    };
    PointMontre {
        code: p.point.code.clone(),
        intitule: p.point.intitule.clone(),
        etat: p.etat.code(),
        ouvert: matches!(p.etat, Etat::AFaire | Etat::Proche | Etat::EnRetard),
        dit: dit.trim_start_matches(" · ").to_owned(),
        marque: p.marque.is_some(),
    }
}

/// Ce que dit le lien vers la page où la tâche se fait.
pub fn libelle_du_lien(page: Option<&str>, etat: Etat) -> &'static str {
    match (page, etat) {
        (Some("convocations"), Etat::Faite) => "Voir les convocations",
        (Some("convocations"), _) => "Éditer et remettre les convocations",
        (Some("candidats"), _) => "Voir les candidats",
        (Some("jury"), _) => "Composer le jury",
        (Some("planning"), _) => "Voir le planning",
        (Some("equipe"), _) => "Composer l’équipe",
        (Some("plis"), _) => "Tenir la garde des plis",
        (Some("jour"), _) => "Tenir le jour J",
        (Some("deliberation"), _) => "Voir la délibération",
        (Some("plateau"), _) => "Préparer le plateau",
        (Some("archives"), _) => "Tenir le registre des archives",
        (Some("suites"), _) => "Suivre les candidats",
        (Some("pv"), _) => "Suivre le procès-verbal",
        _ => "Voir le programme",
    }
}
