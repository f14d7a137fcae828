//! Les jours d'épreuves et leurs suites, racontés : plis, accueil, incidents, délibération, procès-verbal.

mod banc;
mod conclure;
mod hasard;
mod jour;
mod plis;
