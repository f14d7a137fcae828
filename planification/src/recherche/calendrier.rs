//! Le calendrier du recuit : combien de descentes du chaud au froid, et d'où part chacune.

/// Candidats d'un tout petit planning : le budget y paie un départ très chaud, qui change de bassin.
const PETIT: usize = 10;
/// Jusque-là, le budget paie plusieurs descentes, et une réchauffe trouve mieux qu'un long froid.
const MOYEN: usize = 40;
/// Au-delà, il ne paie pas un départ chaud.
const NOMBREUX: usize = 120;

/// Les températures d'une recherche.
#[derive(Clone, Copy, Debug)]
pub(super) struct Calendrier {
    chaud: f64,
    froid: f64,
    /// Descentes, et ce que chacune garde de la chaleur de la précédente.
    descentes: f64,
    garde: f64,
}

impl Calendrier {
    pub(super) fn new(candidats: usize, reprise: bool) -> Self {
        let (chaud, froid, descentes, garde) = if reprise {
            (60_000.0, 8.0, 1.0, 1.0)
        } else if candidats <= PETIT {
            (300.0, 10.0, 1.0, 1.0)
        } else if candidats <= MOYEN {
            (80.0, 8.0, 4.0, 0.8)
        } else if candidats <= NOMBREUX {
            (120.0, 12.0, 1.0, 1.0)
        } else {
            (40.0, 12.0, 1.0, 1.0)
        };
        Self {
            chaud,
            froid,
            descentes,
            garde,
        }
    }

    /// La température à cette part du recuit, de 0 à 1.
    pub(super) fn temperature(&self, part: f64) -> f64 {
        let rang = (part * self.descentes).floor().min(self.descentes - 1.0);
        let haut = (self.chaud * self.garde.powf(rang)).max(self.froid);
        haut * (self.froid / haut).powf(part * self.descentes - rang)
    }
}

#[cfg(test)]
mod essais {
    use super::Calendrier;

    #[test]
    fn chaque_calendrier_descend_du_chaud_au_froid_sans_en_sortir() {
        for candidats in [1, 10, 11, 40, 41, 120, 121, 5000] {
            for reprise in [false, true] {
                let c = Calendrier::new(candidats, reprise);
                assert!((c.temperature(0.0) - c.chaud).abs() < 1e-6);
                assert!((c.temperature(1.0) - c.froid).abs() < 1e-6);
                for i in 0..=1000 {
                    let t = c.temperature(f64::from(i) / 1000.0);
                    assert!((c.froid - 1e-6..=c.chaud + 1e-6).contains(&t));
                }
            }
        }
    }
}
