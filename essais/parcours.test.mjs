// Une session, de sa création à ses papiers, comme une personne la mène : à la souris, puis au clavier seul, puis sans script.
import assert from "node:assert/strict";
import { test } from "node:test";
import { actionner, atteindre, choisir, dater } from "./appui/clavier.mjs";
import { centreExemple } from "./appui/exemple.mjs";
import { commande } from "./appui/garant.mjs";
import { apres, saisirSession, titre, unMardi } from "./appui/session.mjs";

const liste = new URL("../serveur/tests/fichiers/candidats-excel.csv", import.meta.url).pathname;
const listeFautive = new URL("../serveur/tests/fichiers/candidats-avec-erreurs.csv", import.meta.url).pathname;
let garant;
const exemple = centreExemple((centre) => (garant = centre.garant));
const { connectee } = exemple;

const aujourdhui = () => new Date().toLocaleDateString("sv-SE", { timeZone: "Europe/Paris" });
const debut = unMardi(130);
const fin = apres(debut, 2);

const onglet = (page, nom) => page.locator(".onglets").getByRole("link", { name: nom }).click();
const message = (page) => page.locator("p.message.succes").first();

/** Étape 1 : crée la session et rend son adresse. */
async function creerSession(page) {
  await page.goto(`${garant.adresse}/sessions/nouvelle`);
  await saisirSession(page, debut, fin);
  await page.getByRole("button", { name: "Créer la session" }).click();
  await page.getByRole("heading", { level: 1, name: titre }).waitFor();
  return page.url().split(/[?#]/)[0];
}

/** Étape 3 : importe une liste et rend le nombre de candidats inscrits. */
async function importer(page, session, fichier) {
  await page.goto(`${session}/candidats/import`);
  await page.locator('input[type="file"]').setInputFiles(fichier);
  await page.getByRole("button", { name: "Montrer l’aperçu" }).click();
  await page.getByRole("heading", { name: /Aperçu de/ }).waitFor();
  // Qui décoche une ligne ne doit pas lire que toutes partiront.
  await page.getByRole("button", { name: "Importer les candidats cochés" }).click();
  await page.getByRole("heading", { name: "Candidats inscrits" }).waitFor();
  return page.locator('[aria-label="Liste des candidats inscrits"] tbody tr').count();
}

test("à la souris : de la création au journal", async (t) => {
  const page = await connectee();
  let session;
  await t.test("1. créer une session titre", async () => {
    session = await creerSession(page);
    await page.locator(".frise").waitFor();
    assert.ok((await page.locator(".tache").count()) > 10, "la check-list est là");
  });
  await t.test("2. nommer le suppléant", async () => {
    await onglet(page, "Équipe");
    await page.locator("#poste").selectOption("suppleant");
    await page.locator("#personne").selectOption(await page.locator("#personne option", { hasText: "Suppléant-Témoin" }).getAttribute("value"));
    await page.getByRole("button", { name: "Nommer" }).click();
    await message(page).waitFor();
    await page.locator(".personnes").filter({ hasText: /Suppléant-Témoin/i }).first().waitFor();
  });
  await t.test("3. importer les candidats, chaque difficulté dite sur sa ligne", async () => {
    await page.goto(`${session}/candidats/import`);
    await page.locator('input[type="file"]').setInputFiles(listeFautive);
    await page.getByRole("button", { name: "Montrer l’aperçu" }).click();
    await page.locator("tr .constat").first().waitFor();
    await page.goto(`${session}/candidats`);
    assert.equal(await page.locator('[aria-label="Liste des candidats inscrits"] tbody tr').count(), 0, "un aperçu n’écrit rien");
    assert.ok((await importer(page, session, liste)) >= 5, "les candidats du fichier sont inscrits");
  });
  await t.test("4. choisir deux jurés et une réserve", async () => {
    await onglet(page, "Jury");
    for (const place of ["titulaire", "titulaire", "reserve"]) {
      await page.locator(`button[name="place"][value="${place}"]`).first().click();
      await message(page).waitFor();
    }
    assert.equal(await page.getByRole("region", { name: "Jury" }).locator("tbody tr").count(), 3);
  });
  await t.test("5. établir le planning : la proposition, puis la main", async () => {
    await onglet(page, "Planning");
    await page.getByRole("button", { name: "Proposer un planning" }).click();
    await message(page).waitFor();
    await page.getByRole("link", { name: "En tableau" }).click();
    await page.waitForURL("**vue=tableau");
    const passages = page.locator("main tbody tr");
    assert.ok((await passages.count()) >= 5, "les candidats ont leurs passages");
    await page.getByRole("link", { name: /^Corriger/ }).first().click();
    await page.getByRole("button", { name: "Enregistrer le passage" }).waitFor();
    await page.getByRole("link", { name: "Annuler" }).click();
  });
  await t.test("6. éditer les convocations, ouvrir un PDF, noter une remise", async () => {
    await onglet(page, "Convocations");
    for (const case_ of await page.locator('input[name="pour"]').all()) await case_.check();
    await page.getByRole("button", { name: "Éditer les convocations choisies" }).click({ timeout: 90_000 });
    await page.getByRole("link", { name: /^Ouvrir/ }).first().waitFor({ timeout: 60_000 });
    const document = await page.getByRole("link", { name: /^Ouvrir/ }).first().evaluate((a) => a.href);
    const pdf = await page.request.get(document);
    assert.equal(pdf.headers()["content-type"], "application/pdf");
    assert.equal((await pdf.body()).subarray(0, 5).toString(), "%PDF-");
    for (const case_ of await page.locator('input[name="pour"]').all()) await case_.uncheck();
    await page.locator('input[name="pour"]').first().check();
    await page.getByLabel("En main propre, contre décharge").check();
    await page.getByLabel("Quel jour").fill(aujourdhui());
    await page.getByRole("button", { name: "Noter la remise" }).click();
    await message(page).waitFor();
  });
  await t.test("7. la check-list se ferme à mesure que les faits arrivent", async () => {
    await onglet(page, "Check-list");
    assert.ok((await page.locator(".tache.fait").count()) >= 3, "des tâches se sont fermées seules");
    assert.ok((await page.locator(".journal li").count()) >= 4, "les dernières écritures sont montrées");
  });
  await t.test("8. corriger avec un motif, et lire tout le journal", async () => {
    await onglet(page, "Programme");
    await page.getByLabel("Numéro de session CERES").fill("CERES-2027-0042");
    await page.getByRole("button", { name: "Enregistrer le numéro" }).click();
    await message(page).waitFor();
    await page.getByLabel("Numéro de session CERES").fill("CERES-2027-0043");
    await page.getByLabel("Motif de la correction").fill("erreur de saisie");
    await page.getByRole("button", { name: "Enregistrer le numéro" }).click();
    await message(page).waitFor();
    await onglet(page, "Journal");
    const journal = await page.getByRole("region", { name: "Journal" }).innerText();
    assert.match(journal, /0042/);
    assert.match(journal, /erreur de saisie/);
    assert.match(journal, /Camille/);
  });
  assert.deepEqual(page.reproches, []);
  await page.context().close();
});

test("au clavier seul : créer, nommer, importer", async (t) => {
  const page = await connectee();
  await t.test("1. créer une session", async () => {
    await page.goto(`${garant.adresse}/sessions`);
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement.className), "evitement", "le premier Tab mène au lien d’évitement");
    await actionner(page, "Créer une session");
    await page.waitForURL("**/sessions/nouvelle");
    await atteindre(page, "Session titre");
    await page.keyboard.press("Space");
    await choisir(page, "Titre professionnel", titre);
    await choisir(page, "Site", "Site");
    await dater(page, "Premier jour", debut);
    await dater(page, "Dernier jour", fin);
    await actionner(page, "Créer la session");
    await page.getByRole("heading", { level: 1, name: titre }).waitFor();
  });
  await t.test("2. nommer le suppléant", async () => {
    await actionner(page, "Équipe", { dans: ".onglets" });
    await page.waitForURL(/\/sessions\/.*\/equipe/);
    await choisir(page, "Poste", "uppléant");
    await choisir(page, "Personne", "Suppléant-Témoin");
    await actionner(page, "Nommer");
    await message(page).waitFor();
  });
  await t.test("3. importer les candidats", async () => {
    await actionner(page, "Candidats", { dans: ".onglets" });
    await page.waitForURL(/\/candidats/);
    await actionner(page, /^Importer/);
    await page.waitForURL(/\/candidats\/import/);
    await atteindre(page, "Fichier de la liste");
    const choisisseur = page.waitForEvent("filechooser");
    await page.keyboard.press("Space");
    await (await choisisseur).setFiles(liste);
    await actionner(page, "Montrer l’aperçu");
    await page.getByRole("heading", { name: /Aperçu de/ }).waitFor();
    await actionner(page, "Importer les candidats cochés");
    await page.getByRole("heading", { name: "Candidats inscrits" }).waitFor();
  });
  await page.context().close();
});

test("sans JavaScript : créer et importer marchent de même", async () => {
  const page = await connectee({ javaScriptEnabled: false });
  const session = await creerSession(page);
  assert.ok((await importer(page, session, liste)) >= 5);
  await page.context().close();
});

test("le journal se vérifie, service en marche", async () => {
  const { code, sortie } = await commande("verifier-le-journal", "--donnees", garant.donnees);
  assert.equal(code, 0, sortie);
});
