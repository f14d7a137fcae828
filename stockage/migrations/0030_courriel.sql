-- Le courriel du centre : son serveur d'envoi, sa boîte d'envoi, ses liens privés, les préférences de chacun.
-- La table « suite » (0001) porte ce qu'une décision demande ; le facteur en fait des lignes de « courriel ».

-- Serveur d'envoi. Finalité : envoyer. Durée : vie du centre. mot_de_passe : secret, ni au journal ni dans les traces.
CREATE TABLE serveur_courriel (
    centre TEXT COLLATE BINARY NOT NULL PRIMARY KEY,
    hote TEXT NOT NULL,
    port BIGINT NOT NULL,
    securite TEXT NOT NULL,
    identifiant TEXT NOT NULL,
    mot_de_passe TEXT NOT NULL,
    expediteur TEXT NOT NULL,
    reponse TEXT NOT NULL,
    actif BIGINT NOT NULL,
    revision BIGINT NOT NULL
);

-- Boîte d'envoi. Finalité : envoyer et savoir ce qui est parti. Durée : un an après le dernier changement.
-- Donnée personnelle courante (nom, adresse, texte). cle : deux fois la même demande ne fait qu'un courriel.
-- Un lien privé n'est jamais dans le texte : il naît au moment de l'envoi.
CREATE TABLE courriel (
    centre TEXT COLLATE BINARY NOT NULL,
    id TEXT COLLATE BINARY NOT NULL,
    cle TEXT COLLATE BINARY NOT NULL,
    genre TEXT NOT NULL,
    session TEXT COLLATE BINARY NOT NULL,
    sujet TEXT COLLATE BINARY NOT NULL,
    nom TEXT NOT NULL,
    adresse TEXT NOT NULL,
    objet TEXT NOT NULL,
    corps TEXT NOT NULL,
    piece TEXT NOT NULL,
    lien TEXT COLLATE BINARY NOT NULL,
    par TEXT NOT NULL,
    etat TEXT COLLATE BINARY NOT NULL,
    tentatives BIGINT NOT NULL,
    prochain BIGINT NOT NULL,
    pris BIGINT,
    reponse TEXT NOT NULL,
    cree BIGINT NOT NULL,
    change BIGINT NOT NULL,
    suivi TEXT NOT NULL,
    PRIMARY KEY (centre, id)
);
CREATE UNIQUE INDEX courriel_une_fois ON courriel (centre, cle);
CREATE INDEX courriel_a_envoyer ON courriel (centre, etat, prochain);
CREATE INDEX courriel_de_session ON courriel (centre, session, cree);

-- Liens privés. Finalité : répondre sans compte. Durée : un an après leur fin. Seule l'empreinte des jetons est gardée.
CREATE TABLE lien_prive (
    centre TEXT COLLATE BINARY NOT NULL,
    id TEXT COLLATE BINARY NOT NULL,
    genre TEXT NOT NULL,
    session TEXT COLLATE BINARY NOT NULL,
    sujet TEXT COLLATE BINARY NOT NULL,
    expire BIGINT NOT NULL,
    utilise BIGINT,
    revoque BIGINT,
    PRIMARY KEY (centre, id)
);
CREATE TABLE jeton_prive (
    empreinte TEXT COLLATE BINARY NOT NULL PRIMARY KEY,
    centre TEXT COLLATE BINARY NOT NULL,
    lien TEXT COLLATE BINARY NOT NULL
);
CREATE INDEX jeton_du_lien ON jeton_prive (centre, lien);

-- Rappels déjà mis en boîte : un seul par délai, par palier et par personne. Durée : un an.
CREATE TABLE rappel (
    centre TEXT COLLATE BINARY NOT NULL,
    cle TEXT COLLATE BINARY NOT NULL,
    le BIGINT NOT NULL,
    PRIMARY KEY (centre, cle)
);

-- Préférences. Finalité : ne pas envoyer ce qui n'est pas voulu. Durée : comme le compte.
CREATE TABLE preference_courriel (
    centre TEXT COLLATE BINARY NOT NULL,
    personne TEXT COLLATE BINARY NOT NULL,
    recapitulatif BIGINT NOT NULL,
    PRIMARY KEY (centre, personne)
);
