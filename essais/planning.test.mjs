// Le planning dans le vrai navigateur : proposer, comparer, adopter, pousser une séance au clavier, la glisser à la souris,
// réparer un imprévu ; tout tient sans script, et à 375 pixels.
import assert from "node:assert/strict";
import { test } from "node:test";
import { centreExemple } from "./appui/exemple.mjs";
import { examiner } from "./appui/visite.mjs";

let garant;
const exemple = centreExemple((centre) => (garant = centre.garant));

/** Une page connectée, devant le planning de la session de ce rang dans la liste (la plus lointaine d'abord). */
async function ouvrirPlanning(options = {}) {
  const page = await exemple.connectee(options);
  await page.goto(`${garant.adresse}/sessions`);
  const liens = await page.locator('main th a[href^="/sessions/"]').evaluateAll((l) => l.map((a) => a.href));
  let choisie;
  for (const lien of liens) {
    await page.goto(`${lien}/planning`);
    if ((await page.locator("main").innerText()).includes("12 candidats")) choisie = `${lien}/planning`;
  }
  assert.ok(choisie, "la session en préparation a un planning");
  await page.goto(choisie);
  return { page, planning: choisie, fermer: () => page.context().close() };
}

test("proposer, comparer, adopter", async () => {
  const { page, planning, fermer } = await ouvrirPlanning();
  await page.getByLabel("Ce qui compte le plus").selectOption("attendre-peu");
  await page.getByRole("button", { name: "Proposer un planning" }).click();
  await page.waitForURL("**/propositions/**");
  assert.deepEqual(await examiner(page), []);
  await page.getByRole("link", { name: "Comparer les propositions" }).click();
  await page.getByRole("columnheader", { name: /Planning présent/ }).waitFor();
  assert.deepEqual(await examiner(page), []);
  await page.locator("thead a").first().click();
  const motif = page.getByLabel("Motif");
  if (await motif.count()) await motif.fill("meilleure répartition");
  await page.getByRole("button", { name: "Adopter cette proposition" }).click();
  await page.waitForURL(planning);
  assert.match(await page.locator("main").innerText(), /48 passages placés sur 48/);
  await fermer();
});

test("pousser une séance au clavier, puis confirmer", async () => {
  const { page, planning, fermer } = await ouvrirPlanning();
  const bloc = page.locator("a.bloc[data-debut]").last();
  const avant = await bloc.locator("title").textContent();
  await bloc.focus();
  for (let i = 0; i < 12; i++) await page.keyboard.press("ArrowDown");
  assert.match(await page.locator("[data-annonce]").innerText(), /Entrée pour essayer/);
  await page.keyboard.press("Escape");
  assert.match(await page.locator("[data-annonce]").innerText(), /À sa place/);
  for (let i = 0; i < 12; i++) await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.waitForURL("**debut=**");
  await page.locator("#essai").waitFor();
  assert.match(await page.locator("#essai").innerText(), /rien n’est encore enregistré/i);
  await page.getByLabel("Motif").fill("essai au clavier");
  await page.getByRole("button", { name: "Enregistrer le passage" }).click();
  await page.waitForURL(planning);
  const titres = await page.locator("a.bloc > title").allTextContents();
  assert.ok(!titres.includes(avant), "la séance a bougé");
  await fermer();
});

test("glisser une séance à la souris mène à la page qui l’essaie", async () => {
  const { page, fermer } = await ouvrirPlanning();
  const bloc = page.locator("a.bloc[data-debut] rect").first();
  await bloc.scrollIntoViewIfNeeded();
  const boite = await bloc.boundingBox();
  await page.mouse.move(boite.x + 20, boite.y + 10);
  await page.mouse.down();
  await page.mouse.move(boite.x + 20, boite.y + 40, { steps: 4 });
  await page.mouse.move(boite.x + 20, boite.y + 90, { steps: 6 });
  await page.mouse.up();
  await page.waitForURL("**debut=**");
  await page.locator("#essai").waitFor();
  assert.deepEqual(await examiner(page), []);
  await fermer();
});

