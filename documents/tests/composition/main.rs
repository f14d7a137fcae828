//! Chaque document du catalogue est composé, relu et contrôlé.
//!
//! Méthode : des données ordinaires, vides et démesurées ; le texte se relit avec `pdftotext`, la structure du
//! fichier avec `qpdf` (paquets poppler-utils et qpdf). Les PDF restent dans le dossier temporaire de cargo.

mod exemples;
mod outils;

use documents::donnees::*;
use documents::{CATALOGUE, Document, ErreurDocument, composer, composer_ensemble};
use exemples::*;
use outils::*;

#[test]
fn chaque_document_du_catalogue_se_compose_et_se_relit() {
    let documents = un_de_chaque();
    for fiche in CATALOGUE {
        let document = documents
            .iter()
            .find(|document| document.code() == fiche.code)
            .unwrap_or_else(|| panic!("{} : pas d'exemple", fiche.code));
        let octets = composer(&entete(), document).unwrap();
        let texte = relire(fiche.code, &octets);
        controler_fichier(fiche.code);
        if fiche.code == "etiquettes" {
            assert!(texte.contains("69400 Villefranche"));
            continue; // une planche prédécoupée n'a ni en-tête ni pied
        }
        for attendu in [
            "CFA des Métiers du Numérique",
            "SIRET 123 456 789 00012",
            "N° de déclaration d’activité 84 69 01234 69",
            "page 1/",
            "Édité le lundi 23 novembre 2026 à 14 h 30",
            "journal n° 142 · 7f3a 9c01 e4d2 55b8",
        ] {
            assert!(
                texte.contains(attendu),
                "{} : « {attendu} » absent de\n{texte}",
                fiche.code
            );
        }
    }
}

#[test]
fn la_convocation_du_candidat_dit_quand_ou_quoi_et_avec_quelles_pieces() {
    let texte = relire(
        "convocation-champs",
        &composer(&entete(), &convocation_candidat()).unwrap(),
    );
    for attendu in [
        "Convocation à la session d’examen",
        "Mme Zoé D’ŒUVRE-N’GUYEN",
        "Développeur web et web mobile",
        "lundi 11 janvier 2027",
        "9 h 00",
        "10 h 30",
        "Salle B204",
        "Entretien final",
        "durée 15 min",
        "pièce d’identité",
        "dossier professionnel (DP)",
        "livret d’évaluations passées en cours de formation (ECF)",
        "Chaussures de sécurité",
        "CERES n° : SX-2027-0042",
        "L’aménagement d’épreuve",
        "Votre contact",
    ] {
        assert!(texte.contains(attendu), "« {attendu} » absent de\n{texte}");
    }
    assert!(
        !texte.contains("recevabilité"),
        "une pièce de VAE est demandée à un candidat en formation"
    );
}

#[test]
fn la_voie_decide_des_pieces_et_le_numero_ceres_peut_manquer() {
    let mut entete = entete();
    entete.session.numero_ceres = None;
    let Document::ConvocationCandidat(mut convocation) = convocation_candidat() else {
        unreachable!()
    };
    convocation.voie = Voie::Vae;
    convocation.amenagement = false;
    let octets = composer(&entete, &Document::ConvocationCandidat(convocation)).unwrap();
    let texte = relire("convocation-vae", &octets);
    assert!(texte.contains("notification de recevabilité"));
    assert!(!texte.contains("livret d’évaluations"));
    assert!(!texte.contains("L’aménagement"));
    assert!(texte.contains("CERES n° : à compléter"));
}

#[test]
fn une_convocation_sans_heure_ou_sans_lieu_est_refusee_avec_une_phrase() {
    let Document::ConvocationCandidat(mut convocation) = convocation_candidat() else {
        unreachable!()
    };
    convocation.passages[1].debut = None;
    convocation.passages[2].lieu = Some("  ".to_owned());
    let erreur = composer(
        &entete(),
        &Document::ConvocationCandidat(convocation.clone()),
    )
    .unwrap_err();
    assert_eq!(
        erreur.to_string(),
        "La convocation de Mme Zoé D’ŒUVRE-N’GUYEN ne peut pas être éditée : il manque l'heure de « Présentation d’un projet réalisé en amont de la session ». Complétez le planning, puis recommencez.\n\
         La convocation de Mme Zoé D’ŒUVRE-N’GUYEN ne peut pas être éditée : il manque le lieu de « Entretien technique ». Complétez le planning, puis recommencez."
    );
    convocation.passages.clear();
    let erreur = composer(&entete(), &Document::ConvocationCandidat(convocation)).unwrap_err();
    assert!(
        erreur.to_string().contains("son planning est vide"),
        "{erreur}"
    );
}

