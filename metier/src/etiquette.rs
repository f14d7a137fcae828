//! Relire ce qui est écrit `{"quoi": …, "donnees": …}` : une étiquette, puis ce qu'elle annonce.
//!
//! `serde` sait le faire, mais accepte aussi l'étiquette après le contenu : il compile alors deux fois tout ce qui relit
//! un événement, et c'était le tiers du temps que prend `stockage` à compiler. L'étiquette étant toujours écrite
//! d'abord, [`etiquete`] ne relit que cet ordre.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error, IgnoredAny, MapAccess, VariantAccess, Visitor,
};

/// Déclare un énuméré écrit avec une étiquette, et le relit dans l'ordre où il est écrit.
///
/// `etiquete! { "quoi", "donnees" => enum Evenement { … } }` : la clé de l'étiquette, celle du contenu, puis la
/// déclaration ordinaire. Un contenu avant son étiquette est refusé.
macro_rules! etiquete {
    ($etiquette:literal, $contenu:literal =>
     $(#[$attribut:meta])* $visible:vis enum $nom:ident { $($corps:tt)* }) => {
        $(#[$attribut])*
        #[derive(serde::Serialize)]
        #[serde(tag = $etiquette, content = $contenu, rename_all = "snake_case")]
        $visible enum $nom { $($corps)* }

        impl<'de> serde::Deserialize<'de> for $nom {
            fn deserialize<D: serde::Deserializer<'de>>(lu: D) -> Result<Self, D::Error> {
                type Cible = $nom;
                // Le même énuméré, que serde relit comme il relit tout énuméré : un nom, puis ce qu'il porte.
                #[derive(serde::Deserialize)]
                #[serde(remote = "Cible", rename_all = "snake_case")]
                #[allow(dead_code)]
                enum Relu { $($corps)* }

                impl<'de> $crate::etiquette::Relecture<'de> for Relu {
                    type Valeur = $nom;
                    fn relire<D: serde::Deserializer<'de>>(lu: D) -> Result<$nom, D::Error> {
                        Self::deserialize(lu)
                    }
                }
                $crate::etiquette::relire::<Relu, D>(lu, $etiquette, $contenu)
            }
        }
    };
}
pub(crate) use etiquete;

/// Ce qui relit l'énuméré, l'étiquette et le contenu lui étant donnés.
pub(crate) trait Relecture<'de> {
    type Valeur;
    fn relire<D: Deserializer<'de>>(lu: D) -> Result<Self::Valeur, D::Error>;
}

/// Relit un énuméré étiqueté.
pub(crate) fn relire<'de, R: Relecture<'de>, D: Deserializer<'de>>(
    lu: D,
    etiquette: &'static str,
    contenu: &'static str,
) -> Result<R::Valeur, D::Error> {
    lu.deserialize_map(Objet::<R> {
        cles: Cles { etiquette, contenu },
        relu: PhantomData,
    })
}

#[derive(Clone, Copy)]
struct Cles {
    etiquette: &'static str,
    contenu: &'static str,
}

struct Objet<R> {
    cles: Cles,
    relu: PhantomData<R>,
}

impl<'de, R: Relecture<'de>> Visitor<'de> for Objet<R> {
    type Value = R::Valeur;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "« {} », puis « {} »",
            self.cles.etiquette, self.cles.contenu
        )
    }

    fn visit_map<A: MapAccess<'de>>(self, mut champs: A) -> Result<R::Valeur, A::Error> {
        R::relire(Etiquete {
            champs: &mut champs,
            cles: self.cles,
        })
    }
}

/// Les champs de l'objet, vus comme un énuméré.
struct Etiquete<'a, A> {
    champs: &'a mut A,
    cles: Cles,
}

impl<'de, A: MapAccess<'de>> Etiquete<'_, A> {
    /// La clé suivante est-elle celle-ci ? `Ok(false)` : l'objet est fini.
    fn attendre(&mut self, cle: &'static str) -> Result<bool, A::Error> {
        match self.champs.next_key_seed(Cle(cle))? {
            None => Ok(false),
            Some(true) => Ok(true),
            Some(false) => Err(A::Error::custom(format_args!("« {cle} » était attendu"))),
        }
    }

    fn contenu<S: DeserializeSeed<'de>>(mut self, graine: S) -> Result<S::Value, A::Error> {
        if !self.attendre(self.cles.contenu)? {
            return Err(A::Error::missing_field(self.cles.contenu));
        }
        let valeur = self.champs.next_value_seed(graine)?;
        self.fini()?;
        Ok(valeur)
    }

    /// Rien d'autre ne suit.
    fn fini(self) -> Result<(), A::Error> {
        match self.champs.next_key::<IgnoredAny>()? {
            None => Ok(()),
            Some(_) => Err(A::Error::custom("un champ de trop suit le contenu")),
        }
    }
}

