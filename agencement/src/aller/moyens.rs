//! Les moyens de la session : qui peut siéger ou surveiller, quelles salles sont libres, et quand.

use super::epreuves::natures_voulues;
use super::{JURY_A_COMPOSER, Noms, Pont, meme_groupe, minutes, nature, toujours};
use jiff::civil::Date;
use metier::equipe::Poste;
use metier::planning::{Empeche, Journees};
use metier::programme::NatureSalle;
use metier::{JureId, Session, referentiel};
use planification::instance::{Jury, Personne, Plage, Salle};

/// Tous les jours, d'une heure à l'autre, moins les empêchements de cette personne.
pub(super) fn presences(
    s: &Session,
    jours: &[Date],
    heures: (i64, i64),
    qui: &Empeche,
) -> Vec<Plage> {
    let mut plages = vec![];
    for (j, d) in jours.iter().enumerate() {
        let mut libres = vec![heures];
        for e in s
            .planning
            .empechements
            .iter()
            .filter(|e| e.qui == *qui && e.date == *d)
        {
            let (de, a) = (minutes(e.de), minutes(e.a));
            libres = libres
                .into_iter()
                .flat_map(|(x, y)| [(x, y.min(de)), (x.max(a), y)])
                .filter(|(x, y)| x < y)
                .collect();
        }
        plages.extend(libres.into_iter().map(|(x, y)| (j, x, y)));
    }
    plages
}

fn empechements(s: &Session, jours: &[Date], qui: &Empeche) -> Vec<Plage> {
    s.planning
        .empechements
        .iter()
        .filter(|e| e.qui == *qui)
        .filter_map(|e| {
            let j = jours.iter().position(|d| *d == e.date)?;
            Some((j, minutes(e.de), minutes(e.a)))
        })
        .collect()
}

impl Pont {
    pub(super) fn poser_les_jurys(
        &mut self,
        s: &Session,
        journees: &Journees,
        heures: (i64, i64),
        noms: &mut Noms,
    ) {
        let max = i64::from(journees.jure_minutes_max);
        for m in &s.jury {
            let dispo = presences(
                s,
                &self.jours,
                heures,
                &Empeche::Jure(m.membre.jure.clone()),
            );
            self.instance.membres.push(Personne {
                id: noms.unique(&m.membre.nom),
                sites: vec![],
                dispo,
                minutes_max: max,
            });
        }
        let mut jurys = journees.jurys_de(s);
        // Un planning déjà là peut faire siéger d'autres groupes : ils comptent tels quels.
        for x in self.tenus.values().filter(|x| !x.jury.is_empty()) {
            let connus = x.jury.iter().all(|j| s.jure(j).is_some());
            if connus && !jurys.iter().any(|j| meme_groupe(j, &x.jury)) {
                jurys.push(x.jury.clone());
            }
        }
        for j in jurys {
            self.ajouter_jury(s, j);
        }
        if self.jurys.is_empty() {
            let tous = toujours(&self.jours, heures);
            let debut = self.instance.membres.len();
            for n in 1..=2 {
                self.instance.membres.push(Personne {
                    id: noms.unique(&format!("Juré à retenir {n}")),
                    sites: vec![],
                    dispo: tous.clone(),
                    minutes_max: max,
                });
            }
            self.instance.jurys.push(Jury {
                id: JURY_A_COMPOSER.into(),
                membres: vec![debut, debut + 1],
                sites: vec![0],
            });
            self.jurys.push(vec![]);
        }
    }

    /// Ajoute un jury ; rend son rang.
    pub(crate) fn ajouter_jury(&mut self, s: &Session, jures: Vec<JureId>) -> usize {
        let membres: Vec<usize> = jures
            .iter()
            .filter_map(|j| s.jury.iter().position(|m| m.membre.jure == *j))
            .collect();
        let qui: Vec<&str> = membres
            .iter()
            .map(|m| s.jury[*m].membre.nom.as_str())
            .collect();
        let mut id = format!("le jury de {}", qui.join(" et ")).replace('/', "∕");
        while self.instance.jurys.iter().any(|j| j.id == id) {
            id.push_str(" (bis)");
        }
        self.instance.jurys.push(Jury {
            id,
            membres,
            sites: vec![0],
        });
        self.jurys.push(jures);
        self.jurys.len() - 1
    }

    pub(super) fn poser_les_surveillants(
        &mut self,
        s: &Session,
        heures: (i64, i64),
        noms: &mut Noms,
    ) {
        for i in s.equipe.a(Poste::Surveillant) {
            self.instance.surveillants.push(Personne {
                id: noms.unique(&i.nom),
                sites: vec![0],
                dispo: presences(s, &self.jours, heures, &Empeche::Surveillant(i.id.clone())),
                minutes_max: 1440,
            });
            self.surveillants.push(Some(i.id.clone()));
        }
        if self.surveillants.is_empty() {
            self.instance.surveillants.push(Personne {
                id: noms.unique("Surveillant à nommer"),
                sites: vec![0],
                dispo: toujours(&self.jours, heures),
                minutes_max: 1440,
            });
            self.surveillants.push(None);
        }
    }

    /// Les salles. S'il y a moins de locaux d'entretien que de jurys, des salles ordinaires en tiennent lieu, tant qu'il
    /// en reste une pour les épreuves communes.
    pub(super) fn poser_les_salles(
        &mut self,
        s: &Session,
        epreuves: &[&referentiel::Epreuve],
        noms: &mut Noms,
    ) {
        let salles = s.programme.as_ref().map(|p| p.site.salles.clone());
        let mut salles = salles.unwrap_or_default();
        let entretiens = salles
            .iter()
            .filter(|x| x.nature == NatureSalle::Entretien)
            .count();
        let communes = epreuves
            .iter()
            .any(|e| natures_voulues(e)[0] != NatureSalle::Entretien);
        let ordinaires: Vec<usize> = (0..salles.len())
            .filter(|i| salles[*i].nature == NatureSalle::Salle)
            .collect();
        let a_garder = usize::from(communes);
        if entretiens > 0 {
            let manque = self.jurys.len().saturating_sub(entretiens);
            let mut libres: Vec<usize> = ordinaires;
            // Les plus petites d'abord.
            libres.sort_by_key(|i| salles[*i].capacite);
            libres.truncate(libres.len().saturating_sub(a_garder));
            for i in libres.into_iter().take(manque) {
                salles[i].nature = NatureSalle::Entretien;
            }
        }
        for x in salles {
            self.instance.salles.push(Salle {
                id: noms.unique(&x.nom),
                site: 0,
                nature: nature(x.nature).into(),
                places: x.capacite.max(1) as usize,
                accessible: x.accessible,
                prises: empechements(s, &self.jours, &Empeche::Salle(x.nom.clone())),
            });
            self.salles.push(x.nom);
        }
    }
}
