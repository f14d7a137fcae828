-- Le centre, ses personnes, leurs comptes et leurs connexions. De simples tables ; chaque changement va au journal du centre.

-- Finalité : cloisonner. Durée : vie du centre. Donnée publique. exemple = 1 : centre fictif, comptes limités à la boucle locale.
CREATE TABLE centre (
    id      TEXT COLLATE BINARY NOT NULL PRIMARY KEY,
    nom     TEXT NOT NULL,
    exemple BIGINT NOT NULL,
    cree_le TEXT NOT NULL
);

-- Personnes de l'équipe, avec ou sans compte. Finalité : qui fait quoi. Durée : présence + 5 ans. Donnée personnelle courante.
CREATE TABLE personne (
    centre   TEXT COLLATE BINARY NOT NULL REFERENCES centre (id),
    id       TEXT COLLATE BINARY NOT NULL,
    nom      TEXT NOT NULL,
    prenom   TEXT NOT NULL,
    fonction TEXT NOT NULL,
    courriel TEXT NOT NULL,
    actif    BIGINT NOT NULL,
    PRIMARY KEY (centre, id)
);

-- Comptes. Finalité : connexion. Durée : jusqu'à désactivation + 1 an. mot_de_passe : Argon2id ; totp : secret chiffré au repos par le disque.
CREATE TABLE compte (
    courriel         TEXT COLLATE BINARY NOT NULL PRIMARY KEY,
    centre           TEXT COLLATE BINARY NOT NULL,
    personne         TEXT COLLATE BINARY NOT NULL,
    roles            TEXT NOT NULL,
    mot_de_passe     TEXT,
    totp             TEXT,
    totp_attente     TEXT,
    totp_dernier     BIGINT NOT NULL,
    secours          TEXT NOT NULL,
    actif            BIGINT NOT NULL,
    UNIQUE (centre, personne),
    FOREIGN KEY (centre, personne) REFERENCES personne (centre, id)
);

-- Invitations à usage unique. Finalité : ouvrir un compte. Durée : 72 h. Seule l'empreinte du jeton est gardée.
CREATE TABLE invitation (
    empreinte TEXT COLLATE BINARY NOT NULL PRIMARY KEY,
    centre    TEXT COLLATE BINARY NOT NULL,
    personne  TEXT COLLATE BINARY NOT NULL,
    roles     TEXT NOT NULL,
    expire    BIGINT NOT NULL,
    utilisee  BIGINT NOT NULL
);

-- Connexions ouvertes. Finalité : savoir qui est là, révoquer. Durée : 12 h d'inactivité, 30 jours de liste. Donnée personnelle courante.
CREATE TABLE connexion (
    empreinte TEXT COLLATE BINARY NOT NULL PRIMARY KEY,
    id        TEXT COLLATE BINARY NOT NULL UNIQUE,
    courriel  TEXT COLLATE BINARY NOT NULL REFERENCES compte (courriel),
    etape     TEXT NOT NULL,
    agent     TEXT NOT NULL,
    adresse   TEXT NOT NULL,
    ouverte   BIGINT NOT NULL,
    vue       BIGINT NOT NULL,
    revoquee  BIGINT NOT NULL
);
CREATE INDEX connexion_du_compte ON connexion (courriel, vue);

-- Code de premier démarrage : seule son empreinte, une seule ligne.
CREATE TABLE premier_demarrage (
    cle       TEXT COLLATE BINARY NOT NULL PRIMARY KEY,
    empreinte TEXT NOT NULL
);
