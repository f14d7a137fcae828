-- Les tâches et les dates qu'un centre se donne en plus du règlement, et les agendas que ses personnes lisent ailleurs.

-- Habitudes. Finalité : check-list du centre. Durée : vie du centre ; une habitude ôtée reste, pour ne pas réemployer son code.
-- Une session fige les siennes en naissant. Donnée d'organisation, sans personne nommée.
CREATE TABLE habitude (
    centre TEXT COLLATE BINARY NOT NULL,
    rang BIGINT NOT NULL,
    json TEXT NOT NULL,
    actif BIGINT NOT NULL,
    PRIMARY KEY (centre, rang)
);

-- Agendas. Finalité : lire ses échéances dans son agenda, par une adresse privée. Durée : jusqu'à révocation.
-- Seule l'empreinte du jeton est gardée ; une adresse par personne.
CREATE TABLE agenda (
    centre TEXT COLLATE BINARY NOT NULL,
    personne TEXT COLLATE BINARY NOT NULL,
    empreinte TEXT COLLATE BINARY NOT NULL UNIQUE,
    cree_le TEXT NOT NULL,
    PRIMARY KEY (centre, personne)
);
