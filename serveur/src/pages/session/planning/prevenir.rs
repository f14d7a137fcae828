//! Qui prévenir : ceux dont la convocation ne dit plus ce que dit le planning.

use metier::Session;
use metier::convocations::Etat;

/// Une personne dont la convocation, éditée ou remise, ne dit plus vrai.
pub(super) struct APrevenir {
    /// Ce qui la désigne au formulaire des convocations.
    pub(super) cle: String,
    pub(super) nom: String,
    pub(super) deja_remise: bool,
    /// La convocation corrigée est éditée : il reste à la remettre.
    pub(super) preparee: bool,
}

/// Ceux qu'un changement oblige à prévenir.
pub(super) fn a_prevenir(s: &Session) -> Vec<APrevenir> {
    s.destinataires()
        .filter_map(|d| {
            let remise = s.convocations.est_remise(&d);
            let preparee = match s.etat_convocation(&d) {
                Etat::ARefaire => false,
                // Corrigée, et celle qui est entre ses mains ne dit toujours pas vrai.
                Etat::ARemettre if remise => true,
                _ => return None,
            };
            let nom = s.nom_destinataire(&d).ok()?;
            Some(APrevenir {
                cle: crate::pages::session::convocations::cle(&d),
                nom,
                deja_remise: remise,
                preparee,
            })
        })
        .collect()
}

#[cfg(test)]
mod essais {
    use super::a_prevenir;
    use metier::Session;
    use metier::candidats::{Candidat, Fiche};
    use metier::convocations::{Convocation, Destinataire, Document, Mode, Remise};

    /// Une convocation éditée au rang 3 et remise au rang 4, puis le planning change au rang 5.
    fn session(reeditee_au: Option<u64>, remise_au: u64) -> Session {
        let qui = Destinataire::Candidat("c1".parse().unwrap());
        let mut s = Session::default();
        s.candidats.push(Candidat {
            id: "c1".parse().unwrap(),
            fiche: Fiche {
                nom_naissance: "Témoin".into(),
                prenoms: "Ada".into(),
                ..Fiche::default()
            },
            ..Candidat::default()
        });
        s.planning.rangs.insert("c1".parse().unwrap(), 5);
        let remise = Remise {
            mode: Mode::Decharge,
            le: jiff::civil::date(2026, 9, 1),
        };
        let document = Document {
            code: "convocation-candidat".into(),
            destinataire: Some(qui.clone()),
            piece: "piece-1".parse().unwrap(),
            empreinte: "ab".repeat(32),
            nom: "convocation.pdf".into(),
            tete: "1 · ab".into(),
        };
        let convocation = Convocation {
            document: Some(document),
            rang: reeditee_au.unwrap_or(3),
            remise: Some((remise, remise_au)),
            envoi: None,
            accuse: None,
        };
        s.convocations.par_destinataire.insert(qui, convocation);
        s
    }

    #[test]
    fn qui_tient_une_convocation_perimee_reste_a_prevenir_jusqu_a_la_nouvelle_remise() {
        let dits = |s: &Session| -> Vec<(bool, bool)> {
            let tous = a_prevenir(s).into_iter();
            tous.map(|p| (p.deja_remise, p.preparee)).collect()
        };
        assert_eq!(dits(&session(None, 4)), [(true, false)]);
        assert_eq!(dits(&session(Some(6), 4)), [(true, true)]);
        assert_eq!(dits(&session(Some(6), 7)), []);
    }
}
