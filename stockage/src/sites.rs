//! Le centre tel qu'il s'imprime, et les lieux où il tient ses sessions.

#[cfg(test)]
mod essais_sites;
mod identite;
mod lieux;
mod salles;

pub use identite::{IdentiteCentre, Logo, corriger_identite, corriger_logo, identite, logo};
pub use lieux::{FicheSite, Site, ajouter_site, corriger_site, site, sites};
pub use salles::{
    Agrement, FicheAgrement, FicheSalle, NatureSalle, Salle, agrements, ajouter_agrement,
    ajouter_salle, corriger_agrement, corriger_salle, salle, salles,
};
