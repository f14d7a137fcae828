//! Une proposition simple et lisible : les épreuves communes d'abord, puis les candidats l'un après l'autre devant
//! leur jury, pauses et déjeuner respectés, entretien final en dernier.

/// Une épreuve à placer, dans l'ordre du référentiel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Epreuve {
    /// Durée en minutes.
    pub minutes: u32,
    /// Le jury y est-il, au moins en partie ?
    pub jury: bool,
    /// Faut-il un surveillant ?
    pub surveillant: bool,
    /// Est-ce l'entretien final ?
    pub finale: bool,
}

/// Une salle, avec ses places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Salle {
    /// Places pour une épreuve commune.
    pub places: u32,
    /// Convient-elle aux entretiens avec le jury ?
    pub entretien: bool,
    /// Convient-elle aux épreuves communes ?
    pub commune: bool,
}

/// Ce qu'il y a à placer et ce dont on dispose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Besoin {
    /// Nombre de jours de la session.
    pub jours: usize,
    /// Ouverture, minutes depuis minuit.
    pub ouverture: u32,
    /// Fermeture.
    pub fermeture: u32,
    /// Début et fin du déjeuner.
    pub dejeuner: (u32, u32),
    /// Pause entre deux épreuves d'un candidat, et entre deux candidats d'un jury.
    pub pause: u32,
    /// Épreuves, dans l'ordre du référentiel.
    pub epreuves: Vec<Epreuve>,
    /// Nombre de candidats.
    pub candidats: usize,
    /// Salles.
    pub salles: Vec<Salle>,
    /// Nombre de jurys qui peuvent siéger en même temps.
    pub jurys: usize,
    /// Nombre de surveillants.
    pub surveillants: usize,
}

/// Un passage placé : tout est rang dans les listes du besoin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placement {
    /// Candidat.
    pub candidat: usize,
    /// Épreuve.
    pub epreuve: usize,
    /// Jour.
    pub jour: usize,
    /// Début.
    pub debut: u32,
    /// Fin.
    pub fin: u32,
    /// Salle.
    pub salle: usize,
    /// Jury, si l'épreuve en demande un.
    pub jury: Option<usize>,
    /// Surveillant, si l'épreuve en demande un et qu'il y en a.
    pub surveillant: Option<usize>,
}

/// Pourquoi des candidats n'ont pas pu être placés.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reste {
    /// Candidats sans place, entiers : aucun n'est placé à moitié.
    pub candidats: Vec<usize>,
    /// La phrase, avec ses nombres et un remède.
    pub phrase: String,
}

/// Une proposition : ce qui est placé, et ce qui ne tient pas.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Proposition {
    /// Les passages.
    pub placements: Vec<Placement>,
    /// Ce qui ne tient pas.
    pub reste: Option<Reste>,
}

/// Le temps d'un fil (un jury et sa salle) : où l'on en est.
#[derive(Clone, Copy)]
struct Fil {
    jour: usize,
    minute: u32,
}

/// Durée (minutes) sous laquelle une épreuve sans jury est une préparation : elle se passe seul, juste avant l'oral.
const PREPARATION_MAX: u32 = 20;
/// Pas de la grille, en minutes.
const GRILLE: u32 = 5;

