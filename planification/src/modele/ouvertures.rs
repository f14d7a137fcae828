//! Les jours qu'une recherche ouvre à chaque site, et les journées de juré que le temps y demande, à peu près.

use super::Modele;
use crate::grille::Grille;
use crate::instance::Instance;

/// Jusqu'à tant de jours, tous les choix de jours se comparent ; au-delà, seuls les premiers s'ouvrent.
const TOUS: usize = 8;
/// Choix de jours moins chers que les premiers que l'on essaie, au plus.
const AUTRES: usize = 3;

/// Les jours ouverts, par site puis jour.
pub(crate) type Jours = Vec<Vec<bool>>;

/// Une façon d'ouvrir.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Ouverture {
    pub jours: Jours,
    /// Journées de juré et jours de site qu'il y faut ; rien quand le temps n'y suffit pas.
    pub cout: Option<i64>,
}

/// Les journées de jury que des jours offrent : leurs minutes, la plus longue d'abord, et leurs jurés, les moins nombreux
/// d'abord.
struct Offre {
    minutes: Vec<i64>,
    jures: Vec<i64>,
}

impl Offre {
    fn new(inst: &Instance, admise: impl Fn(usize, usize) -> bool) -> Self {
        let (mut minutes, mut jures) = (vec![], vec![]);
        for (j, jury) in inst.jurys.iter().enumerate() {
            for d in (0..inst.jours.len()).filter(|d| admise(j, *d)) {
                let du_jour = inst.minutes_du_jury(j, d);
                if du_jour > 0 {
                    minutes.push(du_jour);
                    jures.push(jury.membres.len() as i64);
                }
            }
        }
        minutes.sort_unstable_by_key(|minutes| -minutes);
        jures.sort_unstable();
        Self { minutes, jures }
    }

    /// Journées de juré sans lesquelles on n'a pas `besoin` minutes, qui dépendent du nombre de journées de jury.
    fn journees(&self, besoin: impl Fn(usize) -> i64) -> Option<i64> {
        let mut offert = 0;
        let n = (0..=self.minutes.len()).find(|n| {
            offert += if *n > 0 { self.minutes[n - 1] } else { 0 };
            offert >= besoin(*n)
        })?;
        Some(self.jures[..n].iter().sum())
    }
}

/// Les minutes de jury qu'un site demande.
struct Besoin {
    /// Passages, et délibération sur chacun.
    minutes: i64,
    /// Ce que délibérer demande en plus à chaque jury : une fois, qu'il siège un jour ou tous.
    par_jury: i64,
}

