//! Le calendrier d'une recherche : ses températures, et les manches où l'on ne garde que les meilleurs départs.

/// Candidats d'un tout petit planning : chaque manche y repart aussi chaude que la première.
const PETIT: usize = 10;
/// Jusque-là, un peu moins chaud vaut mieux.
const MOYEN: usize = 40;
/// Au-delà, le budget ne paie pas beaucoup de départs.
pub(super) const NOMBREUX: usize = 120;

/// Une manche : les départs que chaque piste y joue, et la part du budget où elle finit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Manche {
    pub departs: usize,
    pub fin: f64,
    /// Ce qu'un point de coût vaut en minutes de qualité quand on choisit ces départs.
    pub point: i64,
}

const fn manche(departs: usize, fin: f64, point: i64) -> Manche {
    Manche {
        departs,
        fin,
        point,
    }
}

const COURSE: [Manche; 5] = [
    manche(32, 0.2, 1500),
    manche(10, 0.4, 1500),
    manche(4, 0.6, 3000),
    manche(2, 0.8, 3000),
    manche(1, 1.0, 3000),
];
const COURSE_MOYENNE: [Manche; 5] = [
    manche(48, 0.2, 1500),
    manche(8, 0.35, 1500),
    manche(3, 0.5, 3000),
    manche(2, 0.7, 3000),
    manche(1, 1.0, 3000),
];
const COURSE_LONGUE: [Manche; 3] = [
    manche(4, 0.3, 1500),
    manche(2, 0.5, 1500),
    manche(1, 1.0, 3000),
];

/// Les températures d'une recherche, et ses manches.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Calendrier {
    chaud: f64,
    froid: f64,
    /// Ce qu'une manche garde de la chaleur de la première.
    garde: f64,
    /// Départs, sur cent, dont la trame est tirée.
    pub(super) traces: usize,
    pub(crate) manches: &'static [Manche],
}

impl Calendrier {
    pub(crate) fn new(candidats: usize, reprise: bool) -> Self {
        let (chaud, froid, garde, traces, manches): (_, _, _, _, &[_]) = if reprise {
            // On repart de la référence : une seule descente, rien à mettre en concurrence.
            (60_000.0, 8.0, 1.0, 0, &[])
        } else if candidats <= PETIT {
            (100.0, 8.0, 1.0, 50, &COURSE)
        } else if candidats <= MOYEN {
            (80.0, 8.0, 0.5, 50, &COURSE)
        } else if candidats <= NOMBREUX {
            (120.0, 12.0, 0.5, 85, &COURSE_MOYENNE)
        } else {
            (80.0, 12.0, 1.0, 50, &COURSE_LONGUE)
        };
        Self {
            chaud,
            froid,
            garde,
            traces,
            manches,
        }
    }

    /// Le calendrier des manches qui suivent la première : moins chaud, pour ne pas perdre ce qu'elles reprennent.
    pub(crate) fn tiede(self) -> Self {
        Self {
            chaud: (self.chaud * self.garde).max(self.froid),
            ..self
        }
    }

    /// La température à cette part d'une descente, de 0 à 1.
    pub(crate) fn temperature(&self, part: f64) -> f64 {
        self.chaud * (self.froid / self.chaud).powf(part)
    }
}

#[cfg(test)]
mod essais {
    use super::Calendrier;

    #[test]
    fn chaque_calendrier_descend_du_chaud_au_froid_sans_en_sortir_et_finit_avec_le_budget() {
        for candidats in [1, 10, 11, 40, 41, 120, 121, 5000] {
            for reprise in [false, true] {
                let c = Calendrier::new(candidats, reprise);
                for c in [c, c.tiede()] {
                    assert!((c.temperature(0.0) - c.chaud).abs() < 1e-6);
                    assert!((c.temperature(1.0) - c.froid).abs() < 1e-6);
                    for i in 0..=1000 {
                        let t = c.temperature(f64::from(i) / 1000.0);
                        assert!((c.froid - 1e-6..=c.chaud + 1e-6).contains(&t));
                    }
                }
                assert_eq!(reprise, c.manches.is_empty());
                let croit = c.manches.windows(2).all(|w| {
                    w[0].fin < w[1].fin && w[0].departs >= w[1].departs && w[1].departs > 0
                });
                assert!(croit && c.manches.last().is_none_or(|m| m.fin >= 1.0));
            }
        }
    }
}
