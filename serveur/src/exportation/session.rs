//! Une session en JSON, dans un format tenu : `session-1.schema.json` le décrit, un essai les confronte.
//!
//! Le format est à part de l'état du noyau : celui-ci peut changer, le format non. Un champ s'ajoute ; aucun ne change de sens.

use metier::candidats::Candidat;
use metier::deliberation::Sort;
use metier::parcours::Source;
use metier::{Session, SessionId};
use serde::Serialize;
use std::collections::BTreeMap;
use stockage::Tete;

/// Nom et version du format.
pub const FORMAT: &str = "garant.session/1";
/// Son schéma, servi à qui veut le lire.
pub const SCHEMA: &str = include_str!("session-1.schema.json");
/// L'adresse du schéma.
pub const ADRESSE_DU_SCHEMA: &str = "/schemas/session-1.json";

/// Une session, telle qu'elle s'emporte.
#[derive(Debug, Serialize)]
#[allow(missing_docs)] // les champs sont ceux du schéma, qui les décrit
pub struct Export {
    pub format: &'static str,
    #[serde(rename = "$schema")]
    pub schema: &'static str,
    pub id: String,
    pub type_session: &'static str,
    pub certificats: Vec<String>,
    pub titre: Titre,
    pub site: Site,
    pub debut: String,
    pub fin: String,
    pub numero_ceres: Option<String>,
    pub annulee: Option<String>,
    pub equipe: Vec<Intervenant>,
    pub jury: Vec<Jure>,
    pub candidats: Vec<CandidatExporte>,
    pub planning: Vec<Passage>,
    pub incidents: Vec<Incident>,
    pub proces_verbal: Vec<Etape>,
    pub journal: Journal,
}

/// Le titre et son millésime.
#[derive(Debug, Serialize)]
#[allow(missing_docs)]
pub struct Titre {
    pub cle: String,
    pub intitule: String,
    pub sigle: Option<String>,
    pub code_titre: Option<String>,
    pub millesime: Option<String>,
    pub rncp: Option<String>,
}

/// Le site.
#[derive(Debug, Serialize)]
#[allow(missing_docs)]
pub struct Site {
    pub nom: String,
    pub adresse: String,
}

/// Une personne de l'équipe.
#[derive(Debug, Serialize)]
#[allow(missing_docs)]
pub struct Intervenant {
    pub poste: &'static str,
    pub nom: String,
    pub fonction: String,
}

/// Un membre du jury.
#[derive(Debug, Serialize)]
#[allow(missing_docs)]
pub struct Jure {
    pub id: String,
    pub nom: String,
    pub qualite: String,
    pub place: &'static str,
    pub habilitation_debut: Option<String>,
    pub habilitation_fin: Option<String>,
}

/// Un candidat.
#[derive(Debug, Serialize)]
#[allow(missing_docs)]
pub struct CandidatExporte {
    pub id: String,
    pub civilite: Option<String>,
    pub nom_naissance: String,
    pub nom_usage: Option<String>,
    pub prenoms: String,
    pub naissance: Option<String>,
    pub lieu_naissance: Option<String>,
    pub courriel: Option<String>,
    pub telephone: Option<String>,
    pub adresse: Option<String>,
    pub code_postal: Option<String>,
    pub ville: Option<String>,
    pub voie: Option<&'static str>,
    pub organisme: Option<String>,
    pub identifiant_ceres: Option<String>,
    pub inscrit_le: String,
    pub retire: Option<String>,
    pub situation: Option<&'static str>,
    pub antecedents: Vec<Antecedent>,
    pub temps_majore_pour_cent: u32,
    pub acces_pmr: bool,
    pub pieces: BTreeMap<&'static str, String>,
    pub decision: Option<Decision>,
}

/// Un résultat passé.
#[derive(Debug, Serialize)]
#[allow(missing_docs)]
pub struct Antecedent {
    pub titre: String,
    pub type_session: &'static str,
    pub le: String,
    pub issue: &'static str,
    pub certificats: Vec<String>,
    pub source: String,
}

