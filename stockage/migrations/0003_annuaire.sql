-- Le centre tel qu'il s'imprime, ses sites, ses référentiels, l'annuaire de ses jurés.
-- De simples tables : la décision n'est pas là, mais chaque changement s'écrit au journal du centre.
-- « revision » compte les changements d'une fiche : deux personnes qui corrigent à la fois ne s'écrasent pas.

-- Identité du centre. Finalité : en-tête des documents. Durée : vie du centre. Donnée publique.
CREATE TABLE identite_centre (
    centre TEXT COLLATE BINARY NOT NULL PRIMARY KEY,
    nom TEXT NOT NULL,
    adresse TEXT NOT NULL,
    code_postal TEXT NOT NULL,
    ville TEXT NOT NULL,
    siret TEXT NOT NULL,
    nda TEXT NOT NULL,
    contact TEXT NOT NULL,
    courriel TEXT NOT NULL,
    telephone TEXT NOT NULL,
    autorite_sigle TEXT NOT NULL,
    autorite_nom TEXT NOT NULL,
    autorite_adresse TEXT NOT NULL,
    autorite_courriel TEXT NOT NULL,
    logo_type TEXT NOT NULL,
    logo BLOB,
    revision BIGINT NOT NULL
);

-- Sites d'examen. Finalité : lieu des sessions. Durée : vie du centre. Donnée publique.
CREATE TABLE site (
    centre TEXT COLLATE BINARY NOT NULL,
    id TEXT COLLATE BINARY NOT NULL,
    nom TEXT NOT NULL,
    adresse TEXT NOT NULL,
    code_postal TEXT NOT NULL,
    ville TEXT NOT NULL,
    acces TEXT NOT NULL,
    agree BIGINT NOT NULL,
    actif BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    PRIMARY KEY (centre, id)
);

-- Salles d'un site. Finalité : planning. Durée : vie du centre. Donnée publique.
CREATE TABLE salle (
    centre TEXT COLLATE BINARY NOT NULL,
    id TEXT COLLATE BINARY NOT NULL,
    site TEXT COLLATE BINARY NOT NULL,
    nom TEXT NOT NULL,
    nature TEXT NOT NULL,
    capacite BIGINT,
    accessible BIGINT NOT NULL,
    actif BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    PRIMARY KEY (centre, id),
    FOREIGN KEY (centre, site) REFERENCES site (centre, id)
);
CREATE INDEX salle_du_site ON salle (centre, site);

-- Agréments : un titre, un site, une période. Facultatifs. Donnée publique.
CREATE TABLE agrement (
    centre TEXT COLLATE BINARY NOT NULL,
    id TEXT COLLATE BINARY NOT NULL,
    site TEXT COLLATE BINARY NOT NULL,
    titre TEXT COLLATE BINARY NOT NULL,
    reference TEXT NOT NULL,
    debut TEXT NOT NULL,
    fin TEXT NOT NULL,
    revision BIGINT NOT NULL,
    PRIMARY KEY (centre, id),
    FOREIGN KEY (centre, site) REFERENCES site (centre, id)
);

-- Versions de travail des référentiels. La version 0 est le catalogue livré, elle n'est pas en base.
-- Une correction ajoute une ligne ; aucune ligne n'est modifiée. Durée : vie du centre. Donnée publique.
CREATE TABLE titre (
    centre TEXT COLLATE BINARY NOT NULL,
    cle TEXT COLLATE BINARY NOT NULL,
    version BIGINT NOT NULL,
    code_titre TEXT NOT NULL,
    millesime TEXT NOT NULL,
    contenu TEXT NOT NULL,
    confirme_le TEXT,
    confirme_par TEXT,
    version_re TEXT,
    cree_le TEXT NOT NULL,
    cree_par TEXT NOT NULL,
    motif TEXT NOT NULL,
    PRIMARY KEY (centre, cle, version)
);

-- Annuaire des jurés. Finalité : composer et convoquer les jurys. Donnée personnelle ordinaire.
-- Durée : tant que la personne est active, puis jusqu'à la fin de conservation de ses sessions.
CREATE TABLE jure (
    centre TEXT COLLATE BINARY NOT NULL,
    id TEXT COLLATE BINARY NOT NULL,
    nom TEXT NOT NULL,
    prenom TEXT NOT NULL,
    recherche TEXT COLLATE BINARY NOT NULL,
    qualite TEXT NOT NULL,
    employeur TEXT NOT NULL,
    courriel TEXT NOT NULL,
    telephone TEXT NOT NULL,
    adresse TEXT NOT NULL,
    note TEXT NOT NULL,
    actif BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    PRIMARY KEY (centre, id)
);
CREATE INDEX jure_par_nom ON jure (centre, recherche);

-- Habilitations. Finalité : composer un jury régulier. Durée : comme le juré. Donnée personnelle ordinaire.
CREATE TABLE habilitation (
    centre TEXT COLLATE BINARY NOT NULL,
    id TEXT COLLATE BINARY NOT NULL,
    jure TEXT COLLATE BINARY NOT NULL,
    titre TEXT COLLATE BINARY NOT NULL,
    debut TEXT NOT NULL,
    fin TEXT NOT NULL,
    autorite TEXT NOT NULL,
    reference TEXT NOT NULL,
    revision BIGINT NOT NULL,
    PRIMARY KEY (centre, id),
    FOREIGN KEY (centre, jure) REFERENCES jure (centre, id)
);
CREATE INDEX habilitation_du_jure ON habilitation (centre, jure);
CREATE INDEX habilitation_du_titre ON habilitation (centre, titre, fin);
