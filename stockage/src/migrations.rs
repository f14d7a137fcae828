//! Les migrations du schéma : en avant seulement, jamais modifiées une fois livrées.
//!
//! Pour en ajouter une : déposer `stockage/migrations/NNNN_nom.sql` et ajouter **une ligne** à [`MIGRATIONS`].
//! Le texte de chaque migration appliquée est retenu par son empreinte ; s'il change, la base refuse de s'ouvrir.

use sha2::{Digest, Sha256};

use crate::base::{Base, Erreur, Requete, Resultat};
use crate::valeurs;

/// Une migration livrée avec le programme.
struct Migration {
    nom: &'static str,
    texte: &'static str,
}

macro_rules! migrations {
    ($($nom:literal),* $(,)?) => {
        &[$(Migration { nom: $nom, texte: include_str!(concat!("../migrations/", $nom, ".sql")) }),*]
    };
}

/// Toutes les migrations, dans l'ordre. Une migration, une ligne.
#[rustfmt::skip]
const MIGRATIONS: &[Migration] = migrations![
    "0001_journal",
    "0002_comptes",
    "0003_annuaire",
    "0010_parametres",
    "0020_habitudes",
    "0030_courriel",
    "0040_candidats",
    "0041_journees",
    "0050_bilan",
    "0051_acces_controle",
    "0070_planning_propose",
    "0080_annuaire_jures",
    "0081_textes_papiers",
];

const TABLE: &str = "CREATE TABLE IF NOT EXISTS migration (
    nom TEXT NOT NULL PRIMARY KEY, empreinte TEXT NOT NULL, le TEXT NOT NULL)";

fn empreinte(texte: &str) -> String {
    crate::journal::hexa(&Sha256::digest(texte.as_bytes()))
}

/// Applique les migrations manquantes ; plusieurs nœuds peuvent s'y prendre en même temps.
pub(crate) async fn appliquer(base: &Base) -> Resultat<()> {
    appliquer_liste(base, MIGRATIONS).await
}

async fn appliquer_liste(base: &Base, migrations: &'static [Migration]) -> Resultat<()> {
    if base
        .lire("SELECT nom FROM migration LIMIT 1", &[])
        .await
        .is_err()
    {
        match base.transaction(vec![Requete::script(TABLE)]).await {
            // Un autre nœud crée la table au même instant.
            Ok(_) | Err(Erreur::Unicite { .. }) => {}
            Err(erreur) => return Err(erreur),
        }
    }
    controler(base, migrations).await?;
    for migration in migrations {
        if est_appliquee(base, migration).await? {
            continue;
        }
        let inscrire = Requete::new(
            "INSERT INTO migration (nom, empreinte, le) VALUES ($1, $2, $3)",
            valeurs![
                migration.nom,
                empreinte(migration.texte),
                jiff::Timestamp::now().to_string()
            ],
        );
        match base
            .transaction(vec![inscrire, Requete::script(migration.texte)])
            .await
        {
            Ok(_) => {}
            Err(Erreur::Unicite { .. }) if est_appliquee(base, migration).await? => {}
            Err(erreur) => {
                return Err(Erreur::Configuration(format!(
                    "migration {} : {erreur}",
                    migration.nom
                )));
            }
        }
    }
    Ok(())
}

async fn est_appliquee(base: &Base, migration: &Migration) -> Resultat<bool> {
    let lue = base
        .lire_une(
            "SELECT empreinte FROM migration WHERE nom = $1",
            &valeurs![migration.nom],
        )
        .await?;
    Ok(lue.is_some())
}

/// Refuse une base plus récente que le programme, ou dont une migration livrée a changé de texte.
async fn controler(base: &Base, migrations: &[Migration]) -> Resultat<()> {
    for ligne in base
        .lire("SELECT nom, empreinte FROM migration ORDER BY nom", &[])
        .await?
    {
        let (nom, appliquee) = (ligne.texte(0)?, ligne.texte(1)?);
        match migrations.iter().find(|m| m.nom == nom) {
            None => {
                return Err(Erreur::Configuration(format!(
                    "la base porte la migration « {nom} », inconnue de ce programme : installez une version plus récente"
                )));
            }
            Some(migration) if empreinte(migration.texte) != appliquee => {
                return Err(Erreur::Configuration(format!(
                    "la migration « {nom} » a changé depuis qu'elle a été appliquée"
                )));
            }
            Some(_) => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod essais {
    use super::*;
    use crate::essais::sur_les_deux_bases;

    const UNE: Migration = Migration {
        nom: "9001_une",
        texte: "CREATE TABLE une (a TEXT); CREATE TABLE un (b BLOB);",
    };
    const CHANGEE: Migration = Migration {
        nom: "9001_une",
        texte: "CREATE TABLE une (a TEXT, b TEXT);",
    };
    const FAUTIVE: Migration = Migration {
        nom: "9002_fautive",
        texte: "CREATE TABLE deux (a TEXT); CREATE TABLE une (a TEXT);",
    };

    /// La liste livrée, suivie de celles-ci.
    fn livree_et(autres: impl IntoIterator<Item = Migration>) -> &'static [Migration] {
        let livrees = MIGRATIONS.iter().map(|m| Migration {
            nom: m.nom,
            texte: m.texte,
        });
        livrees.chain(autres).collect::<Vec<_>>().leak()
    }

    #[test]
    fn une_migration_ne_s_applique_qu_une_fois_meme_a_plusieurs() {
        sur_les_deux_bases(async |base| {
            let liste = livree_et([UNE]);
            let (a, b) = tokio::join!(appliquer_liste(&base, liste), appliquer_liste(&base, liste));
            assert_eq!((a, b), (Ok(()), Ok(())));
            appliquer_liste(&base, liste).await.unwrap();
            assert_eq!(base.lire("SELECT a FROM une", &[]).await, Ok(vec![]));
        });
    }

    #[test]
    fn une_migration_livree_ne_change_plus() {
        sur_les_deux_bases(async |base| {
            appliquer_liste(&base, livree_et([UNE])).await.unwrap();
            let changee = appliquer_liste(&base, livree_et([CHANGEE])).await;
            assert!(matches!(changee, Err(Erreur::Configuration(m)) if m.contains("9001_une")));
        });
    }

    #[test]
    fn un_programme_plus_ancien_que_la_base_refuse_de_l_ouvrir() {
        sur_les_deux_bases(async |base| {
            appliquer_liste(&base, livree_et([UNE])).await.unwrap();
            let ancien = appliquer(&base).await;
            assert!(
                matches!(ancien, Err(Erreur::Configuration(m)) if m.contains("version plus récente"))
            );
        });
    }

    #[test]
    fn une_migration_fautive_ne_laisse_rien_derriere_elle() {
        sur_les_deux_bases(async |base| {
            let fautive = appliquer_liste(&base, livree_et([UNE, FAUTIVE])).await;
            assert!(
                matches!(fautive, Err(Erreur::Configuration(_))),
                "{fautive:?}"
            );
            assert!(base.lire("SELECT a FROM deux", &[]).await.is_err());
            appliquer_liste(&base, livree_et([UNE])).await.unwrap();
        });
    }

    #[test]
    fn les_migrations_sont_livrees_dans_l_ordre() {
        assert!(MIGRATIONS.is_sorted_by_key(|m| m.nom));
    }
}
