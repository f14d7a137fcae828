//! stockage
