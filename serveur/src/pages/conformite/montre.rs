//! Les règles et leurs constats tels que les pages les montrent, avec les mots du territoire.

use metier::libelles::Libelles;
use metier::reglement::{self, Examen, Regle, catalogue};
use metier::{Accordee, Constat, Force, temps};
use std::collections::HashMap;

/// Une règle montrée.
pub struct RegleMontree {
    /// Code.
    pub code: &'static str,
    /// La règle, en une phrase.
    pub intitule: String,
    /// D'où elle vient.
    pub source: String,
    /// Ce que vaut la source.
    pub preuve: &'static str,
    /// Depuis quand.
    pub vigueur: String,
    /// « interdit », « derogeable », « alerte », « information ».
    pub ton: &'static str,
    /// Force, et pourquoi nul n'y déroge.
    pub force: String,
    /// La valeur réglable, ou vide.
    pub valeur: String,
    /// Comment elle se juge.
    pub jugement: String,
    /// Une dérogation se lit-elle au PV ?
    pub au_pv: bool,
}

impl RegleMontree {
    /// La règle, dans les mots du territoire.
    pub fn new(r: &'static Regle, l: &Libelles) -> Self {
        Self {
            code: r.code,
            intitule: l.dire(r.intitule),
            source: l.dire(r.source),
            preuve: r.preuve.libelle(),
            vigueur: r.vigueur_libelle(),
            ton: r.force.code(),
            force: l.dire(&catalogue::force(r)),
            valeur: catalogue::valeur(r).map(|v| l.dire(&v)).unwrap_or_default(),
            jugement: l.dire(&catalogue::jugement(r)),
            au_pv: r.au_pv,
        }
    }
}

/// Les infractions d'une même règle.
pub struct Groupe {
    /// La règle.
    pub regle: RegleMontree,
    /// Ses constats.
    pub constats: Vec<ConstatLie>,
    /// Tous se corrigent-ils de la même façon, au même endroit ? Alors cela se dit une fois.
    pub un_seul_geste: bool,
}

/// Un constat et le lien pour y remédier.
pub struct ConstatLie {
    /// Ce qui est constaté.
    pub phrase: String,
    /// Ce qu'il faut faire.
    pub remede: String,
    /// Où.
    pub lien: String,
    /// Ce que dit le bouton.
    pub geste: &'static str,
    /// La session, sur la page du centre ; vide sinon.
    pub session: String,
}

/// Une gravité et ses groupes.
pub struct Gravite {
    /// Code de style.
    pub ton: &'static str,
    /// Titre de la section.
    pub titre: &'static str,
    /// Ce que cela veut dire.
    pub explication: &'static str,
    /// Nombre de constats.
    pub nombre: usize,
    /// Par règle.
    pub groupes: Vec<Groupe>,
}

/// Un constat, la base de sa session (« /sessions/… ») et comment nommer celle-ci.
pub struct Situe<'a> {
    /// Le constat.
    pub constat: &'a Constat,
    /// Adresse de la session.
    pub base: String,
    /// Nom de la session, ou vide.
    pub session: String,
}

const GRAVITES: [(Force, &str, &str); 4] = [
    (
        Force::Interdit,
        "Non conforme, sans dérogation possible",
        "Personne ne peut y déroger : corrigez avant d’aller plus loin.",
    ),
    (
        Force::Derogeable,
        "Non conforme, dérogation possible avec un motif",
        "Corrigez, ou gardez la preuve de ce que l’administration a admis.",
    ),
    (
        Force::Alerte,
        "À surveiller",
        "Rien n’est bloqué ; l’écart peut se voir au contrôle.",
    ),
    (
        Force::Information,
        "Pour information",
        "Un conseil, sans plus.",
    ),
];

/// Les infractions rangées par gravité, puis par règle ; les gravités vides ne sont pas rendues.
pub fn par_gravite(constats: &[Situe], l: &Libelles) -> Vec<Gravite> {
    GRAVITES
        .into_iter()
        .filter_map(|(force, titre, explication)| {
            let siens: Vec<_> = constats
                .iter()
                .filter(|c| c.constat.force == force)
                .collect();
            (!siens.is_empty()).then(|| Gravite {
                ton: force.code(),
                titre,
                explication,
                nombre: siens.len(),
                groupes: par_regle(&siens, l),
            })
        })
        .collect()
}

