//! planification
