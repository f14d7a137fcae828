//! Les remèdes : ce qu'ils changent à l'instance, et le relevé de ces changements, pour qu'un tiers les rejoue.

use super::{Changement, Remede};
use crate::instance::{Encadrement, Instance, Jury, Plage, Salle};
use serde::Serialize;
use serde_json::{Value, json};

/// Un champ de tp-planning/1 changé par un remède : son chemin, et sa valeur neuve.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Changee {
    /// Le chemin, par exemple `members[0].max_minutes` ; un rang au-delà de la liste ajoute un élément.
    pub chemin: String,
    /// La valeur neuve.
    pub valeur: Value,
}

impl Remede {
    /// Un remède rejoué avec succès.
    pub(super) fn nouveau(phrase: String, avant: &Instance, apres: &Instance) -> Self {
        Self {
            phrase,
            restes: 0,
            changements: relever(avant, apres),
        }
    }

    /// Touche-t-il à tout ce que change celui-là, plus léger ou égal ? Il n'apprend alors rien.
    pub(super) fn comprend(&self, autre: &Self) -> bool {
        let touche = |x: &Changee| self.changements.iter().any(|y| y.chemin == x.chemin);
        autre.changements.iter().all(touche)
    }
}

fn plages(p: &[Plage]) -> Value {
    p.iter()
        .map(|(d, de, a)| json!({"day": d, "from": de, "to": a}))
        .collect()
}

/// Les champs qui diffèrent, parmi ceux que nos remèdes touchent.
fn relever(avant: &Instance, apres: &Instance) -> Vec<Changee> {
    let mut liste = vec![];
    let mut dire = |chemin: String, valeur: Value| liste.push(Changee { chemin, valeur });
    for (i, (a, b)) in avant.jours.iter().zip(&apres.jours).enumerate() {
        if a != b {
            dire(format!("days[{i}].close"), json!(b.1));
        }
    }
    for (i, (a, b)) in avant.epreuves.iter().zip(&apres.epreuves).enumerate() {
        if a.debut_commun != b.debut_commun {
            dire(
                format!("epreuves[{i}].same_start_site"),
                json!(b.debut_commun),
            );
        }
    }
    for (i, b) in apres.salles.iter().enumerate() {
        match avant.salles.get(i) {
            Some(a) => {
                if a.accessible != b.accessible {
                    dire(format!("rooms[{i}].accessible"), json!(b.accessible));
                }
                if a.places != b.places {
                    dire(format!("rooms[{i}].capacity"), json!(b.places));
                }
                if a.prises != b.prises {
                    dire(format!("rooms[{i}].unavailable"), plages(&b.prises));
                }
            }
            None => dire(
                format!("rooms[{i}]"),
                json!({"id": b.id, "label": b.id, "site": apres.sites[b.site], "kind": b.nature, "capacity": b.places,
                       "accessible": b.accessible, "unavailable": plages(&b.prises)}),
            ),
        }
    }
    for (nom, av, ap) in [
        ("members", &avant.membres, &apres.membres),
        ("surveillants", &avant.surveillants, &apres.surveillants),
    ] {
        for (i, b) in ap.iter().enumerate() {
            match av.get(i) {
                Some(a) => {
                    if a.minutes_max != b.minutes_max {
                        dire(format!("{nom}[{i}].max_minutes"), json!(b.minutes_max));
                    }
                    if a.dispo != b.dispo {
                        dire(format!("{nom}[{i}].availability"), plages(&b.dispo));
                    }
                }
                None => {
                    let sites: Vec<&String> = b.sites.iter().map(|s| &apres.sites[*s]).collect();
                    let mut v = json!({"id": b.id, "name": b.id, "availability": plages(&b.dispo), "max_minutes": b.minutes_max});
                    if nom == "surveillants" {
                        v["sites"] = json!(sites);
                    }
                    dire(format!("{nom}[{i}]"), v);
                }
            }
        }
    }
    for (i, j) in apres.jurys.iter().enumerate().skip(avant.jurys.len()) {
        let membres: Vec<&String> = j.membres.iter().map(|m| &apres.membres[*m].id).collect();
        let sites: Vec<&String> = j.sites.iter().map(|s| &apres.sites[*s]).collect();
        dire(
            format!("juries[{i}]"),
            json!({"id": j.id, "members": membres, "sites": sites}),
        );
    }
    for (i, (a, b)) in avant.candidats.iter().zip(&apres.candidats).enumerate() {
        if a.dispo != b.dispo {
            let v = b.dispo.as_deref().map_or(Value::Null, plages);
            dire(format!("candidates[{i}].availability"), v);
        }
    }
    liste
}

