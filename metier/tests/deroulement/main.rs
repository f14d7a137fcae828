//! Les jours d'épreuves et leurs suites, racontés : plis, accueil, incidents, délibération, procès-verbal.

mod archives;
mod banc;
mod conclure;
mod hasard;
mod jour;
mod plateau;
mod plis;
mod temoin;
