-- Ce que les sessions ont donné, sans aucun nom : pour les statistiques du centre. Dérivé de l'état, jetable.
CREATE TABLE vue_bilan (
    centre    TEXT COLLATE BINARY NOT NULL,
    session   TEXT COLLATE BINARY NOT NULL,
    voie      TEXT COLLATE BINARY NOT NULL,
    fin       TEXT COLLATE BINARY NOT NULL,
    titre     TEXT NOT NULL,
    intitule  TEXT NOT NULL,
    genre     TEXT NOT NULL,
    inscrits  BIGINT NOT NULL,
    presents  BIGINT NOT NULL,
    absents   BIGINT NOT NULL,
    reussites BIGINT NOT NULL,
    partielles BIGINT NOT NULL,
    echecs    BIGINT NOT NULL,
    sortis    BIGINT NOT NULL,
    PRIMARY KEY (centre, session, voie)
);
CREATE INDEX vue_bilan_par_fin ON vue_bilan (centre, fin);

-- Les délais dont la date est connue, tenus ou non.
CREATE TABLE vue_delai (
    centre  TEXT COLLATE BINARY NOT NULL,
    session TEXT COLLATE BINARY NOT NULL,
    code    TEXT COLLATE BINARY NOT NULL,
    fin     TEXT COLLATE BINARY NOT NULL,
    limite  TEXT COLLATE BINARY NOT NULL,
    fait_le TEXT COLLATE BINARY NOT NULL,
    PRIMARY KEY (centre, session, code)
);
CREATE INDEX vue_delai_par_fin ON vue_delai (centre, fin);
