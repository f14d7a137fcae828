//! L'horloge du serveur, injectée : réelle en service, fixe en essai et sur un centre d'exemple daté.

use jiff::{Timestamp, ZonedDateTime};
use metier::temps;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// D'où vient l'heure.
#[derive(Debug, Clone)]
pub enum Horloge {
    /// L'heure de la machine.
    Reelle,
    /// Un instant fixe.
    Fixe(Timestamp),
    /// L'heure de la machine, décalée de tant de secondes (centre d'exemple daté, parcours d'essai).
    Decalee(i64),
    /// Une heure que l'on pousse à la main, en secondes depuis l'époque (essais).
    Poussee(Arc<AtomicI64>),
}

impl Horloge {
    /// L'heure de la machine, dont le jour d'aujourd'hui serait `jour`.
    pub fn decalee_au(jour: jiff::civil::Date) -> Self {
        let present = Self::Reelle.maintenant();
        match jour
            .to_datetime(present.time())
            .to_zoned_datetime(temps::paris())
        {
            Ok(voulu) => {
                Self::Decalee(voulu.timestamp().as_second() - present.timestamp().as_second())
            }
            Err(_) => Self::Reelle,
        }
    }
    /// L'instant.
    pub fn instant(&self) -> Timestamp {
        match self {
            Self::Reelle => Timestamp::now(),
            Self::Fixe(t) => *t,
            Self::Decalee(s) => Timestamp::from_second(Timestamp::now().as_second() + s)
                .unwrap_or_else(|_| Timestamp::now()),
            Self::Poussee(s) => {
                Timestamp::from_second(s.load(Ordering::Relaxed)).unwrap_or(Timestamp::UNIX_EPOCH)
            }
        }
    }
    /// L'instant, à Paris.
    pub fn maintenant(&self) -> ZonedDateTime {
        self.instant().to_zoned_datetime(temps::paris())
    }
    /// Le jour civil à Paris.
    pub fn jour(&self) -> jiff::civil::Date {
        self.maintenant().date()
    }
    /// Secondes depuis l'époque.
    pub fn secondes(&self) -> i64 {
        self.instant().as_second()
    }
}
