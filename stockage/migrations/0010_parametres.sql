-- Ce qu'un centre règle quand son administration demande autre chose, et les mots de son territoire.
-- Un réglage s'ajoute, il ne se corrige pas : le dernier qui a pris effet l'emporte. Une session fige les siens.

-- Réglages datés. Finalité : délais et nombres des règles. Durée : vie du centre. Qui l'a posé : donnée de l'équipe.
CREATE TABLE reglage (
    centre TEXT COLLATE BINARY NOT NULL,
    id TEXT COLLATE BINARY NOT NULL,
    rang BIGINT NOT NULL,
    regle TEXT COLLATE BINARY NOT NULL,
    valeur BIGINT NOT NULL,
    a_partir_du TEXT NOT NULL,
    motif TEXT NOT NULL,
    le TEXT NOT NULL,
    par TEXT NOT NULL,
    PRIMARY KEY (centre, id)
);
CREATE UNIQUE INDEX reglage_dans_l_ordre ON reglage (centre, rang);

-- Libellés : territoire, administration de région, système de suivi, numéro d'assistance. Donnée publique.
CREATE TABLE libelle (
    centre TEXT COLLATE BINARY NOT NULL PRIMARY KEY,
    territoire TEXT NOT NULL,
    region TEXT NOT NULL,
    systeme TEXT NOT NULL,
    assistance TEXT NOT NULL,
    revision BIGINT NOT NULL
);
