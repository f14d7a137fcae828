//! Essais du contrat commun aux deux adaptateurs.

use super::{Base, Erreur, Requete};
use crate::essais::sur_les_deux_bases;
use crate::valeurs;

const CREER: &str =
    "CREATE TABLE chose (cle TEXT COLLATE BINARY NOT NULL PRIMARY KEY, nombre BIGINT NOT NULL,
    octets BLOB, mere TEXT COLLATE BINARY REFERENCES chose (cle), CHECK (nombre >= 0))";
const AJOUTER: &str = "INSERT INTO chose (cle, nombre, octets, mere) VALUES ($1, $2, $3, $4)";

fn ajouter(cle: &str, nombre: i64) -> Requete {
    Requete::new(
        AJOUTER,
        valeurs![cle, nombre, None::<Vec<u8>>, None::<String>],
    )
}

async fn compter(base: &Base) -> i64 {
    base.lire_une("SELECT COUNT(*) FROM chose", &[])
        .await
        .unwrap()
        .unwrap()
        .entier(0)
        .unwrap()
}

#[test]
fn une_valeur_ecrite_se_relit_a_l_identique() {
    sur_les_deux_bases(async |base| {
        base.transaction(vec![Requete::script(CREER)])
            .await
            .unwrap();
        let texte = "é’ $1 ? 'cité' \u{202f}»";
        let ecrite = Requete::new(
            AJOUTER,
            valeurs![texte, 7, vec![0_u8, 255, 10], None::<String>],
        );
        assert_eq!(base.transaction(vec![ecrite]).await.unwrap(), [1]);
        let sql =
            "SELECT cle, nombre, octets, mere, nombre = 7, '$1' FROM chose WHERE cle = $1 LIMIT $2";
        let ligne = base
            .lire_une(sql, &valeurs![texte, 1])
            .await
            .unwrap()
            .unwrap();
        assert_eq!(ligne.texte(0).unwrap(), texte);
        assert_eq!(ligne.entier(1).unwrap(), 7);
        assert_eq!(ligne.octets(2).unwrap(), [0, 255, 10]);
        assert_eq!(ligne.texte_option(3).unwrap(), None);
        assert!(ligne.booleen(4).unwrap());
        assert_eq!(ligne.texte(5).unwrap(), "$1");
    });
}

#[test]
fn une_transaction_fait_tout_ou_rien() {
    sur_les_deux_bases(async |base| {
        base.transaction(vec![Requete::script(CREER)])
            .await
            .unwrap();
        let double = base
            .transaction(vec![ajouter("a", 1), ajouter("b", 1), ajouter("a", 2)])
            .await;
        assert_eq!(
            double,
            Err(Erreur::Unicite {
                table: "chose".into(),
                colonnes: "cle".into()
            })
        );
        assert_eq!(compter(&base).await, 0);
        let absente = Requete::new(
            "UPDATE chose SET nombre = $1 WHERE cle = $2",
            valeurs![3, "z"],
        )
        .attendu(1);
        let conflit = base.transaction(vec![ajouter("a", 1), absente]).await;
        assert_eq!(
            conflit,
            Err(Erreur::Conflit {
                table: "chose".into()
            })
        );
        assert_eq!(compter(&base).await, 0);
    });
}

#[test]
fn les_contraintes_se_distinguent() {
    sur_les_deux_bases(async |base| {
        base.transaction(vec![Requete::script(CREER)])
            .await
            .unwrap();
        let orpheline = Requete::new(AJOUTER, valeurs!["a", 1, None::<Vec<u8>>, "nulle part"]);
        assert!(matches!(
            base.transaction(vec![orpheline]).await,
            Err(Erreur::Reference(_))
        ));
        assert!(matches!(
            base.transaction(vec![ajouter("a", -1)]).await,
            Err(Erreur::Contrainte(_))
        ));
        let nulle = Requete::new(
            AJOUTER,
            valeurs!["a", None::<i64>, None::<Vec<u8>>, None::<String>],
        );
        assert!(matches!(
            base.transaction(vec![nulle]).await,
            Err(Erreur::Contrainte(_))
        ));
        assert!(matches!(
            base.lire("SELECT rien FROM chose", &[]).await,
            Err(Erreur::Interne(_))
        ));
    });
}

#[test]
fn un_lot_de_transactions_ne_perd_que_les_fautives() {
    sur_les_deux_bases(async |base| {
        base.transaction(vec![Requete::script(CREER)])
            .await
            .unwrap();
        let taches: Vec<_> = (0..60)
            .map(|i| {
                let base = base.clone();
                // Une sur trois écrit une clé déjà prise par la précédente.
                tokio::spawn(async move {
                    base.transaction(vec![ajouter(&format!("{}", i / 3 * 3 + i % 3 / 2), i)])
                        .await
                })
            })
            .collect();
        let mut enregistrees = 0;
        for tache in taches {
            match tache.await.unwrap() {
                Ok(_) => enregistrees += 1,
                Err(erreur) => assert!(matches!(erreur, Erreur::Unicite { .. }), "{erreur}"),
            }
        }
        assert_eq!(enregistrees, 40);
        assert_eq!(compter(&base).await, 40);
    });
}

#[test]
fn sqlite_est_regle_pour_ne_rien_perdre() {
    crate::essais::sur_sqlite(async |base| {
        let journal = base
            .lire_une("PRAGMA journal_mode", &[])
            .await
            .unwrap()
            .unwrap();
        assert_eq!(journal.texte(0).unwrap(), "wal");
        let cles = base
            .lire_une("PRAGMA foreign_keys", &[])
            .await
            .unwrap()
            .unwrap();
        assert_eq!(cles.entier(0).unwrap(), 1);
        assert!(matches!(
            base.lire("DELETE FROM migration", &[]).await,
            Err(Erreur::Indisponible(_))
        ));
    });
}