/// Propose un planning. Mêmes entrées, même proposition.
pub fn proposer(b: &Besoin) -> Proposition {
    if b.candidats == 0 || b.epreuves.is_empty() {
        return Proposition::default();
    }
    if let Some(phrase) = impossible(b) {
        return Proposition {
            placements: vec![],
            reste: Some(Reste {
                candidats: (0..b.candidats).collect(),
                phrase,
            }),
        };
    }
    let mut placements = vec![];
    let mut fil = Fil {
        jour: 0,
        minute: b.ouverture,
    };
    // Le moment où chaque candidat est libre après les épreuves communes.
    let mut libre = vec![
        Fil {
            jour: 0,
            minute: b.ouverture
        };
        b.candidats
    ];
    for (e, epreuve) in b
        .epreuves
        .iter()
        .enumerate()
        .filter(|(_, e)| est_commune(e))
    {
        let Some((salle, places)) = salle_commune(b) else {
            break;
        };
        for groupe in (0..b.candidats).collect::<Vec<_>>().chunks(places) {
            let Some((jour, debut)) = creneau(b, fil, epreuve.minutes) else {
                return faute_de_temps(b, placements);
            };
            let fin = debut + arrondir(epreuve.minutes);
            for &c in groupe {
                placements.push(Placement {
                    candidat: c,
                    epreuve: e,
                    jour,
                    debut,
                    fin,
                    salle,
                    jury: None,
                    surveillant: (epreuve.surveillant && b.surveillants > 0).then_some(0),
                });
                libre[c] = Fil {
                    jour,
                    minute: fin + b.pause,
                };
            }
            fil = Fil {
                jour,
                minute: fin + b.pause,
            };
        }
    }
    // Chaque jury a son fil et sa salle ; la salle commune ne sert à un jury qu'une fois les épreuves communes finies.
    let salles = salles_de_jury(b);
    let fils = b.jurys.max(1).min(salles.len().max(1));
    let commun = fil;
    let mut fils: Vec<Fil> = vec![
        Fil {
            jour: commun.jour,
            minute: commun.minute.max(b.ouverture)
        };
        fils
    ];
    let mut ordre: Vec<usize> = (0..b.epreuves.len())
        .filter(|&i| !est_commune(&b.epreuves[i]))
        .collect();
    ordre.sort_by_key(|&i| (b.epreuves[i].finale, i));
    if ordre.is_empty() {
        return Proposition {
            placements,
            reste: None,
        };
    }
    for (c, &libre_c) in libre.iter().enumerate() {
        // Le fil le moins avancé prend le candidat suivant.
        let f = (0..fils.len())
            .min_by_key(|&f| (fils[f].jour, fils[f].minute, f))
            .expect("il y a au moins un fil");
        let depart = if (libre_c.jour, libre_c.minute) > (fils[f].jour, fils[f].minute) {
            libre_c
        } else {
            fils[f]
        };
        let Some((suite, fin)) = enchainer(b, &ordre, depart) else {
            return faute_de_temps(b, placements);
        };
        for (e, jour, debut, fin) in suite {
            let epreuve = &b.epreuves[e];
            placements.push(Placement {
                candidat: c,
                epreuve: e,
                jour,
                debut,
                fin,
                salle: salles[f.min(salles.len() - 1)],
                jury: epreuve.jury.then_some(f),
                surveillant: (epreuve.surveillant && b.surveillants > 0)
                    .then(|| f.min(b.surveillants - 1)),
            });
        }
        fils[f] = fin;
    }
    Proposition {
        placements,
        reste: None,
    }
}

fn est_commune(e: &Epreuve) -> bool {
    !e.jury && !e.finale && e.minutes > PREPARATION_MAX
}

fn arrondir(minutes: u32) -> u32 {
    minutes.div_ceil(GRILLE) * GRILLE
}

fn impossible(b: &Besoin) -> Option<String> {
    let journee = b.fermeture.saturating_sub(b.ouverture);
    let matin = b.dejeuner.0.saturating_sub(b.ouverture);
    let apres_midi = b.fermeture.saturating_sub(b.dejeuner.1);
    if b.salles.is_empty() {
        return Some(
            "Aucune salle n’est connue pour ce site : ajoutez-en une à la page du site.".into(),
        );
    }
    if b.jours == 0 || journee == 0 {
        return Some(
            "La session n’a pas d’heures d’ouverture : vérifiez l’ouverture et la fermeture."
                .into(),
        );
    }
    let longue = b.epreuves.iter().map(|e| e.minutes).max().unwrap_or(0);
    (arrondir(longue) > matin.max(apres_midi)).then(|| format!(
        "Une épreuve dure {longue} minutes ; la plus longue demi-journée en compte {}. Ouvrez plus tôt, fermez plus tard ou décalez le déjeuner.",
        matin.max(apres_midi)
    ))
}

