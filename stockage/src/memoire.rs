//! La mémoire des sessions rejouées.

/// Les sessions déjà rejouées, par flux.
#[derive(Default)]
pub(crate) struct Memoire {}
