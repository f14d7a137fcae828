//! Le temps d'une ressource pendant un jour, un bit par pas de grille : l'ensemble des débuts possibles se calcule
//! en quelques décalages. Limite dite : 320 pas par jour, soit une journée entière dès que le pas vaut 5 minutes.

/// Mots de 64 bits d'une grille.
const MOTS: usize = 5;
/// Pas qu'une grille sait tenir.
pub(crate) const PAS_MAX: u16 = (MOTS * 64) as u16;

/// Un bit par pas ; 1 veut dire libre (ou début possible).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(crate) struct Grille([u64; MOTS]);

impl Grille {
    /// Les pas de `debut` (compris) à `fin` (exclu).
    pub(crate) fn plage(debut: u16, fin: u16) -> Self {
        let mut g = Self::default();
        let (debut, fin) = (usize::from(debut), usize::from(fin.min(PAS_MAX)));
        for (i, mot) in g.0.iter_mut().enumerate() {
            let (a, b) = (debut.max(i * 64), fin.min(i * 64 + 64));
            if a < b {
                *mot = (u64::MAX >> (64 - (b - a))) << (a - i * 64);
            }
        }
        g
    }

    pub(crate) fn et(mut self, autre: &Self) -> Self {
        self.0.iter_mut().zip(&autre.0).for_each(|(a, b)| *a &= b);
        self
    }

    pub(crate) fn ou(mut self, autre: &Self) -> Self {
        self.0.iter_mut().zip(&autre.0).for_each(|(a, b)| *a |= b);
        self
    }

    pub(crate) fn sans(mut self, autre: &Self) -> Self {
        self.0.iter_mut().zip(&autre.0).for_each(|(a, b)| *a &= !b);
        self
    }

    pub(crate) fn est_vide(&self) -> bool {
        self.0.iter().all(|m| *m == 0)
    }

    pub(crate) fn contains(&self, pas: u16) -> bool {
        pas < PAS_MAX && self.0[usize::from(pas / 64)] >> (pas % 64) & 1 == 1
    }

    pub(crate) fn couvre(&self, debut: u16, fin: u16) -> bool {
        fin <= PAS_MAX && self.premier_pris(debut) >= fin
    }

    /// Ôte les pas de `debut` (compris) à `fin` (exclu), sur place.
    pub(crate) fn prendre(&mut self, debut: u16, fin: u16) {
        self.changer(debut, fin, |mot, masque| *mot &= !masque);
    }

    /// Remet les pas de `debut` (compris) à `fin` (exclu), sur place.
    pub(crate) fn rendre(&mut self, debut: u16, fin: u16) {
        self.changer(debut, fin, |mot, masque| *mot |= masque);
    }

    /// Ne touche que les mots de la plage : une séance en couvre un ou deux.
    fn changer(&mut self, debut: u16, fin: u16, change: impl Fn(&mut u64, u64)) {
        let (mut a, fin) = (usize::from(debut), usize::from(fin.min(PAS_MAX)));
        while a < fin {
            let (i, bit) = (a / 64, a % 64);
            let n = (64 - bit).min(fin - a);
            change(&mut self.0[i], (u64::MAX >> (64 - n)) << bit);
            a += n;
        }
    }

    /// Le premier pas qui manque à partir de `pas` ; [`PAS_MAX`] s'il n'en manque pas.
    fn premier_pris(&self, pas: u16) -> u16 {
        let mut i = usize::from(pas / 64);
        if i >= MOTS {
            return PAS_MAX;
        }
        let mut mot = !self.0[i] & (u64::MAX << (pas % 64));
        loop {
            if mot != 0 {
                return (i * 64) as u16 + mot.trailing_zeros() as u16;
            }
            i += 1;
            if i == MOTS {
                return PAS_MAX;
            }
            mot = !self.0[i];
        }
    }

    /// Le premier début que `permis` admet, à partir de `bas`, d'une plage libre de `longueur` pas. Pour un seul début, bien
    /// moins cher que [`Self::debuts`].
    pub(crate) fn premiere_plage(&self, permis: &Self, bas: u16, longueur: u16) -> Option<u16> {
        let possibles = self.et(permis);
        let mut s = possibles.premier(bas)?;
        loop {
            let fin = self.premier_pris(s);
            if fin >= s + longueur {
                return Some(s);
            }
            s = possibles.premier(fin)?;
        }
    }

