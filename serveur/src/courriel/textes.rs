//! Les mots des courriels : courts, en vouvoyant, qui disent quoi faire. Les mêmes servent à qui les envoie à la main.

use metier::echeances::Echeance;
use metier::rappels::Rappel;
use metier::sollicitations::Sollicitation;
use metier::taches::Etat;
use metier::{Session, temps};
use stockage::sites::IdentiteCentre;

/// Tient la place du lien privé dans un texte rangé : le jeton naît à l'envoi.
pub const LIEN: &str = "{lien}";

/// Un objet et un texte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lettre {
    /// Objet.
    pub objet: String,
    /// Texte.
    pub corps: String,
}

/// La signature du centre.
fn signature(i: &IdentiteCentre, nom_centre: &str) -> String {
    let nom = if i.nom.is_empty() { nom_centre } else { &i.nom };
    let joindre = [i.contact.as_str(), &i.telephone, &i.courriel]
        .into_iter()
        .filter(|t| !t.is_empty())
        .collect::<Vec<_>>()
        .join(" · ");
    [nom, joindre.as_str()]
        .into_iter()
        .filter(|t| !t.is_empty())
        .collect::<Vec<_>>()
        .join("\n")
}

/// « du titre professionnel « … » (session titre) ».
fn titre(s: &Session) -> String {
    s.programme.as_ref().map_or(String::new(), |p| {
        format!("« {} » ({})", p.referentiel.intitule, p.libelle_type())
    })
}

fn quand_et_ou(s: &Session) -> String {
    s.programme.as_ref().map_or(String::new(), |p| {
        let lieu = [p.site.nom.as_str(), &p.site.adresse]
            .into_iter()
            .filter(|t| !t.trim().is_empty())
            .collect::<Vec<_>>()
            .join(", ");
        format!(
            "Dates : {}\nLieu : {}",
            temps::periode(p.debut, p.fin),
            lieu.replace('\n', ", ")
        )
    })
}

/// Demander à un juré de siéger, ou le lui redemander.
pub fn sollicitation(
    s: &Session,
    x: &Sollicitation,
    relance: bool,
    i: &IdentiteCentre,
    nom_centre: &str,
) -> Lettre {
    let debut = s
        .programme
        .as_ref()
        .map(|p| temps::date_moyenne(p.debut))
        .unwrap_or_default();
    let message = if x.message.is_empty() {
        String::new()
    } else {
        format!("{}\n\n", x.message)
    };
    let entree = if relance {
        "Nous vous avons demandé de siéger au jury de cette session d’examen, et n’avons pas encore votre réponse."
    } else {
        "Votre habilitation couvre ce titre professionnel : nous vous proposons de siéger au jury de cette session d’examen."
    };
    Lettre {
        objet: format!(
            "{}Siéger au jury, session du {debut}",
            if relance { "Rappel : " } else { "" }
        ),
        corps: format!(
            "Bonjour {},\n\n{entree}\n\nTitre : {}\n{}\n\n{message}Répondez sans compte ni mot de passe, d’ici au {} :\n{LIEN}\n\n\
             Vous pouvez accepter, décliner, ou proposer d’autres dates. Ce lien vous est personnel et ne sert qu’une fois.\n\
             Si vous acceptez, votre convocation vous parviendra {} ; elle vous permet de demander \
             votre autorisation d’absence à votre employeur.\n\n{}\n",
            x.membre.nom,
            titre(s),
            quand_et_ou(s),
            temps::date_longue(x.avant),
            delai_de_convocation(s, x),
            signature(i, nom_centre)
        ),
    }
}

/// Quand la convocation d'un juré qui accepte lui parviendra, sans promettre un délai déjà passé.
pub fn delai_de_convocation(s: &Session, x: &Sollicitation) -> String {
    let jours = s.cadre.valeur("R36");
    let tenable = s
        .programme
        .as_ref()
        .is_some_and(|p| x.avant <= metier::echeances::jours_avant(p.debut, jours));
    if tenable {
        format!("{jours}\u{a0}jours au moins avant la session")
    } else {
        "sans attendre".into()
    }
}