#[test]
fn un_jure_ou_un_surveillant_sans_heure_ne_se_convoque_pas() {
    let Document::ConvocationJure(mut jure) = convocation_jure() else {
        unreachable!()
    };
    jure.jours[0].debut = None;
    jure.jours[0].lieu = None;
    let erreur = composer(&entete(), &Document::ConvocationJure(jure)).unwrap_err();
    assert!(
        erreur.to_string().contains("il manque l'heure et le lieu"),
        "{erreur}"
    );
    let Document::ConvocationSurveillant(mut surveillant) = convocation_surveillant() else {
        unreachable!()
    };
    surveillant.vacations.clear();
    let erreur = composer(&entete(), &Document::ConvocationSurveillant(surveillant)).unwrap_err();
    assert!(
        erreur.to_string().contains("aucune épreuve à surveiller"),
        "{erreur}"
    );
}

#[test]
fn un_nom_qui_ressemble_a_du_code_s_imprime_tel_quel() {
    let nom = "#panic(\"x\") $x^2$ *gras* _it_ `c` <fin> @ref // [x] \\ {1+1} = titre";
    let mut entete = entete();
    entete.centre.nom = nom.to_owned();
    entete.session.titre = nom.to_owned();
    let Document::ConvocationCandidat(mut convocation) = convocation_candidat() else {
        unreachable!()
    };
    convocation.candidat.nom = nom.to_owned();
    convocation.passages[0].lieu = Some(nom.to_owned());
    let texte = relire(
        "injection",
        &composer(&entete, &Document::ConvocationCandidat(convocation)).unwrap(),
    );
    controler_fichier("injection");
    assert!(
        texte.matches("#panic(\"x\") $x^2$ *gras* _it_").count() >= 2,
        "{texte}"
    );
}

#[test]
fn meme_entree_memes_octets() {
    let documents = un_de_chaque();
    let premier = composer_ensemble(&entete(), &documents).unwrap();
    composer(&entete(), &check_list()).unwrap();
    assert!(
        premier == composer_ensemble(&entete(), &documents).unwrap(),
        "les octets diffèrent"
    );
}

#[test]
fn un_ensemble_pagine_chaque_document_pour_lui_meme() {
    let documents: Vec<Document> = (1..=6)
        .flat_map(|rang| {
            let Document::ConvocationCandidat(mut convocation) = convocation_candidat() else {
                unreachable!()
            };
            convocation.candidat.nom = format!("Candidat {rang}");
            if rang % 2 == 0 {
                convocation.equipements = (1..=12).map(|n| format!("Outil {n}")).collect();
            }
            let decharge = decharge_pour(&convocation.candidat.nom);
            [Document::ConvocationCandidat(convocation), decharge]
        })
        .collect();
    let octets = composer_ensemble(&entete(), &documents).unwrap();
    let texte = relire("ensemble", &octets);
    controler_fichier("ensemble");
    assert_eq!(
        texte.matches("page 1/1").count(),
        9,
        "six décharges, trois convocations courtes"
    );
    assert_eq!(
        texte.matches("page 1/2").count(),
        3,
        "trois convocations longues"
    );
    assert_eq!(texte.matches("page 2/2").count(), 3);
}

#[test]
fn soixante_personnes_et_des_noms_tres_longs_ne_debordent_pas() {
    for (nom, document) in demesures() {
        let octets = composer(&entete_demesure(), &document).unwrap();
        let texte = relire(nom, &octets);
        controler_fichier(nom);
        controler_marges(nom);
        assert!(
            texte.contains("page 2/"),
            "{nom} devrait courir sur plusieurs pages"
        );
    }
    let texte = texte_de("planning-60");
    assert!(
        texte.matches("Horaire").count() >= 3,
        "les en-têtes se répètent à chaque page"
    );
    for rang in 1..=60 {
        assert!(
            texte.contains(&format!("N° {rang:02} ")),
            "candidat {rang} absent"
        );
    }
}

#[test]
fn les_documents_vides_se_composent() {
    for (nom, document) in vides() {
        let octets = composer(&entete_vide(), &document).unwrap();
        relire(nom, &octets);
        controler_fichier(nom);
    }
}

