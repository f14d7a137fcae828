-- La même personne d'une session à l'autre : reliée par une personne du centre, jamais d'office.
CREATE TABLE lien_candidat (
    centre   TEXT COLLATE BINARY NOT NULL,
    session  TEXT COLLATE BINARY NOT NULL,
    candidat TEXT COLLATE BINARY NOT NULL,
    personne TEXT COLLATE BINARY NOT NULL,
    le       TEXT NOT NULL,
    PRIMARY KEY (centre, session, candidat)
);
CREATE INDEX lien_candidat_par_personne ON lien_candidat (centre, personne, session, candidat);

-- De quoi proposer un rapprochement (nom de naissance, prénoms, naissance) et retrouver une inscription.
-- Une ligne d'avant cette migration a une clé vide : les vues se refont au démarrage suivant.
ALTER TABLE vue_candidat ADD COLUMN rapprochement TEXT COLLATE BINARY NOT NULL DEFAULT '';
CREATE INDEX vue_candidat_par_rapprochement ON vue_candidat (centre, rapprochement, session, candidat);
CREATE INDEX vue_candidat_par_candidat ON vue_candidat (centre, candidat);
CREATE INDEX vue_candidat_a_refaire ON vue_candidat (rapprochement);
