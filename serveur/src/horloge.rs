//! L'horloge du serveur, injectée : réelle en service, fixe en essai et sur un centre d'exemple daté.

use jiff::{Timestamp, ZonedDateTime};
use metier::temps;

/// D'où vient l'heure.
#[derive(Debug, Clone)]
pub enum Horloge {
    /// L'heure de la machine.
    Reelle,
    /// Un instant fixe.
    Fixe(Timestamp),
}

impl Horloge {
    /// L'instant.
    pub fn instant(&self) -> Timestamp {
        match self {
            Self::Reelle => Timestamp::now(),
            Self::Fixe(t) => *t,
        }
    }
    /// L'instant, à Paris.
    pub fn maintenant(&self) -> ZonedDateTime { self.instant().to_zoned_datetime(temps::paris()) }
    /// Le jour civil à Paris.
    pub fn jour(&self) -> jiff::civil::Date { self.maintenant().date() }
    /// Secondes depuis l'époque.
    pub fn secondes(&self) -> i64 { self.instant().as_second() }
}