/// Les remèdes qui se tentent toujours, du plus léger au plus lourd.
pub(super) fn generaux(inst: &Instance) -> Vec<(String, Changement)> {
    let mut liste: Vec<(String, Changement)> = vec![];
    for n in [20, 60, 120] {
        liste.push((
            format!("Avec {n} minutes de plus par jour pour chaque membre de jury, tout tient."),
            Box::new(move |i| i.membres.iter_mut().for_each(|m| m.minutes_max += n)),
        ));
    }
    for n in inst.fermetures_possibles([30, 60, 120, 240]) {
        liste.push((
            format!(
                "En fermant {n} minutes plus tard, jurys et surveillants présents, tout tient."
            ),
            Box::new(move |i| i.fermer_plus_tard(n)),
        ));
    }
    liste.push((
        "Avec un jury et un bureau d’entretien de plus, tout tient.".into(),
        Box::new(ajouter_jury),
    ));
    liste.push((
        "Avec un surveillant de plus, tout tient.".into(),
        Box::new(ajouter_surveillant),
    ));
    liste
}

/// Tous les jours, du matin au soir.
pub(super) fn toujours(i: &Instance) -> Vec<Plage> {
    i.jours
        .iter()
        .enumerate()
        .map(|(d, j)| (d, j.0, j.1))
        .collect()
}

pub(super) fn ajouter_jury(i: &mut Instance) {
    let (dispo, n, sites) = (
        toujours(i),
        i.membres.len(),
        (0..i.sites.len()).collect::<Vec<_>>(),
    );
    for _ in 0..2 {
        i.membres.push(crate::instance::Personne {
            id: neuf("membre", i.membres.iter().map(|m| &m.id)),
            sites: vec![],
            dispo: dispo.clone(),
            minutes_max: 480,
        });
    }
    i.jurys.push(Jury {
        id: neuf("jury", i.jurys.iter().map(|j| &j.id)),
        membres: vec![n, n + 1],
        sites,
    });
    // Un jury de plus siège quelque part : la première salle de chaque nature demandée par un jury est doublée.
    let natures: Vec<String> = i
        .epreuves
        .iter()
        .filter(|e| e.encadrement == Encadrement::Jury)
        .filter_map(|e| e.salle.clone())
        .collect();
    let doubles: Vec<_> = i
        .salles
        .iter()
        .filter(|s| natures.contains(&s.nature))
        .take(1)
        .cloned()
        .collect();
    for salle in doubles {
        ajouter_salle(i, &salle);
    }
}

/// Une salle de plus, comme celle-là, libre et accessible.
pub(super) fn ajouter_salle(i: &mut Instance, modele: &Salle) {
    i.salles.push(Salle {
        id: neuf("salle", i.salles.iter().map(|s| &s.id)),
        accessible: true,
        prises: vec![],
        ..modele.clone()
    });
}

/// Un identifiant que personne ne porte : un remède peut s'appliquer à une instance qui en a déjà reçu un.
fn neuf<'a>(quoi: &str, pris: impl Iterator<Item = &'a String> + Clone) -> String {
    (1..)
        .map(|k| format!("{quoi}-de-plus-{k}"))
        .find(|id| !pris.clone().any(|x| x == id))
        .expect("invariant : il reste des numéros")
}

pub(super) fn ajouter_surveillant(i: &mut Instance) {
    let (dispo, sites) = (toujours(i), (0..i.sites.len()).collect());
    i.surveillants.push(crate::instance::Personne {
        id: neuf("surveillant", i.surveillants.iter().map(|s| &s.id)),
        sites,
        dispo,
        minutes_max: 600,
    });
}