#[test]
fn le_fichier_declare_sa_langue_son_titre_et_ses_normes() {
    let octets = composer(&entete(), &convocation_candidat()).unwrap();
    deposer("normes", &octets);
    let infos = outil("pdfinfo", &["-enc", "UTF-8"], "normes");
    assert!(
        infos.contains("Title:           Convocation du candidat : Mme Zoé D’ŒUVRE-N’GUYEN"),
        "{infos}"
    );
    assert!(infos.contains("Tagged:          yes"), "{infos}");
    let structure = outil("pdfinfo", &["-struct"], "normes");
    for balise in ["H1", "H2", "Table", "TH", "TD", "LI"] {
        assert!(
            structure.contains(balise),
            "balise {balise} absente de\n{structure}"
        );
    }
    let meta = outil("pdfinfo", &["-meta"], "normes");
    assert!(
        meta.contains("<pdfaid:part>2</pdfaid:part>") && meta.contains("<pdfaid:conformance>A"),
        "{meta}"
    );
    assert!(meta.contains("<pdfuaid:part>1</pdfuaid:part>"), "{meta}");
    assert!(
        octets
            .windows(12)
            .any(|fenetre| fenetre == b"/Lang (fr-FR" || fenetre == b"/Lang(fr-FR)"),
        "langue absente"
    );
}

#[test]
fn un_caractere_sans_dessin_et_un_logo_abime_se_disent_en_francais() {
    let mut entete = entete();
    entete.centre.ville = Some("東京".to_owned());
    let erreur = composer(&entete, &check_list()).unwrap_err();
    assert!(
        matches!(
            erreur,
            ErreurDocument::CaractereNonImprimable {
                caractere: '東',
                ..
            }
        ),
        "{erreur}"
    );
    entete.centre.ville = None;
    entete.centre.logo = Some(Logo {
        nature: NatureLogo::Png,
        octets: b"pas une image".to_vec(),
    });
    assert_eq!(
        composer(&entete, &check_list()).unwrap_err(),
        ErreurDocument::LogoIllisible
    );
}

#[test]
fn le_logo_du_centre_s_imprime() {
    let mut entete = entete();
    entete.centre.logo = Some(Logo {
        nature: NatureLogo::Svg,
        octets: br#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 40"><rect width="60" height="40" rx="6"/><circle cx="30" cy="20" r="11" fill="white"/></svg>"#.to_vec(),
    });
    let octets = composer(&entete, &convocation_jure()).unwrap();
    relire("logo", &octets);
    controler_fichier("logo");
}

#[test]
fn un_texte_du_centre_remplace_le_texte_livre_et_reste_du_texte() {
    let mut entete = entete();
    entete.textes.insert(
        "convocation-candidat.ouverture".into(),
        "Venez tôt. #panic(\"x\") *pas gras*\n\nDeuxième paragraphe.".into(),
    );
    let texte = relire(
        "textes-centre",
        &composer(&entete, &convocation_candidat()).unwrap(),
    );
    assert!(
        texte.contains("Venez tôt. #panic(\"x\") *pas gras*"),
        "{texte}"
    );
    assert!(texte.contains("Deuxième paragraphe."));
    assert!(!texte.contains("Nous vous convoquons à la session"));
    assert!(texte.contains("l’heure de fin de l’épreuve ne change pas"));
}

#[test]
fn une_duree_a_verifier_ou_un_numero_ceres_exige_arretent_la_convocation() {
    let Document::ConvocationCandidat(mut convocation) = convocation_candidat() else {
        unreachable!()
    };
    convocation.passages[0].duree_minutes = None;
    let dit = composer(&entete(), &Document::ConvocationCandidat(convocation))
        .unwrap_err()
        .to_string();
    assert!(dit.contains("encore à vérifier au référentiel"), "{dit}");
    let mut exigeant = entete();
    exigeant.exige_ceres = true;
    assert!(composer(&exigeant, &convocation_candidat()).is_ok());
    exigeant.session.numero_ceres = None;
    for d in [
        convocation_candidat(),
        convocation_jure(),
        convocation_surveillant(),
    ] {
        let dit = composer(&exigeant, &d).unwrap_err().to_string();
        assert!(dit.contains("sans le numéro CERES"), "{dit}");
    }
    assert!(
        composer(&exigeant, &emargement()).is_ok(),
        "l'émargement, lui, se complète"
    );
}

#[test]
fn une_planche_de_soixante_adresses_tient_dans_ses_marges() {
    deposer(
        "etiquettes-60",
        &composer(&entete(), &etiquettes(60)).unwrap(),
    );
    controler_marges("etiquettes-60");
    controler_fichier("etiquettes-60");
    assert!(outil("pdfinfo", &[], "etiquettes-60").contains("Pages:           5"));
}