/// Le premier créneau de cette durée à partir d'ici, hors déjeuner et fermeture.
fn creneau(b: &Besoin, depuis: Fil, minutes: u32) -> Option<(usize, u32)> {
    let duree = arrondir(minutes);
    let (mut jour, mut debut) = (depuis.jour, arrondir(depuis.minute.max(b.ouverture)));
    while jour < b.jours {
        if debut < b.dejeuner.1 && debut + duree > b.dejeuner.0 {
            debut = arrondir(b.dejeuner.1);
        }
        if debut + duree <= b.fermeture {
            return Some((jour, debut));
        }
        jour += 1;
        debut = b.ouverture;
    }
    None
}

type Suite = Vec<(usize, usize, u32, u32)>;

/// Place à la suite les épreuves d'un candidat ; s'il ne tient pas dans la demi-journée, il peut passer le déjeuner
/// entre deux épreuves, mais on préfère le commencer plus tard que le couper en deux jours.
fn enchainer(b: &Besoin, ordre: &[usize], depart: Fil) -> Option<(Suite, Fil)> {
    let tenter = |mut f: Fil| {
        let mut suite = vec![];
        for &e in ordre {
            let (jour, debut) = creneau(b, f, b.epreuves[e].minutes)?;
            let fin = debut + arrondir(b.epreuves[e].minutes);
            suite.push((e, jour, debut, fin));
            f = Fil {
                jour,
                minute: fin + b.pause,
            };
        }
        Some((suite, f))
    };
    let premier = tenter(depart)?;
    let coupe = premier.0.first()?.1 != premier.0.last()?.1;
    if !coupe {
        return Some(premier);
    }
    match tenter(Fil {
        jour: depart.jour + 1,
        minute: b.ouverture,
    }) {
        Some(demain) if demain.0.first()?.1 == demain.0.last()?.1 => Some(demain),
        _ => Some(premier),
    }
}

fn salle_commune(b: &Besoin) -> Option<(usize, usize)> {
    let mieux = |voulues: bool| {
        b.salles
            .iter()
            .enumerate()
            .filter(|(_, s)| !voulues || s.commune)
            .max_by_key(|(i, s)| (s.places, std::cmp::Reverse(*i)))
    };
    mieux(true)
        .or_else(|| mieux(false))
        .map(|(i, s)| (i, (s.places as usize).max(1)))
}

fn salles_de_jury(b: &Besoin) -> Vec<usize> {
    let mut s: Vec<usize> = (0..b.salles.len())
        .filter(|&i| b.salles[i].entretien)
        .collect();
    s.extend((0..b.salles.len()).filter(|&i| !b.salles[i].entretien));
    s
}

fn faute_de_temps(b: &Besoin, mut placements: Vec<Placement>) -> Proposition {
    let complet = |c: usize, p: &[Placement]| {
        p.iter().filter(|x| x.candidat == c).count() == b.epreuves.len()
    };
    let reste: Vec<usize> = (0..b.candidats)
        .filter(|&c| !complet(c, &placements))
        .collect();
    placements.retain(|p| !reste.contains(&p.candidat));
    let minutes: u32 = b
        .epreuves
        .iter()
        .filter(|e| !est_commune(e))
        .map(|e| arrondir(e.minutes) + b.pause)
        .sum::<u32>()
        * reste.len() as u32;
    let utile = (b.fermeture - b.ouverture)
        .saturating_sub(b.dejeuner.1.saturating_sub(b.dejeuner.0))
        .max(1);
    let jours = minutes.div_ceil(utile * b.jurys.max(1) as u32).max(1);
    let phrase = format!(
        "{} candidat{} : il manque environ {} h {:02} de passage. Ajoutez {jours} jour{}, un second jury avec sa salle, ou allongez les journées.",
        reste.len(),
        if reste.len() > 1 {
            "s ne tiennent pas"
        } else {
            " ne tient pas"
        },
        minutes / 60,
        minutes % 60,
        if jours > 1 { "s" } else { "" }
    );
    Proposition {
        placements,
        reste: Some(Reste {
            candidats: reste,
            phrase,
        }),
    }
}

#[cfg(test)]
mod essais {
    use super::*;

