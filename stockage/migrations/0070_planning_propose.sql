-- Plannings proposés, pas encore adoptés : des brouillons, hors du journal. Adopter en efface tous les autres.
-- Finalité : comparer avant de choisir. Durée : jusqu'au choix, quatre au plus par session. Des identifiants de
-- candidats et de jurés, aucun nom.
CREATE TABLE planning_propose (
    centre TEXT COLLATE BINARY NOT NULL,
    session TEXT COLLATE BINARY NOT NULL,
    id TEXT COLLATE BINARY NOT NULL,
    numero BIGINT NOT NULL,
    rang BIGINT NOT NULL,
    le TEXT NOT NULL,
    par TEXT NOT NULL,
    contenu TEXT NOT NULL,
    PRIMARY KEY (centre, session, id)
);
CREATE UNIQUE INDEX planning_propose_dans_l_ordre ON planning_propose (centre, session, numero);
