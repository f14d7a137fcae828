-- Le journal de preuve : en ajout seul, une chaîne d'empreintes par flux.
-- Un flux s'appelle « {centre}/{session} », ou « {centre}/centre » pour le journal du centre.
CREATE TABLE journal (
    flux       TEXT COLLATE BINARY NOT NULL,
    rang       BIGINT NOT NULL,
    acte       TEXT NOT NULL,
    le         TEXT NOT NULL,
    saisi_par  TEXT NOT NULL,
    type       TEXT NOT NULL,
    engagement BLOB NOT NULL,
    precedente BLOB NOT NULL,
    empreinte  BLOB NOT NULL,
    PRIMARY KEY (flux, rang)
);

-- Les contenus, détachables : la purge efface la ligne, la chaîne garde l'engagement.
-- purge_le dit une purge ; sel et json sont alors nuls, et le journal du centre le raconte.
CREATE TABLE contenu (
    flux      TEXT COLLATE BINARY NOT NULL,
    rang      BIGINT NOT NULL,
    classe    TEXT NOT NULL,
    sel       BLOB,
    json      TEXT,
    purge_le  TEXT,
    PRIMARY KEY (flux, rang),
    FOREIGN KEY (flux, rang) REFERENCES journal (flux, rang)
);
CREATE INDEX contenu_par_classe ON contenu (classe, flux, rang);

-- Un acte est un formulaire envoyé : il n'est enregistré qu'une fois par centre.
CREATE TABLE acte (
    centre       TEXT COLLATE BINARY NOT NULL,
    acte         TEXT COLLATE BINARY NOT NULL,
    flux         TEXT COLLATE BINARY NOT NULL,
    premier_rang BIGINT NOT NULL,
    dernier_rang BIGINT NOT NULL,
    PRIMARY KEY (centre, acte)
);

-- Les pièces figées (documents produits, numérisations).
CREATE TABLE piece (
    id        TEXT COLLATE BINARY NOT NULL PRIMARY KEY,
    flux      TEXT COLLATE BINARY NOT NULL,
    classe    TEXT NOT NULL,
    nom       TEXT NOT NULL,
    type      TEXT NOT NULL,
    empreinte BLOB NOT NULL,
    taille    BIGINT NOT NULL,
    octets    BLOB,
    le        TEXT NOT NULL,
    purge_le  TEXT
);
CREATE INDEX piece_par_flux ON piece (flux, id);

-- La boîte d'envoi : ce qu'il reste à faire après un acte.
CREATE TABLE suite (
    id       TEXT COLLATE BINARY NOT NULL PRIMARY KEY,
    flux     TEXT COLLATE BINARY NOT NULL,
    rang     BIGINT NOT NULL,
    json     TEXT NOT NULL,
    le       TEXT NOT NULL,
    faite_le TEXT
);
CREATE INDEX suite_a_faire ON suite (faite_le, id);

-- Les ancres : à un instant, la tête de chaque flux qui a avancé depuis l'ancre précédente.
CREATE TABLE sceau (
    rang       BIGINT NOT NULL PRIMARY KEY,
    le         TEXT NOT NULL,
    precedente BLOB NOT NULL,
    empreinte  BLOB NOT NULL,
    cle        BLOB,
    signature  BLOB
);
CREATE TABLE sceau_tete (
    flux      TEXT COLLATE BINARY NOT NULL,
    rang      BIGINT NOT NULL,
    empreinte BLOB NOT NULL,
    sceau     BIGINT NOT NULL REFERENCES sceau (rang),
    PRIMARY KEY (flux, rang)
);
CREATE INDEX sceau_tete_par_sceau ON sceau_tete (sceau, flux);

-- Les vues : dérivées de l'état, jetables, réécrites dans la transaction de l'acte.
CREATE TABLE vue_session (
    centre  TEXT COLLATE BINARY NOT NULL,
    session TEXT COLLATE BINARY NOT NULL,
    debut   TEXT COLLATE BINARY NOT NULL,
    fin     TEXT COLLATE BINARY NOT NULL,
    annulee BIGINT NOT NULL,
    json    TEXT NOT NULL,
    PRIMARY KEY (centre, session)
);
CREATE INDEX vue_session_par_debut ON vue_session (centre, debut, session);

-- Ce par quoi une session se retrouve : mots repliés (« vendeur »), facettes (« =role:{personne}:{role} »).
CREATE TABLE vue_cle (
    centre  TEXT COLLATE BINARY NOT NULL,
    session TEXT COLLATE BINARY NOT NULL,
    cle     TEXT COLLATE BINARY NOT NULL,
    debut   TEXT COLLATE BINARY NOT NULL,
    PRIMARY KEY (centre, session, cle)
);
CREATE INDEX vue_cle_par_cle ON vue_cle (centre, cle, debut, session);

CREATE TABLE vue_candidat (
    centre   TEXT COLLATE BINARY NOT NULL,
    session  TEXT COLLATE BINARY NOT NULL,
    candidat TEXT COLLATE BINARY NOT NULL,
    cle      TEXT COLLATE BINARY NOT NULL,
    json     TEXT NOT NULL,
    PRIMARY KEY (centre, session, candidat)
);
CREATE INDEX vue_candidat_par_cle ON vue_candidat (centre, cle, session, candidat);