    fn dwwm(candidats: usize, jours: usize, jurys: usize) -> Besoin {
        let e = |minutes, jury, finale| Epreuve {
            minutes,
            jury,
            surveillant: !jury,
            finale,
        };
        Besoin {
            jours,
            ouverture: 510,
            fermeture: 1050,
            dejeuner: (750, 810),
            pause: 5,
            candidats,
            jurys,
            surveillants: 1,
            epreuves: vec![
                e(30, false, false),
                e(35, true, false),
                e(40, true, false),
                e(15, true, true),
            ],
            salles: vec![
                Salle {
                    places: 16,
                    entretien: false,
                    commune: true,
                },
                Salle {
                    places: 4,
                    entretien: true,
                    commune: false,
                },
                Salle {
                    places: 4,
                    entretien: true,
                    commune: false,
                },
            ],
        }
    }

    fn verifier(b: &Besoin, p: &Proposition) {
        for x in &p.placements {
            assert!(
                x.jour < b.jours && x.debut >= b.ouverture && x.fin <= b.fermeture,
                "hors des heures : {x:?}"
            );
            assert!(
                x.fin <= b.dejeuner.0 || x.debut >= b.dejeuner.1,
                "sur le déjeuner : {x:?}"
            );
            assert!(x.fin - x.debut >= b.epreuves[x.epreuve].minutes);
        }
        for (i, a) in p.placements.iter().enumerate() {
            for c in &p.placements[i + 1..] {
                let en_meme_temps = a.jour == c.jour && a.debut < c.fin && c.debut < a.fin;
                if !en_meme_temps {
                    continue;
                }
                assert_ne!(a.candidat, c.candidat, "candidat à deux endroits");
                assert!(a.jury.is_none() || a.jury != c.jury, "jury à deux endroits");
                assert!(
                    a.salle != c.salle || (a.epreuve == c.epreuve && a.debut == c.debut),
                    "salle prise deux fois : {a:?} {c:?}"
                );
            }
        }
        for c in 0..b.candidats {
            let finale = p
                .placements
                .iter()
                .find(|x| x.candidat == c && b.epreuves[x.epreuve].finale);
            if let Some(f) = finale {
                assert!(
                    p.placements
                        .iter()
                        .filter(|x| x.candidat == c)
                        .all(|x| (x.jour, x.debut) <= (f.jour, f.debut)),
                    "l'entretien final n'est pas le dernier"
                );
            }
        }
    }

    #[test]
    fn deux_candidats_tiennent_en_un_jour() {
        let b = dwwm(2, 1, 1);
        let p = proposer(&b);
        verifier(&b, &p);
        assert_eq!((p.placements.len(), p.reste), (8, None));
    }

    #[test]
    fn toute_taille_respecte_les_regles_du_bon_sens() {
        for candidats in [1, 2, 7, 12, 16, 17, 33, 60] {
            for jurys in [1, 2, 3] {
                let b = dwwm(candidats, 10, jurys);
                let p = proposer(&b);
                verifier(&b, &p);
                if p.reste.is_none() {
                    assert_eq!(p.placements.len(), candidats * 4);
                }
            }
        }
    }

    #[test]
    fn faute_de_temps_il_le_dit_et_ne_place_personne_a_moitie() {
        let b = dwwm(30, 1, 1);
        let p = proposer(&b);
        verifier(&b, &p);
        let reste = p.reste.unwrap();
        assert!(
            reste.phrase.contains("ne tiennent pas") && reste.phrase.contains("jour"),
            "{}",
            reste.phrase
        );
        assert!(
            p.placements
                .iter()
                .all(|x| !reste.candidats.contains(&x.candidat))
        );
        assert_eq!(p.placements.len(), (30 - reste.candidats.len()) * 4);
    }

    #[test]
    fn une_epreuve_plus_longue_que_la_journee_est_dite() {
        let mut b = dwwm(2, 1, 1);
        b.epreuves[0].minutes = 600;
        assert!(proposer(&b).reste.unwrap().phrase.contains("600 minutes"));
    }

    #[test]
    fn sans_salle_il_dit_ou_en_ajouter() {
        let mut b = dwwm(2, 1, 1);
        b.salles.clear();
        assert!(proposer(&b).reste.unwrap().phrase.contains("salle"));
    }
}
