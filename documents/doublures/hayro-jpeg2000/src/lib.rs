//! Doublure de `hayro-jpeg2000` : ce que `hayro-syntax` en appelle, sans rien décoder (voir la doublure de `hayro-jbig2`).

/// Le refus de lire.
#[derive(Debug)]
pub struct Absent;

/// Comment lire.
#[derive(Debug, Clone, Copy)]
pub struct DecodeSettings {
    pub resolve_palette_indices: bool,
    pub strict: bool,
    pub target_resolution: Option<(u32, u32)>,
}

/// L'espace de couleurs d'une image.
#[allow(clippy::upper_case_acronyms)] // les noms de l'original
#[derive(Debug)]
pub enum ColorSpace {
    Gray,
    RGB,
    CMYK,
    Unknown { num_channels: u8 },
    Icc { profile: Vec<u8>, num_channels: u8 },
}

/// Une image lue : aucune.
pub enum Image {}

impl Image {
    pub fn new(_: &[u8], _: &DecodeSettings) -> Result<Self, Absent> {
        Err(Absent)
    }
    pub fn width(&self) -> u32 {
        match *self {}
    }
    pub fn height(&self) -> u32 {
        match *self {}
    }
    pub fn original_bit_depth(&self) -> u8 {
        match *self {}
    }
    pub fn color_space(&self) -> &ColorSpace {
        match *self {}
    }
    pub fn has_alpha(&self) -> bool {
        match *self {}
    }
    pub fn decode(&self) -> Result<Vec<u8>, Absent> {
        match *self {}
    }
}