impl Modele<'_> {
    /// Les façons d'ouvrir qui valent d'être essayées : le moins de premiers jours, un de plus, puis d'autres jours qui
    /// demandent moins de journées que les premiers, s'il y en a.
    pub(crate) fn ouvertures(&self) -> Vec<Ouverture> {
        let sites = || 0..self.inst.sites.len();
        // Qui ne tient nulle part n'a besoin d'aucun jour.
        let tient = |c: usize| !self.impossibles[c];
        let besoins: Vec<Besoin> = sites().map(|s| self.besoin_du_site(s, &tient)).collect();
        let premiers: Vec<usize> = sites()
            .map(|s| self.premiers_jours(s, &besoins[s]))
            .collect();
        let autres: Vec<Jours> = sites()
            .map(|s| self.jours_moins_chers(s, &besoins[s], &self.ouvrir(premiers[s])))
            .collect();
        let mut choix: Vec<Jours> = vec![
            premiers.iter().map(|n| self.ouvrir(*n)).collect(),
            premiers.iter().map(|n| self.ouvrir(n + 1)).collect(),
        ];
        for k in 0..autres.iter().map(Vec::len).max().unwrap_or(0) {
            let du_site = |s: usize| match &autres[s][..] {
                [] => self.ouvrir(premiers[s]),
                siens => siens[k % siens.len()].clone(),
            };
            choix.push(sites().map(du_site).collect());
        }
        let mut vus: Vec<Jours> = vec![];
        choix.retain(|jours| {
            let neuf = !vus.contains(jours);
            vus.push(jours.clone());
            neuf
        });
        let chiffrer = |jours: Jours| Ouverture {
            cout: self.cout_des_jours(&jours, &tient),
            jours,
        };
        choix.into_iter().map(chiffrer).collect()
    }

    /// Journées de juré et jours de site que ces candidats demandent quand chaque site n'emploie que ces jours, en ne
    /// comptant que le temps ; `None` s'il n'y suffit pas. Une estimation, bonne à classer des jours : chaque jury qui siège y
    /// délibère, ce qu'un jury qui ne statue sur personne dément.
    pub(crate) fn cout_des_jours(
        &self,
        jours: &[Vec<bool>],
        admis: &impl Fn(usize) -> bool,
    ) -> Option<i64> {
        let du_site = |(site, ouverts): (usize, &Vec<bool>)| {
            let besoin = self.besoin_du_site(site, admis);
            self.cout_du_site(site, &besoin, ouverts)
        };
        jours.iter().enumerate().map(du_site).sum()
    }

    fn besoin_du_site(&self, site: usize, admis: &impl Fn(usize) -> bool) -> Besoin {
        let inst = self.inst;
        let siens = |c: usize| inst.candidats[c].site == site && admis(c);
        let (base, par_candidat) = inst.deliberation;
        let juges = self.juges(siens);
        // D'un site à l'autre, c'est peut-être la même délibération.
        let par_jury = juges > 0 && inst.sites.len() == 1;
        Besoin {
            minutes: self.minutes_de_passage(siens) + par_candidat * juges,
            par_jury: if par_jury { base } else { 0 },
        }
    }

    fn cout_du_site(&self, site: usize, besoin: &Besoin, ouverts: &[bool]) -> Option<i64> {
        let inst = self.inst;
        let jours = ouverts.iter().filter(|ouvert| **ouvert).count();
        let siege = |j: usize, d: usize| ouverts[d] && inst.jurys[j].sites.contains(&site);
        let journees = Offre::new(inst, siege).journees(|n| {
            let jurys = n.div_ceil(jours.max(1)) as i64;
            besoin.minutes + besoin.par_jury * jurys
        })?;
        let partages = self.lies.iter().any(|l| l.len() > 1);
        Some(jours as i64 + if partages { 0 } else { journees })
    }

    /// Journées de juré sans lesquelles tous les passages et les délibérations ne tiennent pas, en ne comptant que le
    /// temps : un minorant, nul quand un juré siège dans deux jurys.
    pub(super) fn compter_les_journees(&mut self) {
        if self.lies.iter().any(|l| l.len() > 1) {
            return;
        }
        let (base, par_candidat) = self.inst.deliberation;
        let juges = self.juges(|_| true);
        let delibere = if juges > 0 { base } else { 0 };
        let besoin = self.minutes_de_passage(|_| true) + delibere + par_candidat * juges;
        let offre = Offre::new(self.inst, |_, _| true);
        let tout = || offre.jures.iter().sum();
        self.journees_au_moins = offre.journees(|_| besoin).unwrap_or_else(tout);
    }

    /// Minutes de jury que demandent ces candidats, délibération à part.
    fn minutes_de_passage(&self, admis: impl Fn(usize) -> bool) -> i64 {
        let siens = self.taches.iter().filter(|t| t.jury && admis(t.cand));
        siens
            .map(|t| i64::from(t.duree) * self.pas / t.partage.max(1) as i64)
            .sum()
    }

    /// Combien de ces candidats un jury délibère : ceux dont la dernière épreuve est devant lui.
    fn juges(&self, admis: impl Fn(usize) -> bool) -> i64 {
        let juges = self.taches.iter().filter(|t| t.jury && t.dernier);
        juges.filter(|t| admis(t.cand)).count() as i64
    }

    fn ouvrir(&self, premiers: usize) -> Vec<bool> {
        (0..self.nj).map(|d| d < premiers).collect()
    }

    /// Chaque début commun de ce site trouve-t-il, parmi ces jours, une heure pour tous (ou pour le plus grand nombre) ?
    fn reunissent(&self, site: usize, ouverts: &[bool]) -> bool {
        let sites = self.inst.sites.len();
        let du_site = self.debuts_communs.iter().skip(site).step_by(sites);
        let convient =
            |jours: &Vec<Grille>| jours.iter().zip(ouverts).any(|(g, o)| *o && !g.est_vide());
        du_site.filter(|jours| !jours.is_empty()).all(convient)
    }

    /// Le moins de premiers jours où le temps des jurys suffit ; tous, si rien n'y suffit.
    fn premiers_jours(&self, site: usize, besoin: &Besoin) -> usize {
        let suffit = |n: &usize| {
            let ouverts = self.ouvrir(*n);
            self.reunissent(site, &ouverts) && self.cout_du_site(site, besoin, &ouverts).is_some()
        };
        (1..self.nj).find(suffit).unwrap_or(self.nj)
    }

    /// Les jours où il faut moins de journées que ces premiers-là : les moins chers, ceux qui finissent le plus tôt d'abord.
    fn jours_moins_chers(&self, site: usize, besoin: &Besoin, premiers: &[bool]) -> Jours {
        if self.nj > TOUS {
            return vec![];
        }
        let mut choix: Vec<(i64, Option<usize>, Vec<bool>)> = (1..1usize << self.nj)
            .filter_map(|masque| {
                let ouverts: Vec<bool> = (0..self.nj).map(|d| masque >> d & 1 == 1).collect();
                if !self.reunissent(site, &ouverts) {
                    return None;
                }
                let dernier = ouverts.iter().rposition(|ouvert| *ouvert);
                let cout = self.cout_du_site(site, besoin, &ouverts)?;
                Some((cout, dernier, ouverts))
            })
            .collect();
        choix.sort_by_key(|x| (x.0, x.1));
        let premiers = self.cout_du_site(site, besoin, premiers);
        let mieux = choix.first().map(|x| x.0);
        let garde = |x: &(i64, _, _)| Some(x.0) == mieux && premiers.is_none_or(|p| x.0 < p);
        let gardes = choix.into_iter().filter(garde);
        gardes.take(AUTRES).map(|x| x.2).collect()
    }
}

