// Avant et après l'examen : le plateau compté, l'émargement dessiné, les suites, les archives, l'accès de contrôle, les
// statistiques. À la souris, sur le centre d'exemple. Chaque page regardée tient axe, 320 et 375 pixels.
import assert from "node:assert/strict";
import { test } from "node:test";
import { centreExemple } from "./appui/exemple.mjs";
import { examiner } from "./appui/visite.mjs";

let garant;
let sessions;
const exemple = centreExemple(async (centre) => {
  garant = centre.garant;
  sessions = { duJour: await centre.session("EX-2600002"), finie: await centre.session("EX-2600001") };
});
const { connectee } = exemple;
const fait = (page) => page.locator("p.message.succes").first().waitFor();

test("chaque page des suites tient axe, les petits écrans et les cibles", async (t) => {
  const page = await connectee();
  for (const [nom, session] of Object.entries(sessions)) {
    for (const feuille of ["plateau", "suites", "archives", "controle"]) {
      await page.goto(`${session}/${feuille}`);
      const manques = await examiner(page);
      await t.test(`${feuille}, session ${nom}`, () => assert.deepEqual(manques, []));
    }
  }
  await page.goto(`${garant.adresse}/statistiques?du=2020-01-01&au=2040-12-31`);
  const manques = await examiner(page);
  await t.test("statistiques", () => assert.deepEqual(manques, []));
  // Chaque dessin est dans un tableau qui dit les mêmes nombres.
  const muets = await page.locator("svg.barre").evaluateAll((x) => x.filter((s) => !s.closest("table") || s.getAttribute("aria-hidden") !== "true").length);
  await t.test("dessins doublés d’un tableau", () => assert.equal(muets, 0));
  await page.context().close();
});

test("le plateau : un besoin ajouté, compté, un manque paré", async () => {
  const page = await connectee();
  await page.goto(`${sessions.duJour}/plateau`);
  await page.getByLabel("Ce qu’il faut").fill("Casque audio");
  await page.getByLabel("Combien").fill("2");
  await page.getByRole("button", { name: "Ajouter à l’inventaire" }).click();
  await fait(page);
  const ligne = page.getByRole("row", { name: /Casque audio/ });
  const requis = Number(await ligne.locator("td.nombre").textContent());
  assert.ok(requis >= 2, String(requis));
  await ligne.getByRole("textbox").first().fill("1");
  await page.getByRole("button", { name: "Enregistrer les comptes" }).click();
  await fait(page);
  await ligne.getByText(/manque/).first().waitFor();
  await ligne.getByText("Parer").click();
  await ligne.getByLabel(/Comment le manque est paré/).fill("empruntés à la salle 3");
  await ligne.getByRole("button", { name: "Noter la parade" }).click();
  await fait(page);
  await ligne.getByText("Manque paré").waitFor();
  await page.context().close();
});

test("un candidat présent signe à l’écran, et sa signature se relit", async () => {
  const page = await connectee();
  await page.goto(`${sessions.duJour}/jour`);
  const carte = page.locator("#les-candidats article").nth(1);
  await carte.getByRole("button", { name: /^Présent/ }).click();
  if (await page.getByLabel("Motif").first().isVisible().catch(() => false)) {
    await page.getByLabel("Motif").first().fill("Retard justifié");
    await page.getByRole("button", { name: "Enregistrer avec ce motif" }).click();
  }
  await fait(page);
  await carte.getByText("Signer à l’écran").click();
  const toile = carte.locator("canvas");
  await toile.scrollIntoViewIfNeeded();
  const cadre = await toile.boundingBox();
  await page.mouse.move(cadre.x + 20, cadre.y + cadre.height / 2);
  await page.mouse.down();
  for (let i = 1; i <= 20; i++) await page.mouse.move(cadre.x + 20 + i * 8, cadre.y + cadre.height / 2 + 20 * Math.sin(i));
  await page.mouse.up();
  await carte.getByRole("button", { name: /^Enregistrer la signature/ }).click();
  await fait(page);
  await carte.getByText(/A émargé à .*signature dessinée/).waitFor();
  const dessin = await page.request.get(await carte.getByRole("link", { name: /Voir la signature/ }).evaluate((a) => a.href));
  assert.match(dessin.headers()["content-type"], /svg/);
  assert.match(await dessin.text(), /<path d="M/);
  await page.context().close();
});

test("les suites d’un candidat, puis les archives", async () => {
  const page = await connectee();
  await page.goto(`${sessions.finie}/suites`);
  const carte = page.locator("article").filter({ hasText: "Réussite partielle" }).first();
  await carte.getByText("Prévoir une session").click();
  await carte.getByLabel("Autre session").fill("Session CCP : CCP2, centre voisin");
  await carte.getByLabel("Son premier jour").fill("2040-03-02");
  await carte.getByRole("button", { name: "Enregistrer la session" }).click();
  await fait(page);
  await carte.getByText(/CCP2, centre voisin/).first().waitFor();
  await page.goto(`${sessions.finie}/archives`);
  await page.locator("select#element").selectOption({ index: 1 });
  await page.getByLabel("Où").fill("Armoire 4, boîte 12");
  await page.getByRole("button", { name: "Noter le rangement" }).click();
  await fait(page);
  await page.getByRole("cell", { name: /Armoire 4, boîte 12/ }).waitFor();
  await page.getByText("Rien ne se purge avant", { exact: false }).first().waitFor();
  await page.context().close();
});

test("un accès de contrôle s’ouvre dans un navigateur neuf, en lecture, et se révoque", async () => {
  const page = await connectee();
  await page.goto(`${sessions.finie}/controle`);
  await page.getByText("Intact", { exact: true }).waitFor();
  await page.getByLabel("Qui contrôle").fill("Dominique Contrôle");
  await page.getByLabel("Administration").fill("DDETS");
  const demain = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
  await page.getByLabel("Jusqu’au").fill(demain);
  await page.getByRole("button", { name: "Ouvrir l’accès" }).click();
  const lien = await page.locator("code.valeur-code").first().textContent();

  const neuf = await exemple.ouvrir();
  await neuf.goto(lien);
  await neuf.getByText("Dominique Contrôle").first().waitFor();
  await neuf.getByRole("button", { name: "Ouvrir la session" }).click();
  await neuf.getByText("Accès de contrôle, en lecture").waitFor();
  assert.deepEqual(await examiner(neuf), []);
  await neuf.goto(`${sessions.finie}/pv`);
  assert.equal(await neuf.getByRole("button", { name: /Joindre|Noter/ }).count(), 0);
  await neuf.goto(`${sessions.finie}/controle`);
  const [envoi] = await Promise.all([neuf.waitForEvent("download"), neuf.getByRole("button", { name: "Emporter le dossier" }).click()]);
  assert.match(envoi.suggestedFilename(), /\.zip$/);
  await neuf.goto(`${garant.adresse}/sessions`);
  assert.match(neuf.url(), /connexion/);

  await page.goto(`${sessions.finie}/controle`);
  await page.getByRole("button", { name: /^Révoquer/ }).first().click();
  await fait(page);
  await neuf.goto(sessions.finie);
  assert.match(neuf.url(), /connexion/);
  await neuf.context().close();
  await page.context().close();
});
