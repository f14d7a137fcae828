//! Ce que vise une session CCP ou CCS : la seconde étape de sa création.
//!
//! Le titre choisi dit quels CCP se cochent ; l'intitulé d'un CCS s'écrit, les référentiels ne les portent pas.

use super::Saisie;
use metier::Referentiel;
use metier::programme::TypeSession;

/// Une case de la seconde étape.
pub(super) struct CaseCcp {
    pub(super) code: String,
    pub(super) libelle: String,
    pub(super) coche: bool,
}

/// La seconde étape, telle que la page la montre.
#[derive(Default)]
pub(super) struct Etape {
    /// « ccp », « ccs », ou vide : une session titre vise tous les CCP.
    pub(super) quoi: &'static str,
    /// La clé du titre pour laquelle ces cases sont montrées.
    pub(super) titre: String,
    /// Le nom du titre.
    pub(super) designation: String,
    pub(super) ccps: Vec<CaseCcp>,
}

impl Etape {
    /// Ce que le formulaire renvoie pour dire que cette étape a été montrée : « ccp-TP-01280m04 ».
    pub(super) fn marque(&self) -> String {
        format!("{}-{}", self.quoi, self.titre)
    }

    /// L'étape que cette saisie demande de montrer.
    pub(super) fn pour(saisie: &Saisie, referentiel: Option<&Referentiel>) -> Self {
        let quoi = match TypeSession::depuis_code(&saisie.type_session) {
            Some(TypeSession::Ccp) => "ccp",
            Some(TypeSession::Ccs) => "ccs",
            Some(TypeSession::Titre) | None => return Self::default(),
        };
        let Some(r) = referentiel else {
            return Self::default();
        };
        Self {
            quoi,
            titre: r.cle.clone(),
            designation: r.designation(),
            ccps: r
                .ccps
                .iter()
                .map(|c| CaseCcp {
                    code: c.code.clone(),
                    libelle: format!("{} · {}", c.code, c.intitule.replace('\'', "’")),
                    coche: saisie.certificats.contains(&c.code),
                })
                .collect(),
        }
    }
}

/// Reste-t-il à passer par la seconde étape ? Oui tant qu'elle n'a pas été montrée pour ce titre et ce type.
pub(super) fn reste_a_dire(saisie: &Saisie, type_session: TypeSession, titre: &str) -> bool {
    let vue = saisie.etape == format!("{}-{titre}", type_session.code());
    type_session != TypeSession::Titre && !vue && certificats(saisie, type_session).is_empty()
}

/// Les certificats visés : les CCP cochés, ou l'intitulé du CCS.
pub(super) fn certificats(saisie: &Saisie, type_session: TypeSession) -> Vec<String> {
    match type_session {
        TypeSession::Titre => vec![],
        TypeSession::Ccp => saisie.certificats.clone(),
        TypeSession::Ccs => Some(saisie.ccs.trim().to_owned())
            .filter(|c| !c.is_empty())
            .into_iter()
            .collect(),
    }
}
