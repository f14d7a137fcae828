//! Le catalogue des papiers d'une session : une ligne par papier, avec ce qui le compose.
//!
//! Un papier absent d'ici n'existe pas. La page Documents, la ligne de commande et l'édition d'ensemble lisent
//! toutes cette table. Un papier officiel (PV, fiche de synthèse, livret) n'y est pas recréé : Garant prépare un
//! brouillon de contrôle.

use super::{
    ErreurEdition, Sources, check_list, convocations, feuilles, kit, lettres, listes, proces,
    suites,
};
use documents::Document as Papier;
use jiff::civil::Date;
use metier::Session;

/// Quand un papier sert.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Moment {
    /// Préparer la session.
    Preparer,
    /// Convoquer.
    Convoquer,
    /// Le jour de l'examen.
    Jour,
    /// Conclure : procès-verbal, résultats.
    Conclure,
    /// Archiver.
    Archiver,
}

impl Moment {
    /// Tous, dans l'ordre de la vie d'une session.
    pub const TOUS: [Moment; 5] = [
        Self::Preparer,
        Self::Convoquer,
        Self::Jour,
        Self::Conclure,
        Self::Archiver,
    ];
    /// Libellé montré.
    pub fn libelle(self) -> &'static str {
        match self {
            Self::Preparer => "Préparer la session",
            Self::Convoquer => "Convoquer",
            Self::Jour => "Le jour de l’examen",
            Self::Conclure => "Conclure",
            Self::Archiver => "Archiver",
        }
    }
    /// Code de formulaire.
    pub fn code(self) -> &'static str {
        match self {
            Self::Preparer => "preparer",
            Self::Convoquer => "convoquer",
            Self::Jour => "jour",
            Self::Conclure => "conclure",
            Self::Archiver => "archiver",
        }
    }
    /// Retrouve par le code.
    pub fn depuis_code(code: &str) -> Option<Self> {
        Self::TOUS.into_iter().find(|m| m.code() == code)
    }
}

/// Ce qui compose un papier : ses données, ou ce qui manque.
pub type Composition = fn(&Sources, &Session, Date) -> Result<Vec<Papier>, ErreurEdition>;

/// Une ligne du catalogue.
#[derive(Clone, Copy)]
pub struct Ligne {
    /// Code stable : la ligne de commande et le journal le citent.
    pub code: &'static str,
    /// Intitulé montré, et nom du fichier.
    pub intitule: &'static str,
    /// À quoi il sert, en une phrase.
    pub usage: &'static str,
    /// Quand il sert.
    pub moment: Moment,
    /// Classe de conservation de la pièce figée.
    pub classe: &'static str,
    /// La page où l'on complète ce qui lui manque.
    pub page: &'static str,
    /// Vrai quand il s'édite à sa page, une personne à la fois : la page Documents y renvoie.
    pub a_sa_page: bool,
    /// Ses données.
    pub composer: Composition,
}

const fn l(
    (code, intitule): (&'static str, &'static str),
    moment: Moment,
    (classe, page): (&'static str, &'static str),
    composer: Composition,
    usage: &'static str,
) -> Ligne {
    Ligne {
        code,
        intitule,
        usage,
        moment,
        classe,
        page,
        a_sa_page: false,
        composer,
    }
}

const fn a_sa_page(ligne: Ligne) -> Ligne {
    Ligne {
        a_sa_page: true,
        ..ligne
    }
}

use Moment::{Archiver, Conclure, Convoquer, Jour, Preparer};

