//! Un hasard rejouable (splitmix64) : même graine, même suite, sur toute machine.

/// Suite de nombres tirée d'une graine.
#[derive(Clone, Debug)]
pub(crate) struct Hasard(u64);

impl Hasard {
    pub(crate) fn new(graine: u64) -> Self {
        Self(graine.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0xD1B5_4A32_D192_ED03)
    }

    pub(crate) fn suivant(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Un entier de 0 à `n` exclu (0 si `n` est nul).
    pub(crate) fn sous(&mut self, n: usize) -> usize {
        if n == 0 {
            return 0;
        }
        (self.suivant() % n as u64) as usize
    }

    /// Un réel de 0 à 1 exclu.
    pub(crate) fn part(&mut self) -> f64 {
        (self.suivant() >> 11) as f64 / (1u64 << 53) as f64
    }

    pub(crate) fn melanger<T>(&mut self, liste: &mut [T]) {
        for i in (1..liste.len()).rev() {
            let j = self.sous(i + 1);
            liste.swap(i, j);
        }
    }
}
