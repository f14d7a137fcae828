//! Les bancs : des vitesses montrées par un rapport à quelque chose qui tourne à côté, dans le même passage.
//!
//! Ce ne sont pas des essais : rien ici ne fait échouer `./verifier`. Les machines sont partagées et
//! bruyantes ; un temps absolu n'y veut presque rien dire. Mode d'emploi : `bancs/LISEZ-MOI.md`.

/// Le même allocateur que Garant, pour tous les bancs : une mesure de calcul ne vaut que dans ses conditions.
#[global_allocator]
static ALLOCATION: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// La médiane d'une série (de temps, de débits ou de rapports) ; 0 si elle est vide.
pub fn mediane(mut serie: Vec<f64>) -> f64 {
    serie.sort_by(f64::total_cmp);
    serie.get(serie.len() / 2).copied().unwrap_or_default()
}
