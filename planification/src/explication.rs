//! en cours
