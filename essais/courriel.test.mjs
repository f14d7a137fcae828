// Le courriel sans serveur : solliciter, copier un lien privé, répondre sur un téléphone sans compte ni script.
import assert from "node:assert/strict";
import { test } from "node:test";
import { actionner, ecrire } from "./appui/clavier.mjs";
import { responsableExemple, seConnecter } from "./appui/comptes.mjs";
import { centreExemple } from "./appui/exemple.mjs";
import { examiner } from "./appui/visite.mjs";

let garant;
const exemple = centreExemple((centre) => (garant = centre.garant));
const { ouvrir } = exemple;

test("un juré répond par son lien, sans compte, et entre en réserve", async () => {
  const page = await ouvrir();
  await seConnecter(page, garant.adresse, responsableExemple);
  await page.goto(`${garant.adresse}/sessions?etat=a_venir`);
  const session = await page.locator('main a[href^="/sessions/"]:not([href$="/nouvelle"])').first().evaluate((a) => a.href);
  await page.goto(`${session}/jury`);
  await page.getByRole("link", { name: /Suivre les sollicitations/ }).click();
  await page.getByRole("button", { name: /Texte et lien pour Nadia/ }).click();
  const lien = await page.getByLabel("Lien à copier").inputValue();
  assert.match(await page.getByLabel("Texte à copier").inputValue(), /Répondez sans compte ni mot de passe/);
  assert.deepEqual(await examiner(page), []);

  const jure = await ouvrir({ largeur: 375, javaScriptEnabled: false });
  await jure.goto(lien);
  await jure.getByRole("heading", { name: "Pouvez-vous siéger au jury ?" }).waitFor();
  await actionner(jure, "J’accepte de siéger");
  await actionner(jure, "Envoyer ma réponse");
  await jure.getByRole("heading", { name: "Votre réponse est enregistrée" }).waitFor();
  await jure.goto(lien);
  assert.match(await jure.locator("main").innerText(), /Merci d’avoir accepté/);

  await page.goto(`${session}/sollicitations`);
  assert.match(await page.locator("main").innerText(), /par son lien/);
  await page.goto(`${session}/jury`);
  assert.match(await page.getByRole("row", { name: /RELÈVE-TÉMOIN/ }).innerText(), /Réserve/);
  const publique = await ouvrir();
  await publique.goto(lien);
  assert.deepEqual(await examiner(publique), []);
  for (const p of [page, jure, publique]) await p.context().close();
});

test("le serveur de courriel se règle au clavier ; un mot de passe ne part pas en clair", async () => {
  const page = await ouvrir({ javaScriptEnabled: false });
  await seConnecter(page, garant.adresse, responsableExemple);
  await page.goto(`${garant.adresse}/centre/courriel`);
  await ecrire(page, "Nom du serveur", "smtp.autre.invalid");
  await ecrire(page, "Port", "25");
  await ecrire(page, "Identifiant", "garant");
  await ecrire(page, "Mot de passe", "secret");
  await page.getByLabel(/Sans chiffrement/).check();
  await actionner(page, "Enregistrer");
  await page.getByText("Un mot de passe ne voyage pas en clair").first().waitFor();
  assert.equal(await page.getByLabel("Nom du serveur").inputValue(), "smtp.autre.invalid", "la saisie est gardée");
  assert.equal(await page.locator("#mot_de_passe").inputValue(), "", "le mot de passe ne revient pas");
  await page.context().close();
});
