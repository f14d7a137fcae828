//! Le logo du centre : PNG ou JPEG, reconnu à ses octets, jamais à son nom.

use super::super::controle::apres;
use super::montrer;
use crate::acces::Acces;
use crate::erreurs::{Erreur, Reponse};
use crate::formulaires::{ChampsCommuns, ErreursFormulaire, Formulaire};
use axum::extract::Multipart;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use stockage::sites::{self, Logo};

/// Taille du logo.
const LOGO_MAX_OCTETS: usize = 500 * 1000;
/// Largeur et hauteur du logo, en pixels.
const LOGO_MAX_PIXELS: u32 = 4_000;

/// GET /centre/logo
pub(super) async fn image(acces: Acces) -> Reponse {
    let logo = sites::logo(&acces.etat.base, &acces.centre)
        .await?
        .ok_or(Erreur::Introuvable)?;
    let entetes = [
        (header::CONTENT_TYPE, logo.nature),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    Ok((entetes, logo.octets).into_response())
}

/// POST /centre/logo
pub(super) async fn remplacer(acces: Acces, mut envoi: Multipart) -> Reponse {
    let illisible = || Erreur::Illisible("L’envoi n’est pas complet.".into());
    let mut communs = ChampsCommuns::default();
    let mut octets = Vec::new();
    while let Some(champ) = envoi.next_field().await.map_err(|_| illisible())? {
        match champ.name() {
            Some("acte") => communs.acte = champ.text().await.map_err(|_| illisible())?,
            Some("logo") => octets = champ.bytes().await.map_err(|_| illisible())?.to_vec(),
            _ => {}
        }
    }
    match reconnaitre(&octets) {
        Ok(nature) => {
            let logo = Logo {
                nature: nature.to_owned(),
                octets,
            };
            let auteur = acces.auteur(&communs);
            let changement =
                sites::corriger_logo(&acces.etat.base, &acces.centre, Some(&logo), &auteur).await?;
            Ok(apres("/centre", changement))
        }
        Err(phrase) => {
            let mut erreurs = ErreursFormulaire::default();
            erreurs.ajouter("logo", phrase);
            montrer(&acces, StatusCode::UNPROCESSABLE_ENTITY, erreurs).await
        }
    }
}

/// POST /centre/logo/retrait
pub(super) async fn retirer(
    acces: Acces,
    Formulaire(communs): Formulaire<ChampsCommuns>,
) -> Reponse {
    let auteur = acces.auteur(&communs);
    let changement = sites::corriger_logo(&acces.etat.base, &acces.centre, None, &auteur).await?;
    Ok(apres("/centre", changement))
}

/// Le type de l'image, lu dans ses octets ; sinon la phrase à montrer.
fn reconnaitre(octets: &[u8]) -> Result<&'static str, String> {
    if octets.is_empty() {
        return Err("Choisissez une image PNG ou JPEG sur votre poste.".into());
    }
    if octets.len() > LOGO_MAX_OCTETS {
        return Err(format!(
            "Cette image pèse {} ko : réduisez-la à 500 ko au plus.",
            octets.len().div_ceil(1000)
        ));
    }
    let (nature, taille) = if octets.starts_with(b"\x89PNG\r\n\x1a\n") {
        ("image/png", taille_png(octets))
    } else if octets.starts_with(&[0xff, 0xd8, 0xff]) {
        ("image/jpeg", taille_jpeg(octets))
    } else {
        return Err("Ce fichier n’est ni un PNG ni un JPEG : enregistrez votre logo dans l’un de ces deux formats.".into());
    };
    match taille {
        None => Err(
            "Cette image est abîmée : enregistrez-la de nouveau depuis un logiciel de dessin."
                .into(),
        ),
        Some((largeur, hauteur)) if largeur > LOGO_MAX_PIXELS || hauteur > LOGO_MAX_PIXELS => {
            Err(format!(
                "Cette image mesure {largeur} × {hauteur} pixels : réduisez-la à {LOGO_MAX_PIXELS} au plus de chaque côté."
            ))
        }
        Some((0, _) | (_, 0)) => Err("Cette image est vide : choisissez-en une autre.".into()),
        Some(_) => Ok(nature),
    }
}

fn taille_png(octets: &[u8]) -> Option<(u32, u32)> {
    let entier = |i: usize| {
        octets
            .get(i..i + 4)
            .and_then(|o| o.try_into().ok())
            .map(u32::from_be_bytes)
    };
    (octets.get(12..16)? == b"IHDR" && octets.ends_with(b"IEND\xae\x42\x60\x82")).then_some(())?;
    Some((entier(16)?, entier(20)?))
}

fn taille_jpeg(octets: &[u8]) -> Option<(u32, u32)> {
    let mut i = 2;
    loop {
        let [0xff, marque] = *octets.get(i..i + 2)? else {
            return None;
        };
        if marque == 0xff {
            i += 1;
            continue;
        }
        let longueur = usize::from(u16::from_be_bytes(
            octets.get(i + 2..i + 4)?.try_into().ok()?,
        ));
        // Les marques SOF portent la taille ; C4, C8 et CC n'en sont pas.
        if (0xc0..=0xcf).contains(&marque) && ![0xc4, 0xc8, 0xcc].contains(&marque) {
            let cote = |d: usize| {
                octets
                    .get(i + d..i + d + 2)
                    .and_then(|o| o.try_into().ok())
                    .map(u16::from_be_bytes)
            };
            return Some((u32::from(cote(7)?), u32::from(cote(5)?)));
        }
        i += 2 + longueur.max(2);
    }
}

#[cfg(test)]
mod essais {
    use super::*;

    fn png(largeur: u32, hauteur: u32) -> Vec<u8> {
        let mut o = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
        o.extend(largeur.to_be_bytes());
        o.extend(hauteur.to_be_bytes());
        o.extend(b"\x08\x06\0\0\0\0\0\0\0\0\0\0\0IEND\xae\x42\x60\x82");
        o
    }

    #[test]
    fn une_image_se_reconnait_a_ses_octets() {
        assert_eq!(reconnaitre(&png(120, 40)), Ok("image/png"));
        let jpeg = [
            0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0, 0xff, 0xc0, 0, 11, 8, 0, 40, 0, 120, 1, 1, 0x11, 0,
        ];
        assert_eq!(reconnaitre(&jpeg), Ok("image/jpeg"));
    }

    #[test]
    fn tout_autre_fichier_recoit_une_phrase() {
        for mauvais in [
            &b""[..],
            b"GIF89a",
            b"<svg onload=alert(1)>",
            b"\x89PNG\r\n\x1a\n",
            b"\xff\xd8\xff",
        ] {
            assert!(reconnaitre(mauvais).is_err());
        }
        assert!(reconnaitre(&png(90_000, 1)).unwrap_err().contains("pixels"));
        let mut lourde = png(10, 10);
        lourde.resize(LOGO_MAX_OCTETS + 1, 0);
        assert!(reconnaitre(&lourde).unwrap_err().contains("500 ko"));
    }
}