/// La décision du jury.
#[derive(Debug, Serialize)]
#[allow(missing_docs)]
pub struct Decision {
    pub issue: &'static str,
    pub certificats: BTreeMap<String, &'static str>,
    pub entretien_favorable: Option<bool>,
}

/// Un passage du planning.
#[derive(Debug, Serialize)]
#[allow(missing_docs)]
pub struct Passage {
    pub candidat: String,
    pub epreuve: String,
    pub lieu: String,
    pub date: String,
    pub debut: String,
    pub fin: String,
    pub jury: Vec<String>,
}

/// Un incident.
#[derive(Debug, Serialize)]
#[allow(missing_docs)]
pub struct Incident {
    pub numero: u32,
    pub genre: &'static str,
    pub gravite: &'static str,
    pub survenu: String,
}

/// Une étape du procès-verbal.
#[derive(Debug, Serialize)]
#[allow(missing_docs)]
pub struct Etape {
    pub etape: &'static str,
    pub survenu: String,
}

/// Le journal dont l'export est tiré.
#[derive(Debug, Serialize)]
#[allow(missing_docs)]
pub struct Journal {
    pub rang: u64,
    pub empreinte: String,
}

/// L'export d'une session ; rien si elle n'est pas créée.
pub fn exporter(id: &SessionId, s: &Session, tete: &Tete) -> Option<Export> {
    let p = s.programme.as_ref()?;
    let r = &p.referentiel;
    Some(Export {
        format: FORMAT,
        schema: ADRESSE_DU_SCHEMA,
        id: id.to_string(),
        type_session: p.type_session.code(),
        certificats: p.certificats.clone(),
        titre: Titre {
            cle: r.cle.clone(),
            intitule: r.intitule.clone(),
            sigle: r.sigle.clone(),
            code_titre: r.code_titre.clone(),
            millesime: r.millesime.clone(),
            rncp: r.rncp.clone(),
        },
        site: Site {
            nom: p.site.nom.clone(),
            adresse: p.site.adresse.clone(),
        },
        debut: p.debut.to_string(),
        fin: p.fin.to_string(),
        numero_ceres: p.numero_ceres.clone(),
        annulee: p.annulee.clone(),
        equipe: s
            .equipe
            .membres
            .iter()
            .map(|(poste, i)| Intervenant {
                poste: poste.code(),
                nom: i.nom.clone(),
                fonction: i.fonction.clone(),
            })
            .collect(),
        jury: s
            .jury
            .iter()
            .map(|m| {
                let h = m.membre.habilitation.as_ref();
                Jure {
                    id: m.membre.jure.to_string(),
                    nom: m.membre.nom.clone(),
                    qualite: m.membre.qualite.clone(),
                    place: match m.membre.place {
                        metier::jury::Place::Titulaire => "titulaire",
                        metier::jury::Place::Reserve => "reserve",
                    },
                    habilitation_debut: h.map(|h| h.debut.to_string()),
                    habilitation_fin: h.map(|h| h.fin.to_string()),
                }
            })
            .collect(),
        candidats: s.candidats.iter().map(|c| candidat(s, c)).collect(),
        planning: s
            .planning
            .passages
            .iter()
            .map(|x| Passage {
                candidat: x.candidat.to_string(),
                epreuve: x.epreuve.clone(),
                lieu: x.lieu.clone(),
                date: x.date.to_string(),
                debut: x.debut.strftime("%H:%M").to_string(),
                fin: x.fin.strftime("%H:%M").to_string(),
                jury: x.jury.iter().map(ToString::to_string).collect(),
            })
            .collect(),
        incidents: s
            .incidents
            .iter()
            .map(|i| Incident {
                numero: i.numero,
                genre: i.signalement.genre.code(),
                gravite: i.signalement.gravite.code(),
                survenu: i.signalement.survenu.to_string(),
            })
            .collect(),
        proces_verbal: s
            .pv
            .etapes
            .iter()
            .map(|f| Etape {
                etape: f.etape.code(),
                survenu: f.survenu.to_string(),
            })
            .collect(),
        journal: Journal {
            rang: tete.rang,
            empreinte: tete.empreinte.clone(),
        },
    })
}

