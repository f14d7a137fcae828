//! La vérification : tout relire, tout recalculer, et nommer ce qui ne va pas.
//!
//! Compte tenu des purges (un contenu purgé par un événement n'est pas une altération) et des sceaux (une
//! queue effacée se voit si un sceau, ou un papier, en connaissait la tête).

use std::collections::{BTreeMap, BTreeSet};

use crate::base::{Base, Erreur, Resultat};
use crate::centre::Centre;
use crate::journal::{self, Contenu, Defaut, LigneStockee, Tete, empreinte_des_octets, hexa};
use crate::journal_centre::CLASSE_DU_CENTRE;
use crate::purge::PurgesDuCentre;
use crate::sessions::{self, ETIQUETTE_PURGE, flux_de};
use crate::valeurs;

const LIGNES_PAR_LECTURE: u64 = 500;

/// Quelque chose n'est plus comme il a été écrit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alteration {
    /// Le flux : « {centre}/{session} » ou « {centre}/centre ».
    pub flux: String,
    /// Le rang de la ligne, s'il s'agit d'une ligne.
    pub rang: Option<u64>,
    /// La pièce, s'il s'agit d'une pièce.
    pub piece: Option<String>,
    /// Ce qui ne va pas.
    pub quoi: String,
}

impl std::fmt::Display for Alteration {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.flux)?;
        if let Some(rang) = self.rang {
            write!(f, ", rang {rang}")?;
        }
        if let Some(piece) = &self.piece {
            write!(f, ", pièce {piece}")?;
        }
        write!(f, " : {}", self.quoi)
    }
}

/// Ce que la vérification a vu.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rapport {
    /// Flux parcourus.
    pub flux: u64,
    /// Lignes relues.
    pub lignes: u64,
    /// Contenus purgés dans les règles.
    pub purges: u64,
    /// Pièces relues.
    pub pieces: u64,
    /// Sceaux relus.
    pub sceaux: u64,
    /// Lignes qu'aucun sceau ne couvre encore : leur effacement en queue ne se verrait que sur un papier.
    pub non_couvertes: u64,
    /// Ce qui ne va pas ; vide si tout est intact.
    pub alterations: Vec<Alteration>,
}

impl Rapport {
    /// Vrai si rien n'est altéré.
    pub fn est_intact(&self) -> bool {
        self.alterations.is_empty()
    }

    pub(crate) fn signaler(
        &mut self,
        flux: &str,
        rang: Option<u64>,
        piece: Option<&str>,
        quoi: impl Into<String>,
    ) {
        let (flux, piece) = (flux.to_owned(), piece.map(str::to_owned));
        self.alterations.push(Alteration {
            flux,
            rang,
            piece,
            quoi: quoi.into(),
        });
    }
}

/// Vérifie toute la base.
pub async fn verifier(base: &Base) -> Resultat<Rapport> {
    let mut rapport = Rapport::default();
    if base.est_sqlite() {
        for ligne in base.lire("PRAGMA integrity_check(20)", &[]).await? {
            let dit = ligne.texte(0)?;
            if dit != "ok" {
                rapport.signaler("base", None, None, dit);
            }
        }
    }
    let sql = "SELECT flux FROM journal UNION SELECT flux FROM contenu UNION SELECT flux FROM piece
               UNION SELECT flux FROM sceau_tete ORDER BY 1";
    for ligne in base.lire(sql, &[]).await? {
        verifier_un_flux(base, &ligne.texte(0)?, &mut rapport).await?;
    }
    crate::sceau::verifier_sceaux(base, &mut rapport).await?;
    Ok(rapport)
}

/// Vérifie le journal d'une seule session.
pub async fn verifier_session(
    base: &Base,
    centre: &Centre,
    session: &metier::SessionId,
) -> Resultat<Rapport> {
    let mut rapport = Rapport::default();
    verifier_un_flux(base, &flux_de(centre, session)?, &mut rapport).await?;
    Ok(rapport)
}

/// Le rang de la ligne dont l'empreinte commence ainsi : situe la tête imprimée sur un papier.
pub async fn situer(
    base: &Base,
    centre: &Centre,
    session: &metier::SessionId,
    lue: &str,
) -> Resultat<Option<u64>> {
    let lue: String = lue
        .chars()
        .filter(|c| !c.is_whitespace())
        .collect::<String>()
        .to_lowercase();
    if lue.len() < 8 {
        return Ok(None);
    }
    let sql = "SELECT rang, empreinte FROM journal WHERE flux = $1 ORDER BY rang DESC";
    for ligne in base.lire(sql, &valeurs![flux_de(centre, session)?]).await? {
        if hexa(&ligne.octets(1)?).starts_with(&lue) {
            return ligne.naturel(0).map(Some);
        }
    }
    Ok(None)
}

