// Une session entière, comme un centre la mène : de sa création à la liste des lauréats affichée, à la souris, d'une traite.
// Le serveur est relancé au jour où chaque fait arrive. L'heure reste celle de la machine : ce qu'elle change, la page le
// demande (un motif pour qui arrive après l'heure), et l'essai répond.
import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { responsableExemple, seConnecter } from "./appui/comptes.mjs";
import { centreExemple } from "./appui/exemple.mjs";
import { commande, dossierTemporaire } from "./appui/garant.mjs";
import { apres, saisirSession, unMardi } from "./appui/session.mjs";

const liste = new URL("../serveur/tests/fichiers/candidats-excel.csv", import.meta.url).pathname;
const numero = "CERES-2027-0117";
const jures = ["Jeanne JURÉ-TÉMOIN", "Ousmane PAIR-TÉMOIN"];
const reserve = "Lise RÉSERVE-TÉMOIN";
const surveillant = "Maxime VEILLE-TÉMOIN";
const enveloppe = "Épreuves, enveloppe 1";

const debut = unMardi(130);
const fin = apres(debut, 1);

let garant;
const exemple = centreExemple((centre) => (garant = centre.garant));

test("une session entière, de sa création à la liste des lauréats affichée", async (t) => {
  const page = await exemple.connectee();
  let session;
  let venus;
  let absent;
  const onglet = (nom) => page.locator(".onglets").getByRole("link", { name: nom }).click();
  const corps = () => page.locator("main").innerText();

  /** Actionne un bouton et attend la page qui suit. */
  async function actionner(bouton) {
    const suite = page.waitForEvent("load");
    await bouton.click();
    await suite;
  }
  /** Note un fait ; si la page demande un motif (l'heure prévue est passée), le donne. Un autre refus arrête l'essai, et se lit. */
  async function noter(bouton) {
    await actionner(bouton);
    const motif = page.locator("#refus").getByLabel("Motif");
    if (await motif.isVisible()) {
      await motif.fill("Noté à l’heure de la montre");
      await actionner(page.getByRole("button", { name: "Enregistrer avec ce motif" }));
    }
    assert.deepEqual(await page.locator(".bilan").allInnerTexts(), []);
    await page.locator("p.message.succes").first().waitFor();
  }
  const presser = (nom) => noter(page.getByRole("button", { name: nom }).first());
  /** Note un à un les faits que ces boutons proposent, jusqu'au dernier. */
  async function epuiser(boutons) {
    for (let reste = await boutons.count(); reste > 0; reste--) await noter(boutons.first());
    assert.equal(await boutons.count(), 0, "chaque fait noté retire son bouton");
  }

  /** Joue une étape ; qu'elle échoue, et la suite n'a pas lieu d'être. */
  async function etape(nom, jouer) {
    let jouee = false;
    await t.test(nom, async () => {
      await jouer();
      jouee = true;
    });
    assert.ok(jouee, `la session s’arrête à « ${nom} »`);
  }

  /** Relance le serveur ce jour-là, et revient à la session. */
  async function venir(jour) {
    await page.goto("about:blank");
    assert.equal(await garant.relancer({ horloge: jour }), 0, "le service s’arrête proprement");
    await page.context().clearCookies();
    await seConnecter(page, garant.adresse, responsableExemple);
    await page.goto(session);
  }

  // À cinq minutes de minuit, le jour tournerait pendant l'examen : on le note alors le lendemain, après coup.
  const minuitProche = () => new Date().toLocaleTimeString("sv-SE", { timeZone: "Europe/Paris" }) >= "23:55";
  let apresCoup = "";
  /** La page du jour J, au premier jour de la session. */
  async function jourJ() {
    await onglet("Jour J");
    if (!apresCoup) return;
    await page.locator("summary", { hasText: "Noter après coup" }).click();
    await page.locator("#jour").selectOption(debut);
    await page.getByLabel("Heure du fait").fill(apresCoup);
    await actionner(page.getByRole("button", { name: "Saisir à cette heure" }));
  }
  /** Date un fait, dans un formulaire qui le demande : maintenant, ou après coup. */
  async function dater(formulaire) {
    if (!apresCoup) return;
    await formulaire.getByLabel("Date").fill(debut);
    await formulaire.getByLabel("Heure").fill(apresCoup);
  }

  /** Franchit l'étape suivante d'un pli ; `remplir(carte)` donne ce qu'elle demande. */
  async function franchir(pli, geste, remplir = async () => {}) {
    const carte = page.locator("section.carte").filter({ has: page.getByRole("heading", { name: pli, exact: true }) });
    await carte.locator("summary", { hasText: geste }).click();
    await remplir(carte);
    await dater(carte);
    await noter(carte.getByRole("button", { name: geste }));
  }

  await etape("créer la session, noter son numéro CERES", async () => {
    await page.goto(`${garant.adresse}/sessions`);
    await page.getByRole("link", { name: "Créer une session" }).first().click();
    await saisirSession(page, debut, fin);
    await presser("Créer la session");
    session = page.url().split(/[?#]/)[0];
    await onglet("Programme");
    await page.getByLabel("Numéro de session CERES").fill(numero);
    await presser("Enregistrer le numéro");
    assert.match(await page.locator(".tete p").first().innerText(), new RegExp(numero));
  });

  await etape("nommer le suppléant, une formatrice, le surveillant", async () => {
    await onglet("Équipe");
    for (const [poste, nom] of [["Suppléant de session", "SUPPLÉANT-TÉMOIN"], ["Formateur des candidats", "DIRECTION-TÉMOIN"], ["Surveillant", "VEILLE-TÉMOIN"]]) {
      await page.getByLabel("Poste").selectOption({ label: poste });
      const personne = page.locator("#personne");
      await personne.selectOption(await personne.locator("option", { hasText: nom }).getAttribute("value"));
      await presser("Nommer");
    }
    assert.equal(await page.locator(".personnes li").count(), 4, "avec le responsable");
  });

  await etape("importer quatre candidats d’une liste de douze", async () => {
    await onglet("Candidats");
    await page.getByRole("link", { name: "Importer une liste" }).click();
    await page.getByLabel("Fichier de la liste").setInputFiles(liste);
    await actionner(page.getByRole("button", { name: "Montrer l’aperçu" }));
    const cases = page.getByRole("checkbox", { name: /^Importer/ });
    assert.equal(await cases.count(), 12);
    for (const laCase of (await cases.all()).slice(4)) await laCase.uncheck();
    await presser(/^Importer/);
    const noms = await page.locator('[aria-label="Liste des candidats inscrits"] tbody th a').allInnerTexts();
    assert.equal(noms.length, 4);
    [absent, ...venus] = noms.reverse();
  });

  await etape("retenir deux titulaires et une réserve, qui confirment", async () => {
    await onglet("Jury");
    for (const nom of jures) await presser(`Retenir ${nom} comme titulaire`);
    await presser(`Retenir ${reserve} en réserve`);
    await epuiser(page.getByRole("button", { name: /^Confirmer la présence/ }));
    assert.match(await corps(), /2 titulaires et 1 en réserve/);
  });

  await etape("proposer un planning, le valider, l’afficher", async () => {
    await onglet("Planning");
    await presser("Proposer un planning");
    assert.match(await corps(), /16 passages placés sur 16/);
    await presser("Valider le planning");
    await presser("Noter l’affichage");
    assert.match(await corps(), /Planning validé : 16 passages/);
  });

  await etape("éditer les convocations, les remettre", async () => {
    await onglet("Convocations");
    const cocherTout = async () => {
      for (const laCase of await page.locator('input[name="pour"]').all()) await laCase.check();
    };
    await cocherTout();
    await page.getByRole("button", { name: "Éditer les convocations choisies" }).click({ timeout: 90_000 });
    await page.getByRole("link", { name: /^Ouvrir la convocation/ }).first().waitFor({ timeout: 60_000 });
    await cocherTout();
    await page.getByLabel("En main propre, contre décharge").check();
    await presser("Noter la remise");
    assert.equal(await page.getByRole("cell", { name: "Remise", exact: true }).count(), 8, "quatre candidats, trois jurés, un surveillant");
  });

  await etape("préparer le plateau", async () => {
    await onglet("Plateau");
    await presser("Commencer par les postes et les papiers du jury");
    for (const ligne of await page.getByRole("row").filter({ has: page.getByRole("textbox", { name: /^En état/ }) }).all()) {
      await ligne.getByRole("textbox").fill(await ligne.locator("td.nombre").innerText());
    }
    await presser("Enregistrer les comptes");
    await epuiser(page.getByRole("button", { name: /^Réservé et préparé/ }));
    await epuiser(page.getByRole("button", { name: /^Constaté/ }));
    assert.match(await corps(), /4 lignes réglées sur 4/);
  });

  await etape("commander les plis, les recevoir, les mettre au coffre ; lire le pli « organisation »", async () => {
    await onglet("Plis");
    for (const [sorte, nom] of [["Pli « organisation »", "Organisation"], ["Pli d’épreuves", enveloppe]]) {
      await page.getByLabel("Sorte").selectOption({ label: sorte });
      await page.getByLabel("Nom du pli").fill(nom);
      await presser("Noter la commande");
      await franchir(nom, "Noter la réception", async (carte) => {
        await carte.getByLabel("Intacts").check();
        await carte.getByLabel("Nombre d’enveloppes").fill("1");
        await carte.getByLabel("Référence du DTE").fill("DWWM-04");
        await carte.getByLabel("Version du DTE").fill("2027-1");
      });
      await franchir(nom, "Mettre au coffre");
    }
    await franchir("Organisation", "Noter la lecture");
  });

  await etape("le premier jour, accueillir le jury et les candidats, voir leurs pièces", async () => {
    if (minuitProche()) apresCoup = "23:30";
    await venir(apresCoup ? fin : debut);
    await jourJ();
    for (const nom of [...jures, /Camille EXEMPLAIRE/, surveillant]) {
      await noter(page.locator("#les-jures article").filter({ hasText: nom }).getByRole("button", { name: /^Arrive/ }));
    }
    for (const nom of jures) await epuiser(page.locator("#les-jures article").filter({ hasText: nom }).getByRole("button", { name: /vue|rappelé|remis|ensemble/ }));
    for (const nom of venus) {
      await presser(`Présent : ${nom}`);
      await presser(`Tout vu : ${nom}`);
      await presser(`A signé le papier : ${nom}`);
    }
    await presser(`Absent : ${absent}`);
    assert.match(await page.locator("#le-jour").innerText(), /3 présents sur 4/);
  });

  await etape("sortir le pli, constater ses scellés devant un candidat, l’ouvrir, le contrôler seul, distribuer", async () => {
    await onglet("Plis");
    await franchir(enveloppe, "Sortir du coffre");
    await franchir(enveloppe, "Constater les scellés", async (carte) => {
      await carte.getByLabel("Candidat témoin").selectOption({ label: venus[0] });
      await carte.getByLabel("Intacts").check();
    });
    await franchir(enveloppe, "Ouvrir");
    await franchir(enveloppe, "Contrôler le contenu", async (carte) => {
      await carte.getByLabel("Le responsable (ou son suppléant) était seul").check();
      await carte.getByLabel("Complet et conforme").check();
    });
    await franchir(enveloppe, "Noter la distribution", (carte) => carte.getByLabel("Exemplaires distribués").fill("3"));
  });

  await etape("commencer et finir les épreuves ; le jury statue avant l’entretien final", async () => {
    await jourJ();
    const creneaux = page.locator("#les-epreuves article");
    const derouler = async (choix) => {
      for (const geste of ["Noter le début", "Noter la fin"]) await epuiser(creneaux.filter(choix).getByRole("button", { name: geste }));
    };
    await derouler({ hasNotText: "Entretien final" });
    await actionner(creneaux.filter({ hasText: "Entretien final" }).getByRole("button", { name: "Noter le début" }).first());
    assert.match(await page.locator("#refus").innerText(), /le jury n’a pas encore statué/);
    await jourJ();
    for (const nom of venus) await presser(`Le jury a statué sur la mise en situation de ${nom}`);
    await derouler({ hasText: "Entretien final" });
    assert.equal(await page.locator("#les-epreuves li").filter({ hasText: "Fini" }).count(), 4 * venus.length);
  });

  await etape("signaler un incident mineur, reprendre les sujets", async () => {
    await onglet("Incidents");
    await page.getByLabel("Nature").selectOption({ label: "Matériel ou local défaillant" });
    await page.getByLabel("Mineur").check();
    await page.getByLabel("Faits").fill("Coupure d’électricité de deux minutes");
    await dater(page.locator("main"));
    await presser("Signaler");
    await onglet("Plis");
    await franchir(enveloppe, "Noter la reprise", (carte) => carte.getByLabel("Exemplaires repris").fill("3"));
  });

  await etape("délibérer : deux réussites, une réussite partielle motivée, une absence", async () => {
    await onglet("Délibération");
    await page.getByLabel("Aucun tiers dans la salle").check();
    await dater(page.locator("main"));
    await presser("Ouvrir la délibération");
    for (const nom of venus) {
      const partielle = nom === venus[1];
      await page.getByRole("link", { name: `Transcrire : ${nom}` }).click();
      for (const element of await page.getByRole("group", { name: "Éléments" }).getByRole("checkbox").all()) await element.check();
      await presser("Enregistrer les éléments");
      await page.getByRole("group", { name: /^CCP1/ }).getByLabel("Attribué").check();
      await page.getByRole("group", { name: /^CCP2/ }).getByLabel(partielle ? "Refusé" : "Attribué").check();
      await page.getByRole("group", { name: "Entretien final" }).getByLabel("Favorable", { exact: true }).check();
      await page.getByLabel(partielle ? "Réussite partielle" : "Réussite", { exact: true }).check();
      if (partielle) {
        await page.getByLabel("Motivation").fill("La partie back-end n’est pas maîtrisée");
        await page.getByLabel("Recommandations au candidat").fill("Reprendre les composants d’accès aux données");
      }
      await presser("Transcrire la décision");
    }
    await presser(`Constater l’absence de ${absent}`);
    await dater(page.locator("main"));
    await presser("Clore la délibération");
    const bilan = await page.locator(".fiche").innerText();
    assert.deepEqual(bilan.split(/\s*\n\s*/), ["Réussite", "2", "Réussite partielle", "1", "Échec", "0", "Absence", "1", "À transcrire", "0"]);
    apresCoup = "";
  });

  await etape("la session finie, détruire les sujets devant témoin", async () => {
    await venir(apres(fin, 1));
    await onglet("Plis");
    for (const [pli, nombre] of [[enveloppe, "3"], ["Organisation", "1"]]) {
      await franchir(pli, "Noter la destruction", async (carte) => {
        await carte.getByLabel("Exemplaires détruits").fill(nombre);
        await carte.getByLabel("Procédé").fill("Broyeur");
        await carte.getByLabel("Nom du témoin").fill("Sacha SUPPLÉANT-TÉMOIN");
      });
    }
  });

  await etape("dresser le procès-verbal, dans l’ordre, et l’envoyer", async () => {
    await onglet("PV");
    const cocher = async (etiquette, geste) => {
      await page.getByLabel(etiquette).check();
      await presser(geste);
    };
    await cocher(/reportés sont vérifiés/, "Noter la transcription");
    await cocher(/signature de tous les jurés/, "Noter les signatures des fiches");
    await cocher(/conforme au brouillon/, "Noter l’enregistrement dans CERES");
    await presser("Noter l’édition");
    await cocher("Tous les jurés ont signé", "Noter les signatures du jury");
    assert.match(await page.getByLabel("Observations du jury").inputValue(), /Coupure d’électricité/);
    await presser("Noter les observations");
    await page.getByLabel("Fait par").selectOption({ label: surveillant });
    await presser("Noter la signature du surveillant");
    await cocher(/papier signé concordent/, "Contresigner");
    await page.getByLabel("Procès-verbal numérisé").setInputFiles({ name: "pv.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.7\nfictif") });
    await presser("Joindre");
    await page.getByLabel("Canal").selectOption({ label: "Lettre recommandée (LR/AR)" });
    await page.getByLabel("Numéro de suivi").fill("1A 000 117");
    await presser("Noter l’envoi");
    await page.getByLabel("Moyen").fill("Courriel");
    await presser("Noter l’information des candidats");
    assert.match(await corps(), /qu’une fois revenue la copie/);
  });

  await etape("vingt jours plus tard, la copie revient signée : la liste des lauréats s’affiche", async () => {
    await venir(apres(fin, 20));
    await onglet("PV");
    await page.getByLabel("Signée par").fill("la DDETS d’exemple");
    await presser("Noter le retour de la copie");
    await page.getByLabel("Lieu d’affichage").fill("Hall d’accueil");
    await presser("Noter l’affichage");
    assert.match(await corps(), /Toutes les étapes sont faites/);
    const laureats = await page.locator("section.carte").filter({ has: page.getByRole("heading", { name: "Lauréats" }) }).getByRole("listitem").allInnerTexts();
    assert.deepEqual(laureats, venus.map((nom) => `${nom} · ${nom === venus[1] ? "CCP1" : "Titre professionnel"}`).sort());
  });

  await etape("le journal nomme les faits ; il se vérifie, et le dossier de contrôle aussi", async () => {
    await onglet("Journal");
    const region = page.getByRole("region", { name: "Journal" });
    let journal = await region.innerText();
    for (const suite = page.getByRole("link", { name: "Écritures plus anciennes" }); await suite.isVisible(); ) {
      await actionner(suite);
      journal += await region.innerText();
    }
    // Dans l'ordre où ils se sont suivis ; le journal, lui, va du plus récent au plus ancien.
    const faits = [
      "Session titre créée",
      `Numéro CERES noté : ${numero}`,
      "Suppléant de session : Sacha SUPPLÉANT-TÉMOIN",
      `Surveillant : ${surveillant}`,
      `${venus[0]} inscrit depuis le fichier`,
      `${jures[0]} retenu au jury (titulaire)`,
      `${reserve} retenu au jury (réserve)`,
      `${jures[0]} confirme sa présence`,
      "Planning validé : 16 passages, 4 candidats",
      "Planning affiché",
      `Convocation remise à ${venus[0]}`,
      `Convocation remise à ${surveillant}`,
      "Plateau : 4 lignes comptées",
      "Règlement général affiché",
      `Pli « ${enveloppe} » commandé`,
      `Pli « ${enveloppe} » : reçu`,
      `Pli « ${enveloppe} » : au coffre`,
      "Pli « Organisation » : lu",
      `${jures[0]} arrive`,
      `${jures[0]} : identité vue`,
      `${venus[0]} présent`,
      `${venus[0]} : vu`,
      `${absent} constaté absent`,
      `Pli « ${enveloppe} » : sorti du coffre`,
      `Pli « ${enveloppe} » : scellés constatés`,
      `Pli « ${enveloppe} » : ouvert`,
      `Pli « ${enveloppe} » : contenu contrôlé`,
      `Pli « ${enveloppe} » : distribué`,
      "Questionnaire professionnel commence",
      "Questionnaire professionnel finit",
      `a statué sur la mise en situation de ${venus[0]}`,
      "Entretien final commence",
      "Entretien final finit",
      "Incident n° 1",
      `Pli « ${enveloppe} » : repris`,
      "Délibération ouverte",
      `Décision du jury pour ${venus[0]} : réussite`,
      `Décision du jury pour ${venus[1]} : réussite partielle`,
      `Décision du jury pour ${absent} : absence`,
      "Délibération close",
      `Pli « ${enveloppe} » : détruit`,
      "Procès-verbal : résultats transcrits",
      "Procès-verbal : fiches individuelles signées par le jury",
      "Procès-verbal : résultats enregistrés dans",
      "Procès-verbal : procès-verbal édité",
      "Procès-verbal : signé par tous les jurés",
      "Procès-verbal : observations complétées",
      "Procès-verbal : signé par le surveillant",
      "Procès-verbal : contresigné par le responsable",
      "Procès-verbal signé joint",
      "Procès-verbal : original envoyé à l’administration",
      "Procès-verbal : candidats informés du retrait",
      "Procès-verbal : copie revenue signée",
      "Procès-verbal : liste des lauréats affichée",
    ];
    let avant = journal.length;
    for (const fait of faits) {
      const place = journal.lastIndexOf(fait, avant - 1);
      assert.ok(place >= 0, `« ${fait} » ${journal.includes(fait) ? "n’est pas à sa place" : "manque"} au journal`);
      avant = place;
    }
    const { code, sortie } = await commande("verifier-le-journal", "--donnees", garant.donnees);
    assert.equal(code, 0, sortie);
    const dossier = await dossierTemporaire();
    try {
      const zip = join(dossier, "session.zip");
      const ecrit = await commande("dossier", "--donnees", garant.donnees, "--session", session.split("/").at(-1), "--vers", zip);
      assert.equal(ecrit.code, 0, ecrit.erreurs);
      const verifie = await commande("verifier-le-dossier", zip);
      assert.equal(verifie.code, 0, verifie.sortie);
    } finally {
      await rm(dossier, { recursive: true });
    }
  });
  assert.deepEqual(page.reproches, []);
  await page.context().close();
});