/// Un candidat, avec ce que la session sait de lui. Les mots d'un aménagement n'en sont pas.
pub fn candidat(s: &Session, c: &Candidat) -> CandidatExporte {
    let f = &c.fiche;
    CandidatExporte {
        id: c.id.to_string(),
        civilite: f.civilite.clone(),
        nom_naissance: f.nom_naissance.clone(),
        nom_usage: f.nom_usage.clone(),
        prenoms: f.prenoms.clone(),
        naissance: f.naissance.map(|d| d.to_string()),
        lieu_naissance: f.lieu_naissance.clone(),
        courriel: f.courriel.clone(),
        telephone: f.telephone.clone(),
        adresse: f.adresse.clone(),
        code_postal: f.code_postal.clone(),
        ville: f.ville.clone(),
        voie: f.voie.map(|v| v.code()),
        organisme: f.organisme.clone(),
        identifiant_ceres: f.identifiant_ceres.clone(),
        inscrit_le: c.inscrit_le.to_string(),
        retire: c.retire.clone(),
        situation: c.parcours.situation.map(|x| x.code()),
        antecedents: c
            .antecedents
            .iter()
            .map(|a| Antecedent {
                titre: a.titre.clone(),
                type_session: a.type_session.code(),
                le: a.le.to_string(),
                issue: a.issue.code(),
                certificats: a.certificats.clone(),
                source: match &a.source {
                    Source::Session(id) => format!("session:{id}"),
                    Source::Saisie(t) => t.clone(),
                },
            })
            .collect(),
        temps_majore_pour_cent: c.amenagement_accorde().map_or(0, |a| a.majoration),
        acces_pmr: c.acces_pmr(),
        pieces: c
            .pieces
            .iter()
            .map(|(p, d)| (p.code(), d.to_string()))
            .collect(),
        decision: s.deliberation.decisions.get(&c.id).map(|d| Decision {
            issue: d.issue.code(),
            certificats: d
                .certificats
                .iter()
                .map(|(k, v)| (k.clone(), Sort::code(*v)))
                .collect(),
            entretien_favorable: d.entretien_favorable,
        }),
    }
}

#[cfg(test)]
mod essais {
    use super::*;
    use serde_json::Value;

