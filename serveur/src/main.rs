//! Le binaire `garant` : une porte vers la bibliothèque `serveur`.

use std::process::ExitCode;

fn main() -> ExitCode {
    serveur::cli::executer()
}