/// Ce que l'on apprend d'un flux en le parcourant.
#[derive(Default)]
struct Parcours {
    purges_annoncees: BTreeSet<u64>,
    purges_vues: BTreeSet<u64>,
    pieces_purgees: BTreeSet<String>,
    pieces_annoncees: BTreeMap<String, String>,
}

impl Parcours {
    fn noter(&mut self, ligne: &LigneStockee, classe: Option<&str>, rapport: &mut Rapport) {
        if classe_attendue(ligne).is_some_and(|attendue| classe != Some(attendue)) {
            rapport.signaler(
                &ligne.flux,
                Some(ligne.rang),
                None,
                "la classe de conservation n'est pas celle de l'événement",
            );
        }
        let Some(json) = ligne.json() else { return };
        let Ok(contenu) = serde_json::from_str::<serde_json::Value>(json) else {
            rapport.signaler(
                &ligne.flux,
                Some(ligne.rang),
                None,
                "le contenu n'est pas lisible",
            );
            return;
        };
        if let Some(pieces) = contenu.get("pieces").and_then(|p| p.as_object()) {
            let pieces = pieces
                .iter()
                .filter_map(|(id, e)| Some((id.clone(), e.as_str()?.to_owned())));
            self.pieces_annoncees.extend(pieces);
        }
        if ligne.etiquette == ETIQUETTE_PURGE {
            let rangs = contenu
                .pointer("/evenement/detail/rangs")
                .and_then(|r| r.as_array());
            self.purges_annoncees
                .extend(rangs.into_iter().flatten().filter_map(|r| r.as_u64()));
            let pieces = contenu
                .pointer("/evenement/detail/pieces")
                .and_then(|p| p.as_array());
            self.pieces_purgees.extend(
                pieces
                    .into_iter()
                    .flatten()
                    .filter_map(|p| Some(p.as_str()?.to_owned())),
            );
        }
    }
}

/// La classe que l'événement donne à son contenu, s'il est lisible.
fn classe_attendue(ligne: &LigneStockee) -> Option<&'static str> {
    if ligne.flux.ends_with("/centre") {
        return ligne.json().map(|_| CLASSE_DU_CENTRE);
    }
    sessions::contenu(ligne)
        .ok()
        .flatten()
        .map(|contenu| contenu.evenement.classe())
}

async fn verifier_un_flux(base: &Base, flux: &str, rapport: &mut Rapport) -> Resultat<()> {
    let (mut tete, mut depuis) = (Tete::vide(), i64::MIN);
    let mut parcours = Parcours::default();
    rapport.flux += 1;
    loop {
        let lues = lignes_brutes(base, flux, depuis).await?;
        for lue in &lues {
            rapport.lignes += 1;
            let (ligne, classe) = match lue {
                Ok((ligne, classe)) => (ligne, classe.as_deref()),
                Err((rang, erreur)) => {
                    let rang_suivant = u64::try_from(*rang).ok();
                    rapport.signaler(
                        flux,
                        rang_suivant,
                        None,
                        format!("la ligne n'est pas lisible ({erreur})"),
                    );
                    depuis = rang.saturating_add(1);
                    continue;
                }
            };
            if let Some(defaut) = ligne.defaut(&tete) {
                rapport.signaler(flux, Some(ligne.rang), None, defaut.to_string());
                // Après un trou, la suite se juge encore : sur l'empreinte et le contenu.
                if matches!(defaut, Defaut::Trou { .. } | Defaut::Chaine) {
                    let avant = Tete {
                        rang: ligne.rang.wrapping_sub(1),
                        empreinte: hexa(&ligne.precedente),
                    };
                    if let Some(autre) = ligne.defaut(&avant) {
                        rapport.signaler(flux, Some(ligne.rang), None, autre.to_string());
                    }
                }
            }
            if matches!(ligne.contenu, Contenu::Purge { .. }) {
                parcours.purges_vues.insert(ligne.rang);
            }
            parcours.noter(ligne, classe, rapport);
            tete = ligne.tete();
            depuis = i64::try_from(ligne.rang).unwrap_or(i64::MAX - 1) + 1;
        }
        if (lues.len() as u64) < LIGNES_PAR_LECTURE {
            break;
        }
        tokio::task::yield_now().await;
    }
    controler_purges(flux, &parcours, rapport);
    let orphelins =
        "SELECT c.rang FROM contenu c LEFT JOIN journal j ON j.flux = c.flux AND j.rang = c.rang
                     WHERE c.flux = $1 AND j.rang IS NULL ORDER BY c.rang";
    for ligne in base.lire(orphelins, &valeurs![flux]).await? {
        rapport.signaler(
            flux,
            u64::try_from(ligne.entier(0)?).ok(),
            None,
            "un contenu sans ligne de journal",
        );
    }
    verifier_pieces(base, flux, &parcours, rapport).await
}