    /// Chaque valeur est du type que le schéma dit, chaque champ y est décrit, aucun champ requis ne manque.
    fn confronter(schema: &Value, racine: &Value, valeur: &Value, ou: &str) {
        if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
            let nom = reference.rsplit('/').next().unwrap();
            return confronter(&racine["$defs"][nom], racine, valeur, ou);
        }
        let types: Vec<&str> = match &schema["type"] {
            Value::String(t) => vec![t],
            Value::Array(t) => t.iter().filter_map(Value::as_str).collect(),
            autre => panic!("{ou} : type {autre}"),
        };
        let vu = match valeur {
            Value::Null => "null",
            Value::Bool(_) => "boolean",
            Value::Number(_) => "integer",
            Value::String(_) => "string",
            Value::Array(_) => "array",
            Value::Object(_) => "object",
        };
        assert!(types.contains(&vu), "{ou} : {vu} n'est pas {types:?}");
        if let Some(choix) = schema.get("enum").and_then(Value::as_array) {
            assert!(choix.contains(valeur), "{ou} : {valeur} hors de {choix:?}");
        }
        match valeur {
            Value::Array(v) => {
                for (i, x) in v.iter().enumerate() {
                    confronter(&schema["items"], racine, x, &format!("{ou}[{i}]"));
                }
            }
            Value::Object(champs) => {
                for requis in schema["required"].as_array().into_iter().flatten() {
                    assert!(
                        champs.contains_key(requis.as_str().unwrap()),
                        "{ou} : sans {requis}"
                    );
                }
                for (nom, x) in champs {
                    let decrit = schema["properties"]
                        .get(nom)
                        .or_else(|| schema.get("additionalProperties"))
                        .filter(|d| d.is_object())
                        .unwrap_or_else(|| panic!("{ou}.{nom} n'est pas au schéma"));
                    confronter(decrit, racine, x, &format!("{ou}.{nom}"));
                }
            }
            _ => {}
        }
    }

    #[test]
    fn une_session_exportee_suit_son_schema() {
        use metier::candidats::Fiche;
        use metier::parcours::{Amenagement, EtatAmenagement, Situation};
        use metier::programme::{Programme, TypeSession};
        let schema: Value = serde_json::from_str(SCHEMA).unwrap();
        let r = metier::catalogue().remove(0);
        let id = |t: &str| t.parse().unwrap();
        let mut s = Session {
            programme: Some(Programme {
                type_session: TypeSession::Titre,
                certificats: vec![],
                referentiel: Box::new(r.clone()),
                site: metier::programme::Site {
                    id: "s".parse().unwrap(),
                    nom: "Site".into(),
                    adresse: "1 rue".into(),
                    salles: vec![],
                },
                debut: jiff::civil::date(2026, 12, 15),
                fin: jiff::civil::date(2026, 12, 16),
                numero_ceres: None,
                modele_taches: "taches-2016".into(),
                annulee: None,
            }),
            ..Session::default()
        };
        let mut c = Candidat {
            id: id("c1"),
            fiche: Fiche {
                nom_naissance: "Abadie".into(),
                prenoms: "Aïcha".into(),
                naissance: Some(jiff::civil::date(1999, 3, 12)),
                voie: Some(metier::candidats::Voie::Vae),
                ..Fiche::default()
            },
            ..Candidat::default()
        };
        c.parcours.situation = Some(Situation::Repassage);
        c.antecedents.push(metier::parcours::Antecedent {
            numero: 1,
            titre: r.cle.clone(),
            intitule: r.intitule.clone(),
            type_session: TypeSession::Ccp,
            le: jiff::civil::date(2026, 1, 12),
            issue: metier::deliberation::Issue::Reussite,
            certificats: vec!["CCP1".into()],
            source: Source::Saisie("livret".into()),
        });
        c.amenagement = Some(Amenagement {
            etat: EtatAmenagement::Accorde,
            demande_le: None,
            decision_le: None,
            majoration: 33,
            acces_pmr: true,
            secret: "v1.secret".into(),
            jury_informe_le: None,
            applique: None,
        });
        c.pieces
            .insert(metier::jour::Piece::Dp, jiff::civil::date(2026, 11, 2));
        s.deliberation.decisions.insert(
            c.id.clone(),
            metier::deliberation::DecisionJury {
                issue: metier::deliberation::Issue::Partielle,
                certificats: [("CCP1".to_owned(), Sort::DejaAcquis)].into(),
                entretien_favorable: Some(true),
                motivation: String::new(),
                recommandations: String::new(),
            },
        );
        s.planning.passages.push(metier::planning::Passage {
            candidat: c.id.clone(),
            epreuve: "T-1".into(),
            lieu: "Salle".into(),
            date: jiff::civil::date(2026, 12, 15),
            debut: jiff::civil::time(8, 30, 0, 0),
            fin: jiff::civil::time(9, 0, 0, 0),
            jury: vec!["j1".parse().unwrap()],
            surveillant: None,
        });
        s.candidats.push(c);
        let export = exporter(&id_session(), &s, &Tete::vide()).unwrap();
        let json = serde_json::to_value(&export).unwrap();
        confronter(&schema, &schema, &json, "session");
        assert_eq!(json["planning"][0]["debut"], "08:30");
        assert!(!json.to_string().contains("v1.secret"));
        assert!(exporter(&id_session(), &Session::default(), &Tete::vide()).is_none());
    }

    fn id_session() -> SessionId {
        "session-1".parse().unwrap()
    }
}
