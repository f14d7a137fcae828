//! La check-list : chaque ligne du papier a sa tâche, chaque fait ferme la sienne, déléguer se contrôle.

#[path = "../deroulement/banc.rs"]
#[allow(dead_code)] // le banc sert d'abord aux récits des jours d'épreuves
mod banc;
mod dates;
mod delegation;
mod faits;
mod papier;