/// Tous les papiers, dans l'ordre de la vie d'une session.
#[rustfmt::skip]
pub const CATALOGUE: &[Ligne] = &[
    l(("information-ddets", "Information de l’administration"), Preparer, ("session", "equipe"), lettres::information,
        "La lettre qui annonce la session : dates, lieu, responsable et suppléant."),
    l(("check-list", "Check-list du responsable de session"), Preparer, ("session", ""), |x, s, j| Ok(vec![check_list::remplie(x, s, j)]),
        "Chaque tâche, avec ce qui est fait, par qui, et ce qui reste."),
    l(("check-list-vierge", "Check-list à remplir au stylo"), Preparer, ("session", ""), |_, s, j| Ok(vec![check_list::vierge(s, j)]),
        "Les mêmes tâches, colonnes vides : pour un jour sans ordinateur."),
    l(("planning-affichage", "Planning à afficher"), Preparer, ("session", "planning"), |_, s, _| Ok(vec![listes::planning(s)?]),
        "À afficher la veille : chaque épreuve, son heure, sa salle."),
    l(("planning-candidats", "Planning de chaque candidat"), Preparer, ("candidat", "planning"), |_, s, _| listes::plannings_candidats(s),
        "Une feuille par candidat : ses heures, ses salles."),
    l(("planning-jurys", "Planning de chaque juré et surveillant"), Preparer, ("jure", "planning"), |_, s, _| listes::plannings_encadrants(s),
        "Une feuille par juré, délibération comprise, et par surveillant."),
    l(("affiches-portes", "Affiches de porte"), Preparer, ("session", "planning"), |_, s, _| feuilles::affiches(s),
        "Une par salle et par jour, à lire de loin."),
    l(("inventaire-plateau", "Inventaire du plateau technique"), Preparer, ("session", "plateau"), |_, s, _| feuilles::inventaire(s),
        "Postes, équipements, matières : présents, conformes, écart, remède."),
    l(("correspondance", "Tableau de correspondance (confidentiel)"), Preparer, ("candidat", "candidats"), |_, s, _| feuilles::correspondance(s),
        "L’identifiant de chaque candidat et son nom. Remis au jury, jamais affiché."),
    a_sa_page(l(("convocation-candidat", "Convocations des candidats"), Convoquer, ("candidat", "convocations"), convocations::des_candidats,
        "Une par candidat, avec son planning et sa décharge.")),
    a_sa_page(l(("convocation-jure", "Convocations du jury"), Convoquer, ("jure", "convocations"), convocations::des_jures,
        "Une par juré, avec ses jours et ses engagements.")),
    a_sa_page(l(("convocation-surveillant", "Convocations des surveillants"), Convoquer, ("equipe", "convocations"), convocations::des_surveillants,
        "Une par surveillant, avec ses épreuves et la conduite à tenir.")),
    l(("decharges", "Décharges à signer"), Convoquer, ("candidat", "candidats"), |_, s, _| feuilles::decharges(s),
        "Une par candidat, pour une remise en main propre."),
    l(("bordereau-lrar", "Bordereau des lettres recommandées"), Convoquer, ("candidat", "convocations"), |x, s, _| feuilles::recommandes(x, s),
        "La liste à remettre à la poste, un numéro par lettre."),
    l(("etiquettes", "Étiquettes d’adresse"), Convoquer, ("candidat", "candidats"), |x, s, _| feuilles::etiquettes(x, s),
        "Planches de quatorze, 99,1 × 38,1 mm : candidats, puis jurés."),
    l(("attestation-employeur", "Attestations pour l’employeur d’un juré"), Convoquer, ("jure", "jury"), lettres::attestations,
        "Une par juré : ses jours et ses heures au jury."),
    l(("accueil", "Feuille d’accueil des candidats"), Jour, ("candidat", "candidats"), |_, s, _| feuilles::accueil(s),
        "Ce qui se vérifie à l’arrivée : identité, convocation, dossier, livret ou recevabilité."),
    a_sa_page(l(("kit-papier", "Kit papier"), Jour, ("candidat", ""), |x, s, j| Ok(kit::papiers(x, s, j)),
        "Tout ce qu’il faut pour un jour sans électricité, en un fichier : s’édite depuis la check-list.")),
    l(("emargement", "Feuilles d’émargement"), Jour, ("session", "planning"), |_, s, _| listes::emargements(s),
        "Une par épreuve et par salle, et une par journée de jury."),
    l(("pv-plis", "Procès-verbal d’ouverture des plis"), Jour, ("candidat", "plis"), |_, s, _| proces::ouverture_plis(s),
        "Le constat des scellés devant un candidat, puis le contrôle du contenu par le responsable seul."),
    l(("registre-plis", "Registre de garde des plis"), Jour, ("candidat", "plis"), |x, s, _| suites::papiers(x, s, "registre-plis"),
        "Chaque étape de chaque pli, de la commande à la destruction."),
    l(("rapport-incidents", "Rapport des incidents"), Jour, ("candidat", "incidents"), |x, s, _| suites::papiers(x, s, "rapport-incidents"),
        "Tous les incidents signalés, à joindre au procès-verbal."),
    l(("rapport-incident", "Rapport d’incident à remplir"), Jour, ("session", "incidents"), |_, s, _| Ok(proces::incident(s)),
        "La feuille à garder sous la main : les faits, les personnes, la mesure."),
    l(("rapport-fraude", "Rapport de fraude"), Jour, ("candidat", "incidents"), |_, s, _| Ok(proces::fraude(s)),
        "Un par fraude signalée, sinon la feuille à remplir ; signé des témoins."),
    l(("constat-carence", "Constat de carence du jury"), Jour, ("candidat", "incidents"), |_, s, _| Ok(proces::carence(s)),
        "Un par carence signalée, sinon la feuille à remplir ; l’administration décide."),
    l(("note-frais", "Notes de frais des jurés"), Jour, ("jure", "jury"), |x, s, _| proces::frais(x, s),
        "Une par juré, à remplir et à signer."),
    l(("pv-brouillon", "Brouillon de contrôle du procès-verbal"), Conclure, ("candidat", "deliberation"), |x, s, _| suites::papiers(x, s, "pv-brouillon"),
        "À comparer ligne à ligne à CERES et au papier signé. Ce n’est pas le procès-verbal."),
    l(("fiche-ceres", "Fiche à recopier dans CERES, résultats"), Conclure, ("candidat", "deliberation"), |x, s, _| suites::papiers(x, s, "fiche-ceres"),
        "Les résultats, dans l’ordre où CERES les demande."),
    l(("bordereau-pv", "Bordereau d’envoi du procès-verbal"), Conclure, ("candidat", "pv"), |x, s, _| suites::papiers(x, s, "bordereau-pv"),
        "Ce qui part à l’administration, et avant quand."),
    l(("resultats", "Lettres de résultats"), Conclure, ("candidat", "pv"), lettres::resultats,
        "Une par candidat, une fois l’original du procès-verbal envoyé."),
    l(("liste-laureats", "Candidats ayant validé un titre ou un certificat"), Conclure, ("candidat", "pv"), |x, s, _| suites::papiers(x, s, "liste-laureats"),
        "À afficher, une fois revenue la copie signée de l’administration."),
    l(("entretien-post-jury", "Convocations à l’entretien post-jury"), Conclure, ("candidat", "deliberation"), lettres::entretiens,
        "Une par réussite partielle : ce qui est acquis, ce qui reste, le rendez-vous."),
    l(("registre-archives", "Registre des archives"), Archiver, ("candidat", "archives"), |x, s, _| suites::papiers(x, s, "registre-archives"),
        "Chaque élément gardé, son support, son lieu, jusqu’à quand."),
    l(("destruction-sujets", "Bordereau de destruction des sujets"), Archiver, ("session", "plis"), |_, s, _| proces::destruction(s),
        "Ce qui a été détruit, comment, devant qui."),
    l(("pv-destruction", "Procès-verbal de destruction"), Archiver, ("session", "archives"), |x, s, _| suites::papiers(x, s, "pv-destruction"),
        "Ce que la purge a effacé, proposé par une personne, confirmé par une autre. Sans nom de candidat."),
];

/// La ligne de ce code.
pub fn ligne(code: &str) -> Option<&'static Ligne> {
    CATALOGUE.iter().find(|l| l.code == code)
}

#[cfg(test)]
mod essais {
    use super::*;

    #[test]
    fn chaque_code_est_unique_et_chaque_ligne_se_lit() {
        let mut codes: Vec<_> = CATALOGUE.iter().map(|l| l.code).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), CATALOGUE.len());
        for l in CATALOGUE {
            assert!(
                l.usage.ends_with('.') && !l.intitule.ends_with('.'),
                "{}",
                l.code
            );
            assert!(
                ["session", "candidat", "jure", "equipe"].contains(&l.classe),
                "{}",
                l.code
            );
        }
    }
}