    /// Le bit `i` du résultat est le bit `i + pas`.
    fn avance(self, pas: u16) -> Self {
        let (mots, bits) = (usize::from(pas / 64), u32::from(pas % 64));
        let mut g = Self::default();
        for i in 0..MOTS.saturating_sub(mots) {
            let bas = self.0[i + mots] >> bits;
            let haut = if bits > 0 && i + mots + 1 < MOTS {
                self.0[i + mots + 1] << (64 - bits)
            } else {
                0
            };
            g.0[i] = bas | haut;
        }
        g
    }

    /// Les débuts d'une plage libre de `longueur` pas.
    pub(crate) fn debuts(self, longueur: u16) -> Self {
        let (mut g, mut fait) = (self, 1);
        while fait < longueur {
            let pas = fait.min(longueur - fait);
            g = g.et(&g.avance(pas));
            fait += pas;
        }
        g
    }

    /// Premier bit à partir de `pas`.
    pub(crate) fn premier(&self, pas: u16) -> Option<u16> {
        let mut i = usize::from(pas / 64);
        if i >= MOTS {
            return None;
        }
        let mut mot = self.0[i] & (u64::MAX << (pas % 64));
        loop {
            if mot != 0 {
                return Some((i * 64) as u16 + mot.trailing_zeros() as u16);
            }
            i += 1;
            if i == MOTS {
                return None;
            }
            mot = self.0[i];
        }
    }

    /// Combien de bits.
    pub(crate) fn compte(&self) -> u32 {
        self.0.iter().map(|m| m.count_ones()).sum()
    }

    /// Dernier bit jusqu'à `pas` compris.
    pub(crate) fn dernier(&self, pas: u16) -> Option<u16> {
        let garde = self.et(&Self::plage(0, pas.saturating_add(1)));
        (0..MOTS)
            .rev()
            .find(|i| garde.0[*i] != 0)
            .map(|i| (i * 64 + 63) as u16 - garde.0[i].leading_zeros() as u16)
    }
}

#[cfg(test)]
mod essais {
    use super::{Grille, PAS_MAX};
    use crate::hasard::Hasard;

    /// Une grille où l'on prend et rend des plages au hasard, et la même tenue pas à pas.
    fn au_hasard(hasard: &mut Hasard) -> (Grille, Vec<bool>) {
        let (mut g, mut pas) = (Grille::default(), vec![false; usize::from(PAS_MAX)]);
        for _ in 0..12 {
            let debut = hasard.sous(usize::from(PAS_MAX));
            let fin = debut + hasard.sous(150);
            let rend = hasard.sous(3) > 0;
            if rend {
                g.rendre(debut as u16, fin as u16);
            } else {
                g.prendre(debut as u16, fin as u16);
            }
            let fin = fin.min(usize::from(PAS_MAX));
            pas[debut..fin].fill(rend);
        }
        (g, pas)
    }

    #[test]
    fn prendre_rendre_et_couvrir_disent_comme_pas_a_pas() {
        let mut hasard = Hasard::new(11);
        for _ in 0..300 {
            let (g, pas) = au_hasard(&mut hasard);
            assert!((0..PAS_MAX).all(|s| g.contains(s) == pas[usize::from(s)]));
            let debut = hasard.sous(usize::from(PAS_MAX));
            let fin = (debut + hasard.sous(40)).min(usize::from(PAS_MAX));
            let tient = pas[debut..fin].iter().all(|x| *x);
            assert_eq!(g.couvre(debut as u16, fin as u16), tient);
            assert!(!g.couvre(debut as u16, PAS_MAX + 1));
        }
    }

    #[test]
    fn la_premiere_plage_est_le_premier_des_debuts() {
        let mut hasard = Hasard::new(12);
        for _ in 0..300 {
            let (g, _) = au_hasard(&mut hasard);
            let (permis, _) = au_hasard(&mut hasard);
            let (bas, longueur) = (hasard.sous(330) as u16, 1 + hasard.sous(90) as u16);
            let attendu = g.debuts(longueur).et(&permis).premier(bas);
            assert_eq!(g.premiere_plage(&permis, bas, longueur), attendu);
        }
    }
}
