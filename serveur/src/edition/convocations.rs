//! Les convocations : du planning d'une personne aux données de son papier.

use super::sources::{adresse, intervenant, texte};
use super::{ErreurEdition, Sources};
use documents::Document as Papier;
use documents::donnees::{
    Candidat, ConvocationCandidat, ConvocationJure, ConvocationSurveillant, Decharge, EpreuveJury,
    JourJury, Passage, Personne, Vacation, Voie as VoieImprimee,
};
use jiff::civil::Date;
use metier::candidats::{Fiche, Voie};
use metier::convocations::Destinataire;
use metier::equipe::Poste;
use metier::jury::{Membre, Place};
use metier::planning::Passage as Place1;
use metier::plateau::Sorte;
use metier::programme::Programme;
use metier::referentiel::Modalite;
use metier::{CandidatId, JureId, PersonneId, Session};
use std::collections::{BTreeMap, BTreeSet};

/// Les papiers d'une personne : sa convocation, et pour un candidat la décharge à signer.
pub(super) fn papiers(
    sources: &Sources,
    s: &Session,
    d: &Destinataire,
) -> Result<Vec<Papier>, ErreurEdition> {
    let p = s.programme.as_ref().ok_or_else(|| {
        ErreurEdition::refus(
            "Cette session n’existe pas encore. Créez-la depuis la liste des sessions.",
        )
    })?;
    let remplace = remplacee(sources, s, d);
    let inconnue = || {
        ErreurEdition::refus(
            "Cette personne n’est plus de la session. Rechargez la page Convocations.",
        )
    };
    Ok(match d {
        Destinataire::Candidat(id) => {
            let c = s.inscrits().find(|c| c.id == *id).ok_or_else(inconnue)?;
            let nom = nom_imprime(&c.fiche);
            let decharge = Decharge {
                document_remis:
                    "la convocation à la session d’examen et le planning individuel des épreuves"
                        .into(),
                destinataire: nom.clone(),
                naissance: c.fiche.naissance,
                remettant: None,
                remis_le: None,
            };
            vec![
                Papier::ConvocationCandidat(ConvocationCandidat {
                    amenagement: c.amenagement_accorde().is_some(),
                    ..candidat(sources, s, p, id, &c.fiche, nom, remplace)
                }),
                Papier::Decharge(decharge),
            ]
        }
        Destinataire::Jure(id) => vec![Papier::ConvocationJure(jure(
            sources,
            s,
            p,
            s.jure(id).ok_or_else(inconnue)?,
            remplace,
        ))],
        Destinataire::Surveillant(id) => {
            let i = s
                .equipe
                .a(Poste::Surveillant)
                .find(|i| i.id == *id)
                .ok_or_else(inconnue)?;
            vec![Papier::ConvocationSurveillant(ConvocationSurveillant {
                surveillant: intervenant(i),
                civilite: None,
                vacations: vacations(s, p, id),
                contact: sources.contact(),
                remplace,
            })]
        }
    })
}

/// Les convocations de tous ces destinataires, ou la phrase qui dit que personne ne l'est.
fn de_tous(
    sources: &Sources,
    s: &Session,
    pour: Vec<Destinataire>,
    personne: &str,
) -> Result<Vec<Papier>, ErreurEdition> {
    if pour.is_empty() {
        return Err(ErreurEdition::refus(personne));
    }
    let mut v = vec![];
    for d in &pour {
        v.extend(papiers(sources, s, d)?);
    }
    Ok(v)
}

/// Les convocations de tous les candidats.
pub(super) fn des_candidats(
    x: &Sources,
    s: &Session,
    _: Date,
) -> Result<Vec<Papier>, ErreurEdition> {
    let pour = s.inscrits().map(|c| Destinataire::Candidat(c.id.clone()));
    de_tous(
        x,
        s,
        pour.collect(),
        "Aucun candidat n’est inscrit : personne n’est à convoquer. Inscrivez les candidats.",
    )
}

/// Les convocations de tous les jurés.
pub(super) fn des_jures(x: &Sources, s: &Session, _: Date) -> Result<Vec<Papier>, ErreurEdition> {
    let pour = s
        .jury
        .iter()
        .map(|m| Destinataire::Jure(m.membre.jure.clone()));
    de_tous(
        x,
        s,
        pour.collect(),
        "Personne n’est au jury : aucun juré n’est à convoquer. Retenez des jurés.",
    )
}

/// Les convocations de tous les surveillants.
pub(super) fn des_surveillants(
    x: &Sources,
    s: &Session,
    _: Date,
) -> Result<Vec<Papier>, ErreurEdition> {
    let pour = s
        .equipe
        .a(Poste::Surveillant)
        .map(|i| Destinataire::Surveillant(i.id.clone()));
    de_tous(
        x,
        s,
        pour.collect(),
        "Aucun surveillant n’est nommé : personne n’est à convoquer.",
    )
}

