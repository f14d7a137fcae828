-- Une journée d'examen : plusieurs sessions CCP d'un même titre, le même jour, au même site, avec un même jury.
-- Chaque session garde son numéro CERES, son journal et son procès-verbal ; l'une d'elles porte l'entretien final.
CREATE TABLE journee_session (
    centre    TEXT COLLATE BINARY NOT NULL,
    session   TEXT COLLATE BINARY NOT NULL,
    journee   TEXT COLLATE BINARY NOT NULL,
    entretien BIGINT NOT NULL,
    PRIMARY KEY (centre, session)
);
CREATE INDEX journee_session_par_journee ON journee_session (centre, journee, session);
