//! Chaque règle jugée sur l'état a deux états : un qui se tait, un qui parle. Et aucune règle n'est absente.

mod candidats;
mod catalogue;
mod codes;
mod convocations;
mod deroulement;
mod equipe_jury;
mod planning;
mod programme;
mod session;
mod suites;
