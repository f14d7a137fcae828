-- Où habite un juré, à quelle distance du centre, à qui il se dit lié ; quand il est, ou n'est pas, disponible.
ALTER TABLE jure ADD COLUMN commune TEXT NOT NULL DEFAULT '';
ALTER TABLE jure ADD COLUMN distance_km BIGINT;
ALTER TABLE jure ADD COLUMN liens TEXT NOT NULL DEFAULT '';

CREATE TABLE disponibilite_jure (
    centre TEXT COLLATE BINARY NOT NULL,
    id TEXT COLLATE BINARY NOT NULL,
    jure TEXT COLLATE BINARY NOT NULL,
    debut TEXT COLLATE BINARY NOT NULL,
    fin TEXT COLLATE BINARY NOT NULL,
    libre BIGINT NOT NULL,
    note TEXT NOT NULL,
    PRIMARY KEY (centre, id)
);
CREATE INDEX disponibilite_du_jure ON disponibilite_jure (centre, jure, fin);