#[cfg(test)]
mod essais {
    use crate::instance::Instance;
    use crate::modele::Modele;

    const L1: &str = include_str!("../../essais/instances/L1.json");

    /// Chaque façon d'ouvrir : ce qu'elle demande, et ses jours, un signe par jour et une virgule entre deux sites.
    fn facons(inst: &Instance) -> Vec<(Option<i64>, String)> {
        let signes = |jours: &Vec<bool>| -> String {
            let un = |x: &bool| if *x { 'x' } else { '.' };
            jours.iter().map(un).collect()
        };
        let modele = Modele::new(inst);
        let facons = modele.ouvertures().into_iter();
        facons
            .map(|f| {
                let sites: Vec<String> = f.jours.iter().map(signes).collect();
                (f.cout, sites.join(","))
            })
            .collect()
    }

    fn attendu(facons: &[(i64, &str)]) -> Vec<(Option<i64>, String)> {
        facons.iter().map(|f| (Some(f.0), f.1.into())).collect()
    }

    #[test]
    fn les_premiers_jours_s_ouvrent_et_un_de_plus() {
        let l1 = Instance::lire(L1).unwrap();
        assert_eq!(facons(&l1), attendu(&[(29, "xxx."), (30, "xxxx")]));
        let s1 = Instance::lire(include_str!("../../essais/instances/S1.json")).unwrap();
        assert_eq!(facons(&s1), attendu(&[(3, "x")]));
    }

    #[test]
    fn quand_un_premier_jour_a_peu_de_jurys_d_autres_jours_s_essaient_aussi() {
        let mut inst = Instance::lire(L1).unwrap();
        // Le premier jour, chacun repart à dix heures.
        for p in inst.membres.iter_mut().flat_map(|m| &mut m.dispo) {
            if p.0 == 0 {
                p.2 = p.2.min(10 * 60);
            }
        }
        let toutes = facons(&inst);
        let voulu = [(31, "xxx."), (30, "xxxx"), (29, ".xxx")];
        assert_eq!(toutes, attendu(&voulu));
    }

    #[test]
    fn des_jours_ou_le_questionnaire_ne_reunit_pas_tout_le_monde_ne_s_ouvrent_pas_seuls() {
        // Trois candidats sont absents, chacun l'un des trois premiers jours : seul le dernier les réunit.
        let mut inst = Instance::lire(L1).unwrap();
        for (absent, c) in inst.candidats.iter_mut().take(3).enumerate() {
            let la = (0..4).filter(|d| *d != absent);
            c.dispo = Some(la.map(|d| (d, 480, 1110)).collect());
        }
        for (cout, jours) in facons(&inst) {
            assert!(cout.is_some() && jours.ends_with('x'), "{jours}");
        }
    }

    #[test]
    fn quand_rien_ne_suffit_tous_les_jours_s_ouvrent() {
        let i2 = Instance::lire(include_str!("../../essais/instances/I2.json")).unwrap();
        assert_eq!(facons(&i2), [(None, "x".to_owned())]);
    }

    #[test]
    fn les_journees_de_jure_qu_il_faut_au_moins_sont_celles_de_la_borne() {
        // La borne publiée avec les instances, à deux près sur XL1, où elle compte une délibération par jury.
        for (texte, attendu) in [
            (include_str!("../../essais/instances/S1.json"), 2),
            (L1, 26),
            (include_str!("../../essais/instances/XL1.json"), 124),
        ] {
            let inst = Instance::lire(texte).unwrap();
            assert_eq!(Modele::new(&inst).journees_au_moins, attendu);
        }
    }
}