/// Les constats rangés par règle, dans l'ordre du règlement.
pub fn par_regle(constats: &[&Situe], l: &Libelles) -> Vec<Groupe> {
    let mut par: HashMap<&str, Vec<ConstatLie>> = HashMap::new();
    for c in constats {
        par.entry(c.constat.code.as_str())
            .or_default()
            .push(lier(c, l));
    }
    reglement::regles()
        .filter_map(|r| {
            let constats = par.remove(r.code)?;
            let premier = &constats[0];
            let un_seul_geste = constats.len() > 1
                && constats
                    .iter()
                    .all(|c| (&c.remede, &c.lien) == (&premier.remede, &premier.lien));
            Some(Groupe {
                regle: RegleMontree::new(r, l),
                constats,
                un_seul_geste,
            })
        })
        .collect()
}

fn lier(c: &Situe, l: &Libelles) -> ConstatLie {
    let page = c.constat.page.as_deref().unwrap_or_default();
    ConstatLie {
        phrase: l.dire(&c.constat.phrase),
        remede: l.dire(&c.constat.remede),
        lien: if page.is_empty() {
            c.base.clone()
        } else {
            format!("{}/{page}", c.base)
        },
        geste: geste(page),
        session: c.session.clone(),
    }
}

/// Ce que dit le bouton qui mène à la page où l'on remédie.
fn geste(page: &str) -> &'static str {
    match page.split('/').next().unwrap_or_default() {
        "programme" => "Ouvrir le programme",
        "equipe" => "Ouvrir l’équipe",
        "candidats" => "Ouvrir les candidats",
        "jury" => "Ouvrir le jury",
        "planning" => "Ouvrir le planning",
        "convocations" => "Ouvrir les convocations",
        "plis" => "Ouvrir les plis",
        "jour" => "Ouvrir le jour J",
        "incidents" => "Ouvrir les incidents",
        "deliberation" => "Ouvrir la délibération",
        "pv" => "Ouvrir le procès-verbal",
        "plateau" => "Ouvrir le plateau",
        "suites" => "Ouvrir les suites",
        "archives" => "Ouvrir les archives",
        _ => "Ouvrir la check-list",
    }
}

/// Une dérogation accordée, montrée.
pub struct DerogationMontree {
    /// Code de la règle.
    pub code: String,
    /// Ce qui était constaté.
    pub phrase: String,
    /// Pourquoi.
    pub motif: String,
    /// Par qui.
    pub par: String,
    /// Quand.
    pub le: String,
    /// Se lit au PV ?
    pub au_pv: bool,
    /// La session et son adresse, sur la page du centre ; vides sinon.
    pub session: (String, String),
}

impl DerogationMontree {
    /// La dérogation, et qui l'a accordée.
    pub fn new(d: &Accordee, noms: &HashMap<String, String>, session: (String, String)) -> Self {
        Self {
            code: d.code.clone(),
            phrase: d.phrase.clone(),
            motif: d.motif.clone(),
            par: noms
                .get(d.par.as_str())
                .cloned()
                .unwrap_or_else(|| "Personne retirée".into()),
            le: temps::instant_court(&d.le),
            au_pv: d.au_pv,
            session,
        }
    }
}

/// Ce que Garant ne juge pas : une raison, et les règles qu'elle concerne.
pub struct NonEvaluees {
    /// La donnée qui manque.
    pub raison: String,
    /// Code et phrase de chaque règle.
    pub regles: Vec<(&'static str, String)>,
}

/// Les règles que Garant ne juge pas, par raison.
pub fn non_evaluees(l: &Libelles) -> Vec<NonEvaluees> {
    let mut par: Vec<NonEvaluees> = vec![];
    for r in reglement::regles() {
        let Examen::NonEvaluee(raison) = r.examen else {
            continue;
        };
        let raison = l.dire(raison);
        let ligne = (r.code, l.dire(r.intitule));
        match par.iter_mut().find(|n| n.raison == raison) {
            Some(n) => n.regles.push(ligne),
            None => par.push(NonEvaluees {
                raison,
                regles: vec![ligne],
            }),
        }
    }
    par
}

/// Les règles par thème.
pub fn par_theme(l: &Libelles) -> Vec<(&'static str, Vec<RegleMontree>)> {
    reglement::THEMES
        .iter()
        .map(|(t, r)| (*t, r.iter().map(|r| RegleMontree::new(r, l)).collect()))
        .collect()
}