impl<'de, A: MapAccess<'de>> Deserializer<'de> for Etiquete<'_, A> {
    type Error = A::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visiteur: V) -> Result<V::Value, A::Error> {
        visiteur.visit_enum(self)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

impl<'de, A: MapAccess<'de>> EnumAccess<'de> for Etiquete<'_, A> {
    type Error = A::Error;
    type Variant = Self;

    fn variant_seed<S: DeserializeSeed<'de>>(
        mut self,
        graine: S,
    ) -> Result<(S::Value, Self), A::Error> {
        if !self.attendre(self.cles.etiquette)? {
            return Err(A::Error::missing_field(self.cles.etiquette));
        }
        Ok((self.champs.next_value_seed(graine)?, self))
    }
}

impl<'de, A: MapAccess<'de>> VariantAccess<'de> for Etiquete<'_, A> {
    type Error = A::Error;

    fn unit_variant(self) -> Result<(), A::Error> {
        self.fini()
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(
        self,
        graine: S,
    ) -> Result<S::Value, A::Error> {
        self.contenu(graine)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visiteur: V) -> Result<V::Value, A::Error> {
        self.contenu(Suite(visiteur))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        champs: &'static [&'static str],
        visiteur: V,
    ) -> Result<V::Value, A::Error> {
        self.contenu(Champs { champs, visiteur })
    }
}

/// Lit une clé : est-ce celle-ci ?
struct Cle(&'static str);

impl<'de> DeserializeSeed<'de> for Cle {
    type Value = bool;
    fn deserialize<D: Deserializer<'de>>(self, lu: D) -> Result<bool, D::Error> {
        lu.deserialize_identifier(self)
    }
}

impl Visitor<'_> for Cle {
    type Value = bool;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "« {} »", self.0)
    }
    fn visit_str<E>(self, lue: &str) -> Result<bool, E> {
        Ok(lue == self.0)
    }
}

/// Des champs nommés.
struct Champs<V> {
    champs: &'static [&'static str],
    visiteur: V,
}

impl<'de, V: Visitor<'de>> DeserializeSeed<'de> for Champs<V> {
    type Value = V::Value;
    fn deserialize<D: Deserializer<'de>>(self, lu: D) -> Result<V::Value, D::Error> {
        lu.deserialize_struct("", self.champs, self.visiteur)
    }
}

/// Des champs sans nom.
struct Suite<V>(V);

impl<'de, V: Visitor<'de>> DeserializeSeed<'de> for Suite<V> {
    type Value = V::Value;
    fn deserialize<D: Deserializer<'de>>(self, lu: D) -> Result<V::Value, D::Error> {
        lu.deserialize_seq(self.0)
    }
}

#[cfg(test)]
mod essais {
    etiquete! { "quoi", "donnees" =>
        #[derive(Debug, Clone, PartialEq)]
        enum Passe {
            Clos,
            Rang(u32),
            Vu { par: Option<String>, fois: u32 },
        }
    }

    fn relu(texte: &str) -> Result<Passe, String> {
        serde_json::from_str(texte).map_err(|e| e.to_string())
    }

    #[test]
    fn ce_qui_est_ecrit_se_relit() {
        for (fait, texte) in [
            (Passe::Clos, r#"{"quoi":"clos"}"#),
            (Passe::Rang(3), r#"{"quoi":"rang","donnees":3}"#),
            (
                Passe::Vu { par: None, fois: 2 },
                r#"{"quoi":"vu","donnees":{"par":null,"fois":2}}"#,
            ),
        ] {
            assert_eq!(serde_json::to_string(&fait).unwrap(), texte);
            assert_eq!(relu(texte).unwrap(), fait);
        }
        // Un champ facultatif peut manquer : les lignes écrites avant lui se relisent.
        assert_eq!(
            relu(r#"{"quoi":"vu","donnees":{"fois":2}}"#).unwrap(),
            Passe::Vu { par: None, fois: 2 }
        );
    }

    #[test]
    fn ce_qui_n_est_pas_dans_l_ordre_ecrit_est_refuse_en_le_disant() {
        for (texte, dit) in [
            (r#"{"donnees":3,"quoi":"rang"}"#, "« quoi » était attendu"),
            (r#"{"quoi":"rang"}"#, "donnees"),
            (r#"{}"#, "quoi"),
            (r#"{"quoi":"rang","autre":3}"#, "« donnees » était attendu"),
            (r#"{"quoi":"rang","donnees":3,"de_trop":1}"#, "de trop"),
            (r#"{"quoi":"clos","de_trop":1}"#, "de trop"),
            (r#"{"quoi":"inconnu","donnees":3}"#, "inconnu"),
            (r#""rang""#, "« quoi », puis « donnees »"),
        ] {
            let refus = relu(texte).unwrap_err();
            assert!(refus.contains(dit), "{texte} : {refus}");
        }
    }
}