test("une séance se porte au jour d’à côté, au clavier et à la souris", async () => {
  const { page, planning, fermer } = await ouvrirPlanning();
  const [premier, second] = await page.locator("svg[data-date]").evaluateAll((l) => l.map((s) => s.dataset));
  const colonnes = premier.valeurs.split("|").length;
  assert.equal(premier.valeurs, second.valeurs, "mêmes colonnes chaque jour");
  const bloc = page.locator(`svg[data-date="${premier.date}"] a.bloc[data-debut]`).first();
  const rang = Number(await bloc.getAttribute("data-rang"));
  await bloc.focus();
  // Jusqu'au bord, un pas de plus, puis la même colonne du second jour.
  for (let i = rang; i < colonnes + rang; i++) await page.keyboard.press("ArrowRight");
  const annonce = await page.locator("[data-annonce]").innerText();
  const jour = await page.locator(`svg[data-date="${second.date}"]`).getAttribute("aria-label");
  assert.ok(annonce.startsWith(`${jour}, `), annonce);
  await page.keyboard.press("Enter");
  await page.waitForURL(`**date=${second.date}**`);
  await page.locator("#essai").waitFor();
  assert.equal(await page.getByLabel("Jour").inputValue(), second.date);

  await page.goto(planning);
  const rect = bloc.locator("rect");
  await rect.scrollIntoViewIfNeeded();
  const boite = await rect.boundingBox();
  const ecart = (await page.locator(`svg[data-date="${second.date}"]`).boundingBox()).x - (await page.locator(`svg[data-date="${premier.date}"]`).boundingBox()).x;
  await page.mouse.move(boite.x + 20, boite.y + 10);
  await page.mouse.down();
  await page.mouse.move(boite.x + 20 + ecart / 2, boite.y + 12, { steps: 5 });
  await page.mouse.move(boite.x + 20 + ecart, boite.y + 10, { steps: 5 });
  await page.mouse.up();
  await page.waitForURL(`**date=${second.date}**`);
  await fermer();
});

test("réparer : une salle perdue donne des plans à comparer", async () => {
  const { page, fermer } = await ouvrirPlanning();
  await page.getByRole("link", { name: "Réparer : un imprévu" }).click();
  await page.getByLabel("Qui, ou quelle salle").selectOption("salle:Entretien A");
  await page.getByLabel("Ne reviendra pas").check();
  assert.deepEqual(await examiner(page), []);
  await page.getByRole("button", { name: "Noter, et chercher des plans" }).click();
  await page.waitForURL("**/planning/propositions");
  assert.ok((await page.locator("thead a").count()) >= 1);
  await page.locator("thead a").first().click();
  await page.getByRole("button", { name: /Adopter/ }).waitFor();
  assert.deepEqual(await examiner(page), []);
  await fermer();
});

test("sans script, chaque bloc mène à son passage et l’on place par le formulaire", async () => {
  const { page, planning, fermer } = await ouvrirPlanning({ javaScriptEnabled: false });
  await page.goto(`${planning}?vue=candidats`);
  await page.goto(await page.locator("a.bloc").first().evaluate((a) => new URL(a.getAttribute("href"), location.href).href));
  await page.getByRole("heading", { name: "Autres places" }).waitFor();
  await page.locator(".places a").first().click();
  await page.locator("#essai").waitFor();
  await page.getByLabel("Motif").fill("essai sans script");
  await page.getByRole("button", { name: "Enregistrer le passage" }).click();
  await page.waitForURL(planning);
  await fermer();
});

test("un passage déplacé après l’édition : les convocations corrigées se préparent d’un bouton", async () => {
  const { page, planning, fermer } = await ouvrirPlanning();
  const convocations = planning.replace(/planning$/, "convocations");
  await page.goto(convocations);
  for (const case_ of await page.locator('input[name="pour"]').all()) await case_.check();
  // Composer prend une vingtaine de secondes sans optimisation : la limite ordinaire d'un geste n'y suffit pas toujours.
  await page.getByRole("button", { name: "Éditer les convocations choisies" }).click({ timeout: 90_000 });
  await page.waitForURL(convocations);
  await page.goto(planning);
  // Qui tient encore une convocation périmée reste nommé jusqu'à la remise ; il n'y a plus rien à préparer.
  assert.equal(await page.getByRole("button", { name: /^Préparer/ }).count(), 0);
  assert.equal(await page.getByText("convocation déjà remise", { exact: true }).count(), 0);

  const bloc = page.locator("a.bloc[data-debut]").last();
  await bloc.focus();
  for (let i = 0; i < 6; i++) await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Enter");
  await page.waitForURL("**debut=**");
  await page.getByLabel("Motif").fill("essai d’un changement tardif");
  await page.getByRole("button", { name: "Enregistrer le passage" }).click();
  await page.waitForURL(planning);

  await page.getByRole("heading", { name: "À prévenir" }).waitFor();
  assert.deepEqual(await examiner(page), []);
  await page.getByRole("button", { name: /^Préparer (la|les .*) convocations? corrigées?$/ }).click({ timeout: 90_000 });
  await page.waitForURL(convocations);
  assert.equal(await page.getByText("À refaire : le planning a changé").count(), 0);
  await page.goto(planning);
  assert.equal(await page.getByRole("button", { name: /^Préparer/ }).count(), 0);
  assert.equal(await page.getByText("convocation déjà remise", { exact: true }).count(), 0);
  await fermer();
});
