// La conformité et les paramètres, sans script et au clavier : lire les règles, régler une valeur, voir les écarts.
import assert from "node:assert/strict";
import { test } from "node:test";
import { actionner, choisir, ecrire } from "./appui/clavier.mjs";
import { responsableExemple, seConnecter } from "./appui/comptes.mjs";
import { centreExemple } from "./appui/exemple.mjs";
import { examiner } from "./appui/visite.mjs";

let garant;
const exemple = centreExemple((centre) => (garant = centre.garant));
const { ouvrir } = exemple;

test("les règles se lisent sans connexion, sur un téléphone", async () => {
  const page = await ouvrir({ largeur: 375, javaScriptEnabled: false });
  await page.goto(`${garant.adresse}/regles#R37`);
  await page.getByRole("heading", { level: 3, name: /^R37\./ }).waitFor();
  assert.equal(await page.locator("article.carte").count(), 113);
  assert.match(await page.locator("#R17").innerText(), /Non évaluée/);
  assert.match(await page.locator("#R28").innerText(), /La DDETS seule habilite/);
  await page.context().close();
});

test("une valeur hors bornes se refuse, une bonne se règle, au clavier et sans script", async () => {
  const page = await ouvrir({ javaScriptEnabled: false });
  await seConnecter(page, garant.adresse, responsableExemple);
  await page.goto(`${garant.adresse}/parametres`);
  await choisir(page, "Paramètre", "R37");
  await ecrire(page, "Valeur", "999");
  await ecrire(page, "Motif", "courrier de la DDETS du 3 mars");
  await actionner(page, "Poser ce réglage");
  await page.getByText("La valeur va de 15 à 120 jours").first().waitFor();
  assert.equal(await page.getByLabel("Motif").inputValue(), "courrier de la DDETS du 3 mars", "la saisie est gardée");
  await ecrire(page, "Valeur", "45");
  await actionner(page, "Poser ce réglage");
  await page.locator("p.message.succes").waitFor();
  assert.match(await page.locator("p.message.succes").innerText(), /gardent les leurs/);
  assert.match(await page.locator("main").innerText(), /45 jours/);
  await page.context().close();
});

test("le bouton d’un écart nomme la page où il mène", async () => {
  const page = await ouvrir({ javaScriptEnabled: false });
  await seConnecter(page, garant.adresse, responsableExemple);
  const liens = [];
  for (const numero of ["EX-2600001", "EX-2600002"]) {
    await page.goto(`${await exemple.session(numero)}/conformite`);
    liens.push(...(await page.locator("p.geste a").evaluateAll((x) => x.map((a) => [a.firstChild.textContent.trim(), new URL(a.href).pathname.split("/").slice(3).join("/")]))));
  }
  assert.ok(liens.length > 0, "l’exemple a des écarts");
  for (const [nom, chemin] of liens) assert.equal(nom === "Ouvrir la check-list", chemin === "" || chemin.startsWith("taches"), `« ${nom} » mène à « ${chemin} »`);
  await page.context().close();
});

test("une session ancienne garde ses valeurs, et adopte celles du centre avec un motif", async () => {
  const page = await ouvrir();
  await seConnecter(page, garant.adresse, responsableExemple);
  await page.goto(`${garant.adresse}/sessions?etat=a_venir`);
  const session = await page.locator('main a[href^="/sessions/"]:not([href$="/nouvelle"])').first().evaluate((a) => a.href);
  await page.goto(`${session}/conformite`);
  await page.getByRole("heading", { name: "Règles non évaluées" }).waitFor();
  assert.match(await page.locator("main").innerText(), /les valeurs sont celles par défaut/);
  await page.getByLabel("Motif").fill("la DDETS le demande pour toute session à venir");
  await page.getByRole("button", { name: "Adopter ceux d’aujourd’hui" }).click();
  await page.getByText("La session suit maintenant les paramètres du centre").waitFor();
  assert.match(await page.locator("main").innerText(), /45 jours au lieu de 30/);
  await page.goto(`${session}/journal`);
  assert.match(await page.locator("main").innerText(), /Cadre figé : R37 45 jours/);
  await page.context().close();
});

test("la conformité d’une session et du centre tient sur papier et sans violation", async () => {
  const page = await ouvrir();
  await seConnecter(page, garant.adresse, responsableExemple);
  for (const adresse of ["/conformite", "/conformite?etat=passee", "/conformite?etat=en_cours", "/parametres", "/regles"]) {
    await page.goto(garant.adresse + adresse);
    assert.deepEqual(await examiner(page), [], adresse);
  }
  await page.goto(`${garant.adresse}/conformite`);
  await page.emulateMedia({ media: "print" });
  assert.equal(await page.locator(".bandeau nav").first().isVisible(), false);
  assert.equal(await page.getByRole("heading", { name: "Dérogations accordées" }).isVisible(), true);
  assert.equal(await page.locator("p.geste").first().isVisible(), false, "un bouton ne s’imprime pas");
  await page.context().close();
});
