//! `garant editer` : composer un document d'une session depuis la ligne de commande.

use std::path::Path;
use std::process::ExitCode;
use stockage::{Base, Centre};

/// Compose le document `code` de la session dans le dossier `vers`.
pub async fn editer(base: &Base, centre: &Centre, code: &str, session: &str, vers: &Path) -> Result<ExitCode, String> {
    let id = session.parse().map_err(|_| "cet identifiant de session n’est pas reconnu".to_owned())?;
    let trouvee = stockage::charger(base, centre, &id).await.map_err(|e| e.to_string())?;
    let (_session, _tete) = trouvee.ok_or("aucune session n’a cet identifiant dans ce centre")?;
    Err(format!("le document « {code} » n’existe pas ; rien n’a été écrit dans « {} »", vers.display()))
}
