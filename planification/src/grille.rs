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
        fin <= PAS_MAX && Self::plage(debut, fin).sans(self).est_vide()
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
