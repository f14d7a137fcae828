//! Les sceaux : à un instant, la tête de chaque flux qui a avancé, hachée à la suite du sceau précédent.
//!
//! Une chaîne ne voit pas disparaître ses dernières lignes ; un sceau, si. Il vaut d'autant plus qu'il sort
//! du bâtiment (imprimé, envoyé) ou qu'il est signé par une clé gardée hors de la base.

use sha2::{Digest, Sha256};

use crate::base::{Base, Ligne, Requete, Resultat};
use crate::journal::{LONGUEUR, hexa};
use crate::valeurs;
use crate::verifier::Rapport;

/// Un sceau posé.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sceau {
    /// Son rang.
    pub rang: u64,
    /// L'instant.
    pub le: String,
    /// Combien de flux ont avancé depuis le précédent.
    pub flux: u64,
    /// Son empreinte, en hexadécimal.
    pub empreinte: String,
}

/// Une signature de l'empreinte d'un sceau : clé publique et signature.
pub type Signature = (Vec<u8>, Vec<u8>);

fn empreinte(rang: u64, le: &str, precedente: &[u8], tetes: &[(String, u64, Vec<u8>)]) -> Vec<u8> {
    let mut texte = format!("garant sceau v1\n{rang}\n{le}\n{}\n", hexa(precedente));
    for (flux, rang, empreinte) in tetes {
        texte.push_str(&format!("{flux} {rang} {}\n", hexa(empreinte)));
    }
    Sha256::digest(texte.as_bytes()).to_vec()
}

fn lire_tete(ligne: &Ligne) -> Resultat<(String, u64, Vec<u8>)> {
    Ok((ligne.texte(0)?, ligne.naturel(1)?, ligne.octets(2)?))
}

/// Pose un sceau, signé si `signer` sait le faire ; rien si aucun flux n'a avancé.
pub async fn sceller(
    base: &Base,
    le: &str,
    signer: impl Fn(&[u8]) -> Option<Signature> + Send,
) -> Resultat<Option<Sceau>> {
    let sql = "SELECT j.flux, j.rang, j.empreinte FROM journal j
               JOIN (SELECT flux, MAX(rang) AS rang FROM journal GROUP BY flux) t ON t.flux = j.flux AND t.rang = j.rang
               WHERE t.rang > COALESCE((SELECT MAX(s.rang) FROM sceau_tete s WHERE s.flux = t.flux), 0)
               ORDER BY j.flux";
    let tetes: Vec<_> = base
        .lire(sql, &[])
        .await?
        .iter()
        .map(lire_tete)
        .collect::<Resultat<_>>()?;
    if tetes.is_empty() {
        return Ok(None);
    }
    let dernier = base
        .lire_une(
            "SELECT rang, empreinte FROM sceau ORDER BY rang DESC LIMIT 1",
            &[],
        )
        .await?;
    let (rang, precedente) = match dernier {
        Some(ligne) => (ligne.naturel(0)? + 1, ligne.octets(1)?),
        None => (1, vec![0; LONGUEUR]),
    };
    let empreinte = empreinte(rang, le, &precedente, &tetes);
    let (cle, signature) = signer(&empreinte).unzip();
    let mut requetes = vec![Requete::new(
        "INSERT INTO sceau (rang, le, precedente, empreinte, cle, signature) VALUES ($1, $2, $3, $4, $5, $6)",
        valeurs![rang, le, precedente, empreinte.clone(), cle, signature],
    )];
    for (flux, tete, valeur) in &tetes {
        requetes.push(Requete::new(
            "INSERT INTO sceau_tete (flux, rang, empreinte, sceau) VALUES ($1, $2, $3, $4)",
            valeurs![flux, *tete, valeur.clone(), rang],
        ));
    }
    base.transaction(requetes).await?;
    Ok(Some(Sceau {
        rang,
        le: le.to_owned(),
        flux: tetes.len() as u64,
        empreinte: hexa(&empreinte),
    }))
}

/// Contrôle la suite des sceaux, et que chaque tête scellée est encore à sa place dans le journal.
pub(crate) async fn verifier_sceaux(base: &Base, rapport: &mut Rapport) -> Resultat<()> {
    let mut precedente = vec![0; LONGUEUR];
    let sceaux = base
        .lire(
            "SELECT rang, le, precedente, empreinte FROM sceau ORDER BY rang",
            &[],
        )
        .await?;
    for (i, sceau) in sceaux.iter().enumerate() {
        rapport.sceaux += 1;
        let rang = sceau.naturel(0)?;
        let sql = "SELECT flux, rang, empreinte FROM sceau_tete WHERE sceau = $1 ORDER BY flux";
        let tetes = base.lire(sql, &valeurs![rang]).await?;
        let tetes: Vec<_> = tetes.iter().map(lire_tete).collect::<Resultat<_>>()?;
        let attendue = empreinte(rang, sceau.texte_ref(1)?, &precedente, &tetes);
        if rang != i as u64 + 1 || sceau.octets(2)? != precedente || sceau.octets(3)? != attendue {
            rapport.signaler(
                "sceaux",
                Some(rang),
                None,
                "le sceau n'est plus tel qu'il a été posé",
            );
        }
        precedente = sceau.octets(3)?;
    }
    let manquantes = "SELECT s.flux, s.rang, s.empreinte FROM sceau_tete s
                      LEFT JOIN journal j ON j.flux = s.flux AND j.rang = s.rang
                      WHERE j.rang IS NULL OR j.empreinte <> s.empreinte ORDER BY s.flux, s.rang";
    for ligne in base.lire(manquantes, &[]).await? {
        let (flux, rang, _) = lire_tete(&ligne)?;
        rapport.signaler(
            &flux,
            Some(rang),
            None,
            "la ligne scellée n'est plus au journal, ou n'est plus la même",
        );
    }
    let sql = "SELECT COUNT(*) FROM journal j
               WHERE j.rang > COALESCE((SELECT MAX(s.rang) FROM sceau_tete s WHERE s.flux = j.flux), 0)";
    rapport.non_couvertes = base
        .lire_une(sql, &[])
        .await?
        .map_or(Ok(0), |ligne| ligne.naturel(0))?;
    Ok(())
}
