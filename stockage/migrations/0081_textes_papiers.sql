-- Les textes que le centre récrit dans ses papiers : une ligne par version, texte nul = retour au texte livré.
CREATE TABLE texte_papier (
    centre TEXT COLLATE BINARY NOT NULL,
    code TEXT COLLATE BINARY NOT NULL,
    version BIGINT NOT NULL,
    texte TEXT,
    le TEXT NOT NULL,
    par TEXT NOT NULL,
    nom TEXT NOT NULL,
    motif TEXT NOT NULL,
    PRIMARY KEY (centre, code, version)
);
