//! L'émargement d'un candidat : sur papier, ou dessiné sur l'écran. Un dessin est un élément de preuve, pas une
//! signature électronique présumée fiable : l'original du procès-verbal se signe toujours sur papier.
//!
//! Le navigateur envoie des traits (des points) ; le dessin se fait ici : rien d'autre que des nombres n'entre.

use crate::acces::{AccesSession, Geste};
use crate::erreurs::{Erreur, Reponse};
use crate::formulaires::nouvel_identifiant;
use crate::pages::session::geste::Champs;
use axum::extract::Path;
use axum::http::{HeaderValue, header};
use axum::response::IntoResponse;
use metier::jour::{self, Signature};
use metier::{Action, Constat, PieceId};
use std::collections::HashMap;
use std::fmt::Write;
use stockage::PieceNouvelle;

/// Largeur et hauteur du cadre où l'on signe.
const CADRE: (u32, u32) = (600, 200);
/// Points d'une signature au plus.
const POINTS_MAX: usize = 4_000;
/// Points au moins : moins, c'est un contact, pas une signature.
const POINTS_MIN: usize = 8;
/// Type de contenu d'un dessin.
const SVG: &str = "image/svg+xml";

/// Enregistre l'émargement.
pub async fn signer(a: &AccesSession, c: &Champs) -> Result<Geste, Erreur> {
    let candidat = c.identifiant("candidat").ok_or(Erreur::Introuvable)?;
    let survenu = match c.survenu(a) {
        Ok(survenu) => survenu,
        Err(refus) => return Ok(Err(refus)),
    };
    let (signature, pieces) = match c.un("moyen") {
        "papier" => (Signature::Papier, vec![]),
        "dessin" => {
            let Some(svg) = dessiner(c.un("traits")) else {
                return Ok(Err(Constat::saisie(
                    "traits",
                    "La signature est vide ou ne se lit pas.",
                    "Signez dans le cadre, ou faites signer sur papier.",
                )
                .into()));
            };
            let piece = PieceNouvelle {
                id: nouvel_identifiant(),
                classe: "candidat".into(),
                nom: "Signature d’émargement.svg".into(),
                nature: SVG.into(),
                octets: svg.into_bytes(),
            };
            let signature = Signature::Dessin {
                piece: piece.id.clone(),
                empreinte: piece.empreinte(),
            };
            (signature, vec![piece])
        }
        _ => return Err(Erreur::Introuvable),
    };
    let action = Action::Jour(jour::Action::Signer {
        candidat,
        signature,
        survenu,
    });
    a.executer_avec_pieces(&c.communs(), action, &pieces).await
}

/// « 10,20 11,22;40,50 41,52 » : des traits, des points dans le cadre. Rien si ce n'est pas une signature.
fn dessiner(traits: &str) -> Option<String> {
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {} {}\" fill=\"none\" stroke=\"#1d1b20\" stroke-width=\"3\" stroke-linecap=\"round\" stroke-linejoin=\"round\">",
        CADRE.0, CADRE.1
    );
    let mut points = 0;
    for t in traits.split(';').filter(|t| !t.is_empty()) {
        let mut chemin = String::new();
        for p in t.split(' ').filter(|p| !p.is_empty()) {
            let (x, y) = p.split_once(',')?;
            let (x, y): (u32, u32) = (x.parse().ok()?, y.parse().ok()?);
            points += 1;
            if x > CADRE.0 || y > CADRE.1 || points > POINTS_MAX {
                return None;
            }
            let lettre = if chemin.is_empty() { 'M' } else { 'L' };
            write!(chemin, "{lettre}{x} {y}").ok()?;
        }
        write!(svg, "<path d=\"{chemin}\"/>").ok()?;
    }
    svg.push_str("</svg>");
    (points >= POINTS_MIN).then_some(svg)
}

/// GET /sessions/{session}/jour/signature/{piece} : le dessin, tel quel.
pub async fn servir(a: AccesSession, Path(chemin): Path<HashMap<String, String>>) -> Reponse {
    let id: PieceId = chemin
        .get("piece")
        .and_then(|p| p.parse().ok())
        .filter(|p| {
            a.session
                .jour
                .signatures
                .values()
                .any(|(s, _)| matches!(s, Signature::Dessin { piece, .. } if piece == p))
        })
        .ok_or(Erreur::Introuvable)?;
    let piece = stockage::piece(&a.acces.etat.base, &a.acces.centre, &a.id, &id)
        .await?
        .ok_or(Erreur::Introuvable)?;
    let mut r = piece.octets.ok_or(Erreur::Introuvable)?.into_response();
    let entetes = r.headers_mut();
    entetes.insert(header::CONTENT_TYPE, HeaderValue::from_static(SVG));
    entetes.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(r)
}

#[cfg(test)]
mod essais {
    use super::*;

    #[test]
    fn des_traits_deviennent_un_dessin_et_rien_d_autre_n_entre() {
        let trait_ = "1,1 2,2 3,3 4,4;10,10 11,11 12,12 13,13";
        let svg = dessiner(trait_).unwrap();
        assert!(svg.contains("M1 1L2 2") && svg.matches("<path").count() == 2);
        for mauvais in [
            "",
            "1,1",
            "1,1 2,2",
            "601,1 2,2 3,3 4,4 5,5 6,6 7,7 8,8",
            "1,1\"/><script> 2,2 3,3 4,4 5,5 6,6 7,7 8,8",
            "-1,1 2,2 3,3 4,4 5,5 6,6 7,7 8,8",
        ] {
            assert_eq!(dessiner(mauvais), None, "{mauvais}");
        }
        let trop = (0..=POINTS_MAX)
            .map(|_| "1,1")
            .collect::<Vec<_>>()
            .join(" ");
        assert_eq!(dessiner(&trop), None);
    }
}
