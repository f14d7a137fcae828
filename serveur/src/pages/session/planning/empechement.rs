//! Ce qui manque avant de pouvoir proposer un planning.

use metier::Session;

/// Ce qui manque pour proposer un planning, et la page où cela se fait.
pub(super) struct Empechement {
    pub(super) phrase: &'static str,
    pub(super) page: String,
    pub(super) geste: &'static str,
}

/// Pourquoi l'on ne peut pas encore proposer ; rien si l'on peut.
pub(super) fn empeche(s: &Session, base: &str) -> Option<Empechement> {
    let p = s.programme.as_ref()?;
    let (phrase, page, geste) = if s.inscrits().count() == 0 {
        (
            "Aucun candidat n’est inscrit : il n’y a encore personne à placer.",
            format!("{base}/candidats"),
            "Inscrire des candidats",
        )
    } else if p.epreuves().is_empty() {
        (
            "Le référentiel n’a pas encore d’épreuve : complétez-le, puis adoptez-le à la page Programme.",
            "/referentiels".into(),
            "Compléter le référentiel",
        )
    } else if p.site.salles.is_empty() {
        (
            "Le site n’a pas de salle : ajoutez-en, puis reprenez le site à la page Programme.",
            "/sites".into(),
            "Ajouter des salles",
        )
    } else {
        return None;
    };
    Some(Empechement {
        phrase,
        page,
        geste,
    })
}
