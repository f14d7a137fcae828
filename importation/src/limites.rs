//! Les limites d'un import, nommées en un seul endroit.

use std::time::Duration;

/// Taille maximale du fichier reçu.
pub const OCTETS_MAX: usize = 20 * 1024 * 1024;
/// Nombre maximal de candidats dans un fichier.
pub const LIGNES_MAX: usize = 5_000;
/// Lignes non vides lues par feuille : les candidats, plus les titres, les intitulés et les totaux.
pub const RANGEES_MAX: usize = LIGNES_MAX + 100;
/// Nombre maximal de colonnes.
pub const COLONNES_MAX: usize = 60;
/// Nombre maximal de caractères d'une cellule.
pub const CARACTERES_MAX: usize = 2_000;
/// Nombre maximal d'octets de texte, toutes cellules réunies.
pub const TEXTE_MAX: usize = 3 * 1024 * 1024;
/// Nombre maximal de feuilles visibles lues.
pub const FEUILLES_MAX: usize = 20;
/// Taille maximale de ce que le processus de lecture peut répondre.
pub const REPONSE_MAX: usize = 10 * 1024 * 1024;
/// Mémoire (adresses) accordée au processus de lecture, programme compris ; la moitié au moins reste pour lire.
pub const MEMOIRE_MAX: u64 = 256 * 1024 * 1024;
/// Temps de calcul, puis temps tout court, accordés au processus de lecture.
pub const DELAI_MAX: Duration = Duration::from_secs(5);
/// Entrées d'une archive (XLSX et ODS sont des archives ZIP).
pub const ENTREES_MAX: usize = 1_000;
/// Total décompressé d'une archive.
pub const DECOMPRESSE_MAX: u64 = 64 * 1024 * 1024;
/// Rapport de compression au-delà duquel une grosse entrée est suspecte.
pub const RAPPORT_MAX: u64 = 200;
/// Taille à partir de laquelle ce rapport est regardé.
pub const RAPPORT_DES: u64 = 1024 * 1024;
/// Lectures menées en même temps par le serveur.
pub const LECTURES_SIMULTANEES: usize = 2;
