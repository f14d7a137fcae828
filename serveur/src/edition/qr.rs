//! Le code QR de la tête du journal : le papier signé qui sort du bâtiment dit d'où il vient, et se relit au téléphone.

use documents::Document as Papier;
use documents::donnees::Entete;
use qrcode::{Color, EcLevel, QrCode};

/// Remplit le code QR des papiers qui en demandent un (une chaîne vide) ; sans tête de journal, il n'y en a pas.
pub(super) fn poser(entete: &Entete, papiers: &mut [Papier]) {
    for p in papiers {
        if let Papier::Releve(r) = p
            && r.qr.is_some()
        {
            r.qr = entete
                .journal
                .as_ref()
                .and_then(|j| modules(&texte(j.rang, &j.empreinte)));
        }
    }
}

/// Ce que le code dit : de quoi situer la tête dans un dossier de contrôle.
fn texte(rang: u64, empreinte: &str) -> String {
    let serree: String = empreinte.chars().filter(|c| !c.is_whitespace()).collect();
    format!("GARANT {rang} {serree}")
}

/// Les modules, ligne par ligne : « 1 » noir, « 0 » blanc, lignes séparées par un saut.
fn modules(texte: &str) -> Option<String> {
    let code = QrCode::with_error_correction_level(texte.as_bytes(), EcLevel::Q).ok()?;
    let largeur = code.width();
    let lignes: Vec<String> = code
        .to_colors()
        .chunks(largeur)
        .map(|l| {
            l.iter()
                .map(|c| if *c == Color::Dark { '1' } else { '0' })
                .collect()
        })
        .collect();
    Some(lignes.join("\n"))
}

#[cfg(test)]
mod essais {
    use super::*;

    #[test]
    fn le_code_est_un_carre_avec_ses_trois_reperes() {
        let m = modules(&texte(87, "7f3a 9c01 e4d2 55b8")).unwrap();
        let lignes: Vec<&str> = m.lines().collect();
        assert!(lignes.iter().all(|l| l.len() == lignes.len()));
        assert!(lignes[0].starts_with("1111111") && lignes[0].ends_with("1111111"));
        assert!(lignes[lignes.len() - 1].starts_with("1111111"));
        assert_eq!(texte(87, "7f3a 9c01"), "GARANT 87 7f3a9c01");
    }
}