/// La date de la convocation déjà remise que celle-ci annule et remplace.
fn remplacee(sources: &Sources, s: &Session, d: &Destinataire) -> Option<Date> {
    let c = s.convocations.de(d)?;
    let (remise, rang) = c.remise.as_ref()?;
    // L'édition remise est celle d'avant la remise ; une édition plus récente n'est pas encore partie.
    let editee = s
        .convocations
        .documents
        .iter()
        .rev()
        .find(|(r, x)| r < rang && x.destinataire.as_ref() == Some(d))?;
    sources.jour_du_rang(editee.0).or(Some(remise.le))
}

fn candidat(
    sources: &Sources,
    s: &Session,
    p: &Programme,
    id: &CandidatId,
    f: &Fiche,
    nom: String,
    remplace: Option<Date>,
) -> ConvocationCandidat {
    ConvocationCandidat {
        candidat: Candidat {
            civilite: civilite(f.civilite.as_deref()),
            nom,
            naissance: f.naissance,
            courriel: f.courriel.clone(),
            adresse: adresse(vide(&f.adresse), vide(&f.code_postal), vide(&f.ville)),
            numero: f.identifiant_ceres.clone(),
        },
        voie: match f.voie {
            Some(Voie::Apprentissage) => VoieImprimee::Apprentissage,
            Some(Voie::ContratPro) => VoieImprimee::Professionnalisation,
            Some(Voie::Vae) => VoieImprimee::Vae,
            Some(Voie::Equivalence) => VoieImprimee::Capitalisation,
            Some(Voie::FormationContinue) | None => VoieImprimee::Formation,
        },
        ccps: certificats(p),
        passages: passages(s, p, id),
        pieces_supplementaires: p
            .referentiel
            .prerequis
            .iter()
            .filter_map(|t| texte(t))
            .collect(),
        equipements: s
            .plateau
            .inventaire()
            .filter(|l| l.besoin.sorte == Sorte::Epi)
            .map(|l| l.besoin.libelle.clone())
            .collect(),
        amenagement: false,
        jury: vec![],
        contact: sources.contact(),
        remplace,
    }
}

/// Chaque épreuve du référentiel, placée ou non : celle qui ne l'est pas fait refuser la convocation, en la nommant.
fn passages(s: &Session, p: &Programme, id: &CandidatId) -> Vec<Passage> {
    if s.planning.de(id).next().is_none() {
        return vec![];
    }
    let rang = |code: &str| {
        p.epreuves()
            .iter()
            .position(|e| e.code == code)
            .unwrap_or(usize::MAX)
    };
    let mut places: Vec<&Place1> = s
        .planning
        .de(id)
        .filter(|x| p.epreuve(&x.epreuve).is_some())
        .collect();
    places.sort_by_key(|x| (x.date, x.debut, rang(&x.epreuve)));
    let mut v: Vec<Passage> = places
        .iter()
        .filter_map(|x| {
            p.epreuve(&x.epreuve).map(|e| Passage {
                epreuve: e.nature.clone(),
                nature: nature(e.modalite).into(),
                date: Some(x.date),
                debut: Some(x.debut),
                fin: Some(x.fin),
                lieu: texte(&x.lieu),
                duree_minutes: e.duree_minutes,
                preparation_minutes: None,
            })
        })
        .collect();
    v.extend(
        p.epreuves()
            .iter()
            .filter(|e| s.planning.passage(id, &e.code).is_none())
            .map(|e| Passage {
                epreuve: e.nature.clone(),
                nature: nature(e.modalite).into(),
                date: None,
                debut: None,
                fin: None,
                lieu: None,
                duree_minutes: e.duree_minutes,
                preparation_minutes: None,
            }),
    );
    v
}

fn jure(
    sources: &Sources,
    s: &Session,
    p: &Programme,
    m: &Membre,
    remplace: Option<Date>,
) -> ConvocationJure {
    let fiche = sources.jures.get(&m.jure);
    let postale = fiche
        .map(|f| f.adresse.lines().filter_map(texte).collect())
        .unwrap_or_default();
    ConvocationJure {
        jure: Personne {
            nom: m.nom.clone(),
            qualite: texte(&m.qualite),
            courriel: m.courriel.clone(),
            telephone: m.telephone.clone(),
            adresse: postale,
        },
        civilite: None,
        jours: jours(s, m),
        epreuves: p
            .epreuves()
            .iter()
            .map(|e| EpreuveJury {
                epreuve: e.nature.clone(),
                duree_minutes: e.duree_minutes,
                jury_present: e.presence_jury.demande_jury(),
            })
            .collect(),
        ccps: certificats(p),
        jury: s
            .jury
            .iter()
            .map(|x| Personne {
                nom: x.membre.nom.clone(),
                qualite: qualite(&x.membre),
                ..Personne::default()
            })
            .collect(),
        contact: sources.contact(),
        remplace,
    }
}

