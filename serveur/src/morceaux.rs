//! Les morceaux que plusieurs pages partagent, composés une seule fois : une macro d'askama, ou le gabarit qu'une page
//! étend, se recopie dans chacune ; ce qui passe par ici n'y laisse qu'un appel (voir aussi [`crate::champs`]).

use std::fmt::Display;

use askama::Template;

use crate::cadre::{Cadre, ConstatMontre, Moment};
use crate::formulaires::ErreursFormulaire;
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

/// Un formulaire refusé, chaque chose dite une fois : les fautes de saisie au bilan, liées à leurs champs ; ce qu'un motif
/// permettrait, et ce qui ne tient à aucun champ, avec sa règle.
#[derive(Template)]
#[template(path = "commun/refuse.html")]
pub struct Refuse {
    fautes: ErreursFormulaire,
    constats: Vec<ConstatMontre>,
}

/// Ce qu'il faut lire en tête d'un formulaire refusé ; rien s'il ne l'est pas.
pub fn refuse(erreurs: &ErreursFormulaire, constats: &[ConstatMontre]) -> Refuse {
    let avec_regle = constats.iter().filter(|c| !c.est_au_bilan());
    let constats: Vec<ConstatMontre> = avec_regle.cloned().collect();
    // Le motif se demande avec sa règle ; sans elle, le bilan le dit.
    let demande = constats.iter().any(|c| c.lien == "#motif");
    let au_bilan = |f: &&(String, String)| f.0 != "motif" || !demande;
    Refuse {
        fautes: ErreursFormulaire(erreurs.0.iter().filter(au_bilan).cloned().collect()),
        constats,
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

#[cfg(test)]
mod essais {
    use super::refuse;
    use crate::cadre::ConstatMontre;
    use crate::formulaires::ErreursFormulaire;
    use metier::{Constat, Refus};

    /// Ce que montre le haut du formulaire quand ces constats le refusent.
    fn haut(constats: Vec<Constat>) -> String {
        let refus = Refus { constats };
        let erreurs = ErreursFormulaire::du_refus(&refus);
        let montres = ConstatMontre::du_refus(&refus, "/sessions/1");
        refuse(&erreurs, &montres).to_string()
    }

    fn saisie() -> Constat {
        Constat::saisie(
            "debut",
            "Cette heure ne se lit pas.",
            "Écrivez-la autrement.",
        )
    }

    fn derogation() -> Constat {
        Constat::derogation(
            "PLA-04",
            "x",
            "planning",
            "Elle ne dirait plus vrai.",
            "Dites pourquoi.",
        )
    }

    #[test]
    fn un_formulaire_refuse_dit_chaque_chose_une_fois() {
        let page = haut(vec![saisie()]);
        assert_eq!(page.matches("ne se lit pas").count(), 1);
        assert!(
            page.contains("href=\"#debut\"") && !page.contains("id=\"refus\""),
            "{page}"
        );
        // Ce qu'un motif permettrait se dit avec sa règle, et mène au motif.
        let page = haut(vec![derogation()]);
        assert_eq!(page.matches("ne dirait plus vrai").count(), 1);
        assert!(
            page.contains("PLA-04") && page.contains("href=\"#motif\""),
            "{page}"
        );
        assert!(!page.contains("id=\"bilan\""), "{page}");
        // Les deux à la fois : deux encadrés, sans redite.
        let page = haut(vec![saisie(), derogation()]);
        assert_eq!(page.matches("ne se lit pas").count(), 1);
        assert_eq!(page.matches("ne dirait plus vrai").count(), 1);
        assert_eq!(haut(vec![]).trim(), "");
    }

    #[test]
    fn un_motif_qui_manque_sans_regle_se_dit_au_bilan() {
        let page = haut(vec![Constat::saisie(
            "motif",
            "Il manque le motif.",
            "Écrivez-le.",
        )]);
        assert_eq!(page.matches("Il manque le motif").count(), 1);
        assert!(
            page.contains("href=\"#motif\"") && page.contains("id=\"bilan\""),
            "{page}"
        );
    }

    #[test]
    fn hors_de_tout_champ_le_remede_mene_a_sa_page_dans_la_session() {
        let c = Constat {
            champ: None,
            ..derogation()
        };
        assert!(haut(vec![c]).contains("href=\"/sessions/1/planning\""));
    }
}
