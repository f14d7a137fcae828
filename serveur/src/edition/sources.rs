//! Ce que l'édition lit hors de la session : le centre qui édite, l'annuaire, les dates du journal.

use super::ErreurEdition;
use documents::donnees::{self, Entete, Logo, NatureLogo, TeteJournal, TypeSession as TypeImprime};
use jiff::ZonedDateTime;
use jiff::civil::Date;
use metier::equipe::Intervenant;
use metier::programme::TypeSession;
use metier::{JureId, PersonneId, Session, SessionId, temps};
use std::collections::{BTreeMap, HashMap};
use stockage::annuaire::FicheJure;
use stockage::sites::{self, IdentiteCentre};
use stockage::{Base, Centre, Tete};

/// Lignes du journal relues au plus : bien au-delà de ce qu'une session en écrit.
const LIGNES_MAX: u64 = 100_000;

/// Ce que l'édition sait du centre et du passé de la session.
#[derive(Debug, Clone)]
pub struct Sources {
    pub(super) identite: IdentiteCentre,
    nom_centre: String,
    logo: Option<Logo>,
    acces_site: String,
    pub(super) agrement: String,
    pub(super) jures: HashMap<JureId, FicheJure>,
    pub(super) personnes: HashMap<PersonneId, String>,
    pub(super) traces: Vec<Trace>,
    pub(super) textes: BTreeMap<String, String>,
    pub(super) exige_ceres: bool,
}

/// Une ligne du journal, réduite à ce qu'une check-list imprime.
#[derive(Debug, Clone)]
pub(super) struct Trace {
    pub rang: u64,
    pub jour: Date,
    pub etiquette: String,
    pub qui: Option<PersonneId>,
}

impl Sources {
    /// Lit tout ce qu'il faut ; `nom_centre` sert si le centre n'a pas encore écrit son identité.
    pub async fn lire(
        base: &Base,
        centre: &Centre,
        nom_centre: &str,
        id: &SessionId,
        s: &Session,
    ) -> Result<Self, ErreurEdition> {
        let mut jures = HashMap::new();
        for m in &s.jury {
            if let Some(j) = stockage::annuaire::jure(base, centre, &m.membre.jure).await? {
                jures.insert(j.id, j.fiche);
            }
        }
        let acces_site = match &s.programme {
            Some(p) => sites::site(base, centre, &p.site.id)
                .await?
                .map(|x| x.fiche.acces)
                .unwrap_or_default(),
            None => String::new(),
        };
        let mut textes = stockage::papiers::textes_en_vigueur(base, centre).await?;
        let exige_ceres = textes.remove(stockage::papiers::OPTION_CERES).is_some();
        let agrement = agrement(base, centre, s).await?;
        let traces = stockage::journal(base, centre, id, 1, LIGNES_MAX)
            .await?
            .into_iter()
            .filter_map(|l| {
                let jour =
                    l.le.parse::<jiff::Timestamp>()
                        .ok()?
                        .to_zoned_datetime(temps::paris())
                        .date();
                Some(Trace {
                    rang: l.rang,
                    jour,
                    etiquette: l.etiquette,
                    qui: l.realise_par,
                })
            })
            .collect();
        Ok(Self {
            identite: sites::identite(base, centre).await?,
            logo: sites::logo(base, centre).await?.and_then(|l| {
                Some(Logo {
                    nature: nature_logo(&l.nature)?,
                    octets: l.octets,
                })
            }),
            nom_centre: nom_centre.to_owned(),
            acces_site,
            agrement,
            jures,
            traces,
            textes,
            exige_ceres,
            personnes: stockage::comptes::personnes(base, centre)
                .await?
                .into_iter()
                .map(|p| {
                    let n = p.nom_complet();
                    (p.id, n)
                })
                .collect(),
        })
    }

