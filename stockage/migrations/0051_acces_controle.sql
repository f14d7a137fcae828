-- Les accès de contrôle : un lien daté vers une session, en lecture. Seule l'empreinte du jeton est gardée.
CREATE TABLE acces_controle (
    id         TEXT COLLATE BINARY NOT NULL PRIMARY KEY,
    centre     TEXT COLLATE BINARY NOT NULL,
    session    TEXT COLLATE BINARY NOT NULL,
    empreinte  BLOB NOT NULL UNIQUE,
    nom        TEXT NOT NULL,
    organisme  TEXT NOT NULL,
    expire     BIGINT NOT NULL,
    cree_le    TEXT NOT NULL,
    cree_par   TEXT NOT NULL,
    revoque_le TEXT,
    ouvert_le  TEXT,
    vu_le      TEXT
);
CREATE INDEX acces_controle_par_session ON acces_controle (centre, session, id);
