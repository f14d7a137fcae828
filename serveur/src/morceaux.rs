//! Les morceaux que plusieurs pages partagent, composés une seule fois : une macro d'askama, ou le gabarit qu'une page
//! étend, se recopie dans chacune ; ce qui passe par ici n'y laisse qu'un appel (voir aussi [`crate::champs`]).

use std::fmt::Display;

use askama::Template;

use crate::cadre::{Cadre, ConstatMontre, Moment};
use crate::pages::controle::Ecart;
use crate::pages::session::geste::Suite;

/// Le haut de toute page.
#[derive(Template)]
#[template(path = "commun/bandeau.html")]
pub struct Bandeau<'a> {
    cadre: &'a Cadre,
}

/// Évitement, marque, rubriques, compte, message du geste précédent.
pub fn bandeau(cadre: &Cadre) -> Bandeau<'_> {
    Bandeau { cadre }
}

/// Les onglets d'une session.
#[derive(Template)]
#[template(path = "commun/onglets.html")]
pub struct Moments<'a> {
    moments: &'a [Moment],
}

/// Les pages d'une session, rangées par moment.
pub fn moments(moments: &[Moment]) -> Moments<'_> {
    Moments { moments }
}

/// Un constat.
#[derive(Template)]
#[template(path = "commun/constat.html")]
pub struct UnConstat<'a> {
    constat: &'a ConstatMontre,
}

/// Une ligne : ce qui est constaté, le remède, la règle et sa source.
pub fn constat(constat: &ConstatMontre) -> UnConstat<'_> {
    UnConstat { constat }
}

/// Une suite de constats.
#[derive(Template)]
#[template(path = "commun/liste_constats.html")]
pub struct Constats<'a> {
    constats: &'a [ConstatMontre],
    refus: bool,
}

/// Les constats d'une carte ; le dit quand il n'y en a pas.
pub fn constats(constats: &[ConstatMontre]) -> Constats<'_> {
    Constats {
        constats,
        refus: false,
    }
}

/// Les constats qui ont fait refuser un formulaire ; rien s'il n'y en a pas.
pub fn refus(constats: &[ConstatMontre]) -> Constats<'_> {
    Constats {
        constats,
        refus: true,
    }
}

/// Ce qui suit un geste refusé.
#[derive(Template)]
#[template(path = "session/geste_suite.html")]
pub struct SuiteMontree<'a> {
    suite: &'a Suite,
    acte: &'a dyn Display,
}

/// Le refus, et le motif à écrire si c'est tout ce qui manque ; rien si le geste n'a pas été refusé.
pub fn suite<'a>(suite: &'a Suite, acte: &'a dyn Display) -> SuiteMontree<'a> {
    SuiteMontree { suite, acte }
}

/// Une autre personne a enregistré avant.
#[derive(Template)]
#[template(path = "annuaire/concurrence.html")]
pub struct Concurrence<'a> {
    ecarts: &'a [Ecart],
}

/// Ce qu'une autre personne a changé pendant la saisie ; rien si rien n'a changé.
pub fn concurrence(ecarts: &[Ecart]) -> Concurrence<'_> {
    Concurrence { ecarts }
}