/// Envoyer une convocation figée.
pub fn convocation(
    s: &Session,
    nom: &str,
    candidat: bool,
    i: &IdentiteCentre,
    nom_centre: &str,
) -> Lettre {
    let debut = s
        .programme
        .as_ref()
        .map(|p| temps::date_moyenne(p.debut))
        .unwrap_or_default();
    let preuve = if candidat {
        "Ce courriel ne remplace pas la remise contre décharge ni la lettre recommandée, qui vous est faite par ailleurs.\n\n"
    } else {
        ""
    };
    Lettre {
        objet: format!("Votre convocation à la session d’examen du {debut}"),
        corps: format!(
            "Bonjour {nom},\n\nVous trouverez ci-joint votre convocation à la session d’examen du titre professionnel {}.\n\n{}\n\n\
             Merci de dire que vous l’avez bien reçue, sans compte ni mot de passe :\n{LIEN}\n\n{preuve}\
             Si quelque chose ne convient pas, répondez à ce courriel ou appelez-nous.\n\n{}\n",
            titre(s),
            quand_et_ou(s),
            signature(i, nom_centre)
        ),
    }
}

/// Prévenir une personne de l'équipe.
pub fn alerte(s: &Session, nom: &str, objet: &str, texte: &str, adresse: &str) -> Lettre {
    Lettre {
        objet: objet.to_owned(),
        corps: format!(
            "Bonjour {nom},\n\n{texte}\n\nSession : {}\n{}\n\n{adresse}\n\nGarant\n",
            titre(s),
            quand_et_ou(s)
        ),
    }
}

/// Ce qui approche, session par session : (nom de la session, son adresse, ses rappels).
pub fn rappels(
    nom: &str,
    jour: jiff::civil::Date,
    sessions: &[(String, String, Vec<Rappel>)],
) -> Lettre {
    let total: usize = sessions.iter().map(|x| x.2.len()).sum();
    let mut corps = format!(
        "Bonjour {nom},\n\nCes délais approchent, et rien ne dit encore qu’ils sont tenus.\n"
    );
    for (titre, adresse, rappels) in sessions {
        corps.push_str(&format!("\n{titre}\n{adresse}\n"));
        for r in rappels {
            let e = &r.echeance;
            corps.push_str(&format!(
                "- {} : au plus tard le {} ({})\n",
                e.intitule,
                temps::date_longue(e.pour_le),
                temps::distance(jour, e.pour_le)
            ));
        }
    }
    corps.push_str("\nGarant vous le rappelle deux fois par délai, puis plus. Ce qui est noté fait ne se rappelle pas.\n");
    Lettre {
        objet: if total > 1 {
            format!("{total} délais approchent")
        } else {
            "Un délai approche".into()
        },
        corps,
    }
}

/// Le récapitulatif du matin.
pub fn recapitulatif(
    nom: &str,
    jour: jiff::civil::Date,
    origine: &str,
    sessions: &[(String, String, Vec<Echeance>)],
) -> Lettre {
    let tous = || sessions.iter().flat_map(|x| &x.2);
    let retard = tous().filter(|e| e.etat == Etat::EnRetard).count();
    let proches = tous().count() - retard;
    let mut corps = format!(
        "Bonjour {nom},\n\nVos sessions, ce {} : {}.\n",
        temps::date_longue(jour),
        dire_total(retard, proches)
    );
    for (titre, adresse, lignes) in sessions {
        corps.push_str(&format!("\n{titre}\n{adresse}\n"));
        for e in lignes {
            let debut = match e.etat {
                Etat::EnRetard => "EN RETARD : ",
                _ if e.a_controler => "À contrôler : ",
                _ => "",
            };
            corps.push_str(&format!(
                "- {debut}{} ({}, {})\n",
                e.intitule,
                temps::date_moyenne(e.pour_le),
                temps::distance(jour, e.pour_le)
            ));
        }
    }
    corps.push_str(&format!(
        "\nTout ce qui est à faire : {origine}/\nNe plus recevoir ce récapitulatif : {LIEN}\n"
    ));
    Lettre {
        objet: format!("À faire : {}", dire_total(retard, proches)),
        corps,
    }
}

fn dire_total(retard: usize, proches: usize) -> String {
    let proche = |n| {
        if n > 1 {
            format!("{n} tâches proches")
        } else {
            format!("{n} tâche proche")
        }
    };
    match (retard, proches) {
        (0, n) => proche(n),
        (r, 0) => format!("{r} en retard"),
        (r, n) => format!("{r} en retard, {}", proche(n)),
    }
}

/// Le message d'essai.
pub fn essai(nom: &str, nom_centre: &str) -> Lettre {
    Lettre {
        objet: "Essai d’envoi de Garant".into(),
        corps: format!(
            "Bonjour {nom},\n\nCe message d’essai vous parvient : le serveur de courriel de {nom_centre} est bien réglé dans Garant.\n"
        ),
    }
}