fn qualite(m: &Membre) -> Option<String> {
    let place = (m.place == Place::Reserve).then(|| "en réserve".to_owned());
    let v: Vec<String> = texte(&m.qualite).into_iter().chain(place).collect();
    texte(&v.join(", "))
}

/// Les jours de présence : ceux où il siège ; pour une réserve qui ne siège nulle part, ceux où le jury siège.
pub(super) fn jours(s: &Session, m: &Membre) -> Vec<JourJury> {
    let siege = |x: &Place1, j: &JureId| x.jury.contains(j);
    let nulle_part = !s.planning.passages.iter().any(|x| siege(x, &m.jure));
    let mut par_jour: BTreeMap<Date, Vec<&Place1>> = BTreeMap::new();
    for x in &s.planning.passages {
        if siege(x, &m.jure) || (nulle_part && m.place == Place::Reserve && !x.jury.is_empty()) {
            par_jour.entry(x.date).or_default().push(x);
        }
    }
    par_jour
        .into_iter()
        .map(|(date, v)| JourJury {
            date: Some(date),
            debut: v.iter().map(|x| x.debut).min(),
            fin: v.iter().map(|x| x.fin).max(),
            lieu: texte(
                &v.iter()
                    .map(|x| x.lieu.as_str())
                    .collect::<BTreeSet<_>>()
                    .into_iter()
                    .collect::<Vec<_>>()
                    .join(", "),
            ),
            nombre_candidats: u32::try_from(
                v.iter().map(|x| &x.candidat).collect::<BTreeSet<_>>().len(),
            )
            .ok(),
        })
        .collect()
}

/// Une vacation par épreuve, jour et salle.
fn vacations(s: &Session, p: &Programme, id: &PersonneId) -> Vec<Vacation> {
    let mut groupes: BTreeMap<(Date, &str, &str), Vec<&Place1>> = BTreeMap::new();
    for x in s
        .planning
        .passages
        .iter()
        .filter(|x| x.surveillant.as_ref() == Some(id))
    {
        groupes
            .entry((x.date, &x.epreuve, &x.lieu))
            .or_default()
            .push(x);
    }
    let mut v: Vec<Vacation> = groupes
        .into_iter()
        .map(|((date, epreuve, lieu), x)| Vacation {
            epreuve: p
                .epreuve(epreuve)
                .map_or(epreuve.to_owned(), |e| e.nature.clone()),
            date: Some(date),
            presence: None,
            debut: x.iter().map(|y| y.debut).min(),
            fin: x.iter().map(|y| y.fin).max(),
            lieu: texte(lieu),
            nombre_candidats: u32::try_from(x.len()).ok(),
        })
        .collect();
    v.sort_by_key(|x| (x.date, x.debut));
    v
}

/// La nature d'une épreuve, en un ou deux mots.
pub(super) fn nature(m: Modalite) -> &'static str {
    match m {
        Modalite::Msp => "pratique",
        Modalite::Projet => "orale, devant le jury",
        Modalite::Et | Modalite::Ef => "entretien avec le jury",
        Modalite::Qp => "écrite, sous surveillance",
        Modalite::Qap => "orale, à partir de productions",
    }
}

fn certificats(p: &Programme) -> Vec<String> {
    p.certificats
        .iter()
        .map(|c| {
            p.referentiel
                .ccp(c)
                .map_or(c.clone(), |x| format!("{c} – {}", x.intitule))
        })
        .collect()
}

/// « Mme Aïcha DURAND », nom de naissance rappelé s'il diffère : c'est celui de la pièce d'identité.
pub(super) fn nom_imprime(f: &Fiche) -> String {
    let nom = f
        .nom_usage
        .as_deref()
        .filter(|n| !n.trim().is_empty())
        .unwrap_or(&f.nom_naissance);
    let naissance = (nom.to_lowercase() != f.nom_naissance.to_lowercase())
        .then(|| format!(" (nom de naissance : {})", f.nom_naissance.to_uppercase()));
    let morceaux = [
        vide(&f.civilite).to_owned(),
        f.prenoms.clone(),
        nom.to_uppercase(),
    ];
    format!(
        "{}{}",
        morceaux
            .iter()
            .filter_map(|t| texte(t))
            .collect::<Vec<_>>()
            .join(" "),
        naissance.unwrap_or_default()
    )
}

pub(super) fn civilite(c: Option<&str>) -> Option<String> {
    match c?.trim().trim_end_matches('.').to_lowercase().as_str() {
        "mme" | "madame" => Some("Madame".into()),
        "m" | "mr" | "monsieur" => Some("Monsieur".into()),
        _ => None,
    }
}

fn vide(t: &Option<String>) -> &str {
    t.as_deref().unwrap_or_default()
}
