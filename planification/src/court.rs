//! Une liste courte, rangée sur la pile tant qu'elle tient : les évaluations en font des millions.

/// Une liste de `N` éléments sans allocation ; au-delà, elle déborde dans un `Vec`.
pub(crate) struct Court<T, const N: usize> {
    n: usize,
    pile: [T; N],
    long: Vec<T>,
}

impl<T: Copy + Default, const N: usize> Court<T, N> {
    pub(crate) fn new() -> Self {
        Self {
            n: 0,
            pile: [T::default(); N],
            long: Vec::new(),
        }
    }

    pub(crate) fn push(&mut self, x: T) {
        if self.n < N {
            self.pile[self.n] = x;
        } else {
            if self.n == N {
                self.long.extend_from_slice(&self.pile);
            }
            self.long.push(x);
        }
        self.n += 1;
    }

    pub(crate) fn tranche(&mut self) -> &mut [T] {
        if self.n <= N {
            &mut self.pile[..self.n]
        } else {
            &mut self.long
        }
    }
}

#[cfg(test)]
mod essais {
    use super::Court;

    #[test]
    fn une_liste_courte_deborde_sans_rien_perdre() {
        for n in 0..9u32 {
            let mut liste: Court<u32, 4> = Court::new();
            (0..n).for_each(|i| liste.push(i));
            assert_eq!(*liste.tranche(), (0..n).collect::<Vec<_>>()[..]);
        }
    }
}
