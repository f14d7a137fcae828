//! Doublure de `hayro-jbig2` : ce que `hayro-syntax` en appelle, sans rien décoder.
//!
//! Typst sait insérer un PDF dans un PDF ; Garant ne le fait jamais (les scans joints à une session sont rendus tels
//! quels). Toute image est refusée à la lecture : une [`Image`] n'a pas de valeur, et rien de ce qui suit n'est atteint.

/// Le refus de lire.
#[derive(Debug)]
pub struct Absent;

/// Ce qui reçoit les points décodés.
pub trait Decoder {
    fn push_pixel(&mut self, black: bool);
    fn push_pixel_chunk(&mut self, black: bool, chunk_count: u32);
    fn next_line(&mut self);
}

/// Une image lue : aucune.
pub enum Image {}

impl Image {
    pub fn new_embedded(_: &[u8], _: Option<&[u8]>) -> Result<Self, Absent> {
        Err(Absent)
    }
    pub fn width(&self) -> u32 {
        match *self {}
    }
    pub fn height(&self) -> u32 {
        match *self {}
    }
    pub fn decode<D: Decoder>(&self, _: &mut D) -> Result<(), Absent> {
        match *self {}
    }
}
