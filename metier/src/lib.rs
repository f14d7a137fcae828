//! metier
