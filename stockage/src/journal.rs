//! Le journal de preuve.

/// Écrit des octets en hexadécimal.
pub(crate) fn hexa(octets: &[u8]) -> String {
    use std::fmt::Write;
    octets.iter().fold(
        String::with_capacity(octets.len() * 2),
        |mut texte, octet| {
            let _ = write!(texte, "{octet:02x}");
            texte
        },
    )
}