/// Une ligne et la classe de son contenu ; illisible (un type changé), elle garde au moins son rang.
type LigneLue = Result<(LigneStockee, Option<String>), (i64, Erreur)>;

async fn lignes_brutes(base: &Base, flux: &str, depuis: i64) -> Resultat<Vec<LigneLue>> {
    let sql = "SELECT j.flux, j.rang, j.acte, j.le, j.saisi_par, j.type, j.engagement, j.precedente, j.empreinte,
                      c.sel, c.json, c.purge_le, c.classe
               FROM journal j LEFT JOIN contenu c ON c.flux = j.flux AND c.rang = j.rang
               WHERE j.flux = $1 AND j.rang >= $2 ORDER BY j.rang LIMIT $3";
    let lues = base
        .lire(sql, &valeurs![flux, depuis, LIGNES_PAR_LECTURE])
        .await?;
    let relire = |ligne: &crate::Ligne| {
        let relue =
            LigneStockee::from_ligne(ligne).and_then(|relue| Ok((relue, ligne.texte_option(12)?)));
        relue.map_err(|erreur| (ligne.entier(1).unwrap_or(i64::MAX - 1), erreur))
    };
    Ok(lues.iter().map(relire).collect())
}

fn controler_purges(flux: &str, parcours: &Parcours, rapport: &mut Rapport) {
    for rang in &parcours.purges_vues {
        if parcours.purges_annoncees.contains(rang) {
            rapport.purges += 1;
        } else {
            rapport.signaler(
                flux,
                Some(*rang),
                None,
                "le contenu est purgé sans qu'aucun événement ne le dise",
            );
        }
    }
    for rang in parcours.purges_annoncees.difference(&parcours.purges_vues) {
        rapport.signaler(
            flux,
            Some(*rang),
            None,
            "le contenu est dit purgé, mais il est encore là",
        );
    }
}

async fn verifier_pieces(
    base: &Base,
    flux: &str,
    parcours: &Parcours,
    rapport: &mut Rapport,
) -> Resultat<()> {
    let purges = PurgesDuCentre::lire(base, flux).await?;
    let (mut derniere, mut vues) = (String::new(), BTreeSet::new());
    loop {
        // Une à une : une pièce peut être lourde.
        let sql = "SELECT id, empreinte, octets, purge_le, taille FROM piece WHERE flux = $1 AND id > $2 ORDER BY id LIMIT 8";
        let lues = base.lire(sql, &valeurs![flux, derniere.as_str()]).await?;
        if lues.is_empty() {
            break;
        }
        for ligne in lues {
            rapport.pieces += 1;
            derniere = ligne.texte(0)?;
            let (empreinte, octets) = (ligne.octets(1)?, ligne.octets_option(2)?);
            let mut signaler = |quoi: &str| rapport.signaler(flux, None, Some(&derniere), quoi);
            match octets {
                Some(octets) if empreinte_des_octets(&octets)[..] != empreinte[..] => {
                    signaler("les octets ne correspondent plus à l'empreinte");
                }
                None if !purges.pieces.contains(&derniere)
                    && !parcours.pieces_purgees.contains(&derniere) =>
                {
                    signaler("les octets manquent sans avoir été purgés")
                }
                Some(_) if parcours.pieces_purgees.contains(&derniere) => {
                    signaler("la pièce est dite purgée, mais ses octets sont encore là")
                }
                _ => {}
            }
            match parcours.pieces_annoncees.get(&derniere) {
                Some(annoncee) if *annoncee != hexa(&empreinte) => {
                    signaler("l'empreinte n'est pas celle que le journal a retenue");
                }
                None if parcours.purges_vues.is_empty() => {
                    signaler("le journal ne connaît pas cette pièce")
                }
                _ => {}
            }
            vues.insert(derniere.clone());
        }
        tokio::task::yield_now().await;
    }
    for manquante in parcours
        .pieces_annoncees
        .keys()
        .filter(|id| !vues.contains(*id))
    {
        rapport.signaler(flux, None, Some(manquante), "la pièce a disparu");
    }
    Ok(())
}

/// La tête du journal d'un flux, pour qui l'a sous la main.
pub async fn tete(base: &Base, centre: &Centre, session: &metier::SessionId) -> Resultat<Tete> {
    journal::tete(base, &flux_de(centre, session)?).await
}
