//! Le binaire `garant` : une porte vers la bibliothèque `serveur`.

use std::process::ExitCode;

#[global_allocator]
static ALLOCATION: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    serveur::cli::executer()
}
