//! L'adresse privée de l'agenda d'une personne : un jeton dont seule l'empreinte est gardée, révocable.

use crate::base::{Base, Requete, Resultat};
use crate::comptes::{empreinte_du_jeton, lire_roles};
use crate::{Centre, Erreur, valeurs};
use metier::{PersonneId, Role};

/// À qui est un agenda.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lecteur {
    /// Le centre.
    pub centre: Centre,
    /// La personne.
    pub personne: PersonneId,
    /// Ses rôles dans le centre.
    pub roles: Vec<Role>,
    /// Centre d'exemple ?
    pub exemple: bool,
}

/// Ouvre l'agenda de cette personne ; l'adresse d'avant, s'il y en avait une, ne vaut plus rien.
pub async fn ouvrir(
    base: &Base,
    centre: &Centre,
    personne: &PersonneId,
    jeton: &str,
    le: &str,
) -> Resultat<()> {
    let requete = Requete::new(
        "INSERT INTO agenda (centre, personne, empreinte, cree_le) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (centre, personne) DO UPDATE SET empreinte = excluded.empreinte, cree_le = excluded.cree_le",
        valeurs![centre, personne.as_str(), empreinte_du_jeton(jeton), le],
    );
    base.transaction(vec![requete]).await.map(|_| ())
}

/// Ferme l'agenda de cette personne.
pub async fn fermer(base: &Base, centre: &Centre, personne: &PersonneId) -> Resultat<()> {
    let requete = Requete::new(
        "DELETE FROM agenda WHERE centre = $1 AND personne = $2",
        valeurs![centre, personne.as_str()],
    );
    base.transaction(vec![requete]).await.map(|_| ())
}

/// Depuis quand (RFC 3339) cette personne a un agenda ; rien si elle n'en a pas.
pub async fn ouvert_le(
    base: &Base,
    centre: &Centre,
    personne: &PersonneId,
) -> Resultat<Option<String>> {
    base.lire_une(
        "SELECT cree_le FROM agenda WHERE centre = $1 AND personne = $2",
        &valeurs![centre, personne.as_str()],
    )
    .await?
    .map(|l| l.texte(0))
    .transpose()
}

/// À qui est ce jeton ; rien s'il est révoqué, ou si le compte est fermé.
pub async fn lecteur(base: &Base, jeton: &str) -> Resultat<Option<Lecteur>> {
    let ligne = base
        .lire_une(
            "SELECT a.centre, a.personne, c.roles, e.exemple FROM agenda a \
             JOIN compte c ON c.centre = a.centre AND c.personne = a.personne \
             JOIN centre e ON e.id = a.centre WHERE a.empreinte = $1 AND c.actif = 1",
            &valeurs![empreinte_du_jeton(jeton)],
        )
        .await?;
    ligne
        .map(|l| {
            Ok(Lecteur {
                centre: Centre::new(l.texte(0)?),
                personne: l
                    .texte_ref(1)?
                    .parse()
                    .map_err(|_| Erreur::Altere("personne".into()))?,
                roles: lire_roles(l.texte_ref(2)?),
                exemple: l.booleen(3)?,
            })
        })
        .transpose()
}

#[cfg(test)]
mod essais {
    use super::*;
    use crate::comptes::{NouveauCentre, Personne, creer_centre};
    use crate::essais::sur_les_deux_bases;

    #[test]
    fn un_agenda_se_lit_par_son_jeton_se_remplace_et_se_revoque() {
        sur_les_deux_bases(async |base| {
            let nouveau = NouveauCentre {
                id: "centre-a".into(),
                nom: "Centre fictif".into(),
                exemple: false,
                administrateur: Personne {
                    id: "p-1".parse().unwrap(),
                    nom: "Témoin".into(),
                    prenom: "Ada".into(),
                    fonction: String::new(),
                    courriel: "ada@exemple.fr".into(),
                    actif: true,
                },
                roles: vec![Role::Administrateur],
                mot_de_passe: "h".into(),
                acte: "acte-centre".parse().unwrap(),
                le: "2026-11-25T09:00:00Z".into(),
            };
            let centre = creer_centre(&base, &nouveau, None).await.unwrap();
            let ada = &nouveau.administrateur.id;
            let lu = async |jeton: &str| lecteur(&base, jeton).await.unwrap();
            assert_eq!(lu("jeton-1").await, None);
            let le = "2026-11-25T10:00:00Z";
            ouvrir(&base, &centre, ada, "jeton-1", le).await.unwrap();
            assert_eq!(lu("jeton-1").await.unwrap().personne, *ada);
            assert_eq!(
                ouvert_le(&base, &centre, ada).await.unwrap().as_deref(),
                Some(le)
            );
            // Le jeton n'est jamais gardé tel quel.
            let lignes = base
                .lire("SELECT empreinte FROM agenda", &[])
                .await
                .unwrap();
            assert_ne!(lignes[0].texte_ref(0).unwrap(), "jeton-1");
            ouvrir(&base, &centre, ada, "jeton-2", le).await.unwrap();
            assert_eq!(lu("jeton-1").await, None, "l'adresse d'avant ne vaut plus");
            assert!(lu("jeton-2").await.is_some());
            fermer(&base, &centre, ada).await.unwrap();
            assert_eq!(lu("jeton-2").await, None);
        });
    }
}
