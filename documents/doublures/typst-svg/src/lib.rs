//! Doublure de `typst-svg` : ce que `typst-html` en appelle, sans rien dessiner.
//!
//! Garant ne compose que des PDF. L'export HTML de Typst, jamais demandé, ne pourrait qu'y trouver un dessin vide ;
//! l'original emporte un moteur de rendu entier (douze crates) que rien ici n'exécute.

use comemo::Tracked;
use ecow::EcoString;
use typst_library::foundations::Smart;
use typst_library::model::LateLinkResolver;
use typst_library::layout::{Abs, Frame, Point};
use typst_library::visualize::{Image, ImageScaling};

/// Un cadre dans une page HTML : vide.
pub fn svg_in_html(
    _: &Frame,
    _: Abs,
    _: bool,
    _: Option<&str>,
    _: &str,
    _: &[(Point, EcoString)],
    _: Tracked<LateLinkResolver>,
) -> String {
    "<svg/>".to_owned()
}

/// Une image pour le web : sans octets.
#[derive(Debug, Clone, Hash)]
pub struct WebImage;

impl WebImage {
    /// Rien n'est lu de l'image.
    pub fn new(_: &Image) -> Self {
        Self
    }
    /// Une adresse vide.
    pub fn to_base64_url(&self) -> EcoString {
        EcoString::from("data:,")
    }
}

/// Aucun réglage de mise à l'échelle.
pub fn convert_image_scaling(_: Smart<ImageScaling>) -> Option<&'static str> {
    None
}