    /// L'en-tête de tous les papiers édités à cet instant, avec la tête du journal d'où ils sont tirés.
    pub fn entete(
        &self,
        s: &Session,
        tete: &Tete,
        maintenant: &ZonedDateTime,
    ) -> Result<Entete, ErreurEdition> {
        let p = s.programme.as_ref().ok_or_else(|| {
            ErreurEdition::refus(
                "Cette session n’existe pas encore. Créez-la depuis la liste des sessions.",
            )
        })?;
        let i = &self.identite;
        let centre = donnees::Centre {
            nom: texte(&i.nom).unwrap_or_else(|| self.nom_centre.clone()),
            adresse: adresse(&i.adresse, &i.code_postal, &i.ville),
            siret: texte(&i.siret),
            nda: texte(&i.nda),
            telephone: texte(&i.telephone),
            courriel: texte(&i.courriel),
            ville: texte(&i.ville),
            logo: self.logo.clone(),
        };
        let session = donnees::Session {
            titre: p.referentiel.intitule.clone(),
            sigle: p.referentiel.sigle.clone(),
            code_titre: p
                .referentiel
                .code_titre
                .as_ref()
                .map(|_| p.referentiel.code_complet()),
            type_session: match p.type_session {
                TypeSession::Titre => TypeImprime::Titre,
                TypeSession::Ccp => TypeImprime::Ccp,
                TypeSession::Ccs => TypeImprime::Ccs,
            },
            numero_ceres: p.numero_ceres.clone(),
            debut: Some(p.debut),
            fin: Some(p.fin),
            site: texte(&p.site.nom),
            adresse: [p.site.adresse.as_str(), self.acces_site.as_str()]
                .into_iter()
                .filter_map(texte)
                .collect(),
            responsable: s.equipe.responsable().map(intervenant),
            suppleant: s.equipe.suppleant().map(intervenant),
            nombre_candidats: u32::try_from(s.inscrits().count()).ok(),
        };
        let journal = Some(TeteJournal {
            rang: tete.rang,
            empreinte: tete.courte(),
        });
        Ok(Entete {
            centre,
            session,
            edite_le: maintenant.with_time_zone(temps::paris()).datetime(),
            journal,
            textes: self.textes.clone(),
            exige_ceres: self.exige_ceres,
        })
    }

    /// Le jour de la ligne de ce rang.
    pub(super) fn jour_du_rang(&self, rang: u64) -> Option<Date> {
        self.traces.iter().find(|t| t.rang == rang).map(|t| t.jour)
    }

    /// Qui joindre au centre ; rien : les coordonnées du centre s'impriment.
    pub(super) fn contact(&self) -> Option<donnees::Personne> {
        let nom = texte(&self.identite.contact)?;
        Some(donnees::Personne {
            nom,
            qualite: None,
            courriel: texte(&self.identite.courriel),
            telephone: texte(&self.identite.telephone),
            adresse: vec![],
        })
    }
}

/// Un membre de l'équipe, tel qu'il s'imprime.
pub(super) fn intervenant(i: &Intervenant) -> donnees::Personne {
    donnees::Personne {
        nom: i.nom.clone(),
        qualite: texte(&i.fonction),
        courriel: i.courriel.clone(),
        telephone: None,
        adresse: vec![],
    }
}

/// Un texte renseigné, ou rien.
pub(super) fn texte(t: &str) -> Option<String> {
    Some(t.trim().to_owned()).filter(|t| !t.is_empty())
}

/// « voie », « code postal commune ».
pub(super) fn adresse(voie: &str, code_postal: &str, ville: &str) -> Vec<String> {
    [voie.to_owned(), format!("{code_postal} {ville}")]
        .iter()
        .filter_map(|l| texte(l))
        .collect()
}

fn nature_logo(nature: &str) -> Option<NatureLogo> {
    match nature {
        "image/png" => Some(NatureLogo::Png),
        "image/jpeg" => Some(NatureLogo::Jpeg),
        "image/svg+xml" => Some(NatureLogo::Svg),
        _ => None,
    }
}

/// La référence de l'agrément du site pour ce titre, en vigueur le premier jour ; vide si elle n'est pas notée.
async fn agrement(base: &Base, centre: &Centre, s: &Session) -> Result<String, ErreurEdition> {
    let Some(p) = &s.programme else {
        return Ok(String::new());
    };
    Ok(sites::agrements(base, centre, &p.site.id)
        .await?
        .into_iter()
        .find(|x| {
            p.referentiel.cle.starts_with(&x.fiche.titre)
                && x.fiche.debut <= p.debut
                && p.debut <= x.fiche.fin
        })
        .map(|x| x.fiche.reference)
        .unwrap_or_default())
}
