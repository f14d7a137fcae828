// L'examen : plis, jour J, incident, délibération, procès-verbal, jusqu'à la liste affichée. À la souris, sans script,
// sur la session finie de l'exemple et sur celle du jour. Chaque page regardée tient axe, 320 et 375 pixels.
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
const presser = async (page, nom) => {
  await page.getByRole("button", { name: nom }).first().click();
  await fait(page);
};

test("chaque page de l’examen tient axe, les petits écrans et les cibles", async (t) => {
  const page = await connectee();
  for (const [nom, session] of Object.entries(sessions)) {
    for (const feuille of ["plis", "jour", "incidents", "deliberation", "pv"]) {
      await page.goto(`${session}/${feuille}`);
      const manques = await examiner(page);
      await t.test(`${feuille}, session ${nom}`, () => assert.deepEqual(manques, []));
    }
  }
  await page.goto(`${sessions.finie}/deliberation`);
  await page.getByRole("link", { name: /rectifier/ }).first().click();
  const manques = await examiner(page);
  await t.test("décision d’un candidat", () => assert.deepEqual(manques, []));
  // Sur une tablette debout, chaque geste du jour J se touche : 44 pixels au moins.
  await page.setViewportSize({ width: 768, height: 1024 });
  await page.goto(`${sessions.duJour}/jour`);
  const petites = await page.locator(".jour-j :is(button, summary)").evaluateAll((x) => x.filter((e) => e.offsetParent && e.getBoundingClientRect().height < 44).map((e) => e.textContent.trim()));
  await t.test("gestes du jour J : 44 pixels", () => assert.deepEqual(petites, []));
  await page.context().close();
});

test("le jour J, sans script : jury, candidats, pièces, pli ouvert devant un candidat, scellé rompu", async () => {
  const page = await connectee({ javaScriptEnabled: false });
  const jour = `${sessions.duJour}/jour`;
  await page.goto(jour);
  await presser(page, /^Arrive : Jeanne/);
  const carte = page.locator("#les-candidats article").first();
  await carte.getByRole("button", { name: /^Présent/ }).click();
  // Selon l'heure qu'il est, l'arrivée est à l'heure ou en retard : alors le motif est demandé, et rien n'est retapé.
  if (await page.getByLabel("Motif").first().isVisible().catch(() => false)) {
    await page.getByLabel("Motif").first().fill("Retard justifié");
    await page.getByRole("button", { name: "Enregistrer avec ce motif" }).click();
  }
  await fait(page);
  const nom = await carte.locator("h3").textContent();
  await presser(page, `Tout vu : ${nom}`);
  assert.match(await carte.textContent(), /Identité/);

  await page.goto(`${sessions.duJour}/plis`);
  const pli = page.locator("section.carte", { hasText: "Pli d’épreuves" }).first();
  const ouvrir = (geste) => pli.locator("summary", { hasText: geste }).click();
  await ouvrir("Sortir du coffre");
  await pli.getByRole("button", { name: "Sortir du coffre" }).click();
  await fait(page);
  await ouvrir("Constater les scellés");
  await pli.getByLabel("Candidat témoin").selectOption({ label: nom });
  await pli.getByRole("radio", { name: /Rompus/ }).check();
  await pli.getByRole("button", { name: "Constater les scellés" }).click();
  await fait(page);
  assert.match(page.url(), /\/incidents/);
  assert.match(await page.locator("main").textContent(), /Message prêt/);
  await page.goto(`${sessions.duJour}/plis`);
  assert.equal(await pli.locator("summary", { hasText: "Ouvrir" }).count(), 0, "un pli arrêté n’offre plus de geste");

  await page.goto(`${sessions.duJour}/incidents`);
  await page.locator("summary", { hasText: "Administration informée" }).click();
  await page.getByLabel("Comment, et qui").fill("Téléphone, permanence");
  await presser(page, "Noter l’information");
  await page.locator("summary", { hasText: "Décision de l’administration" }).click();
  await page.getByLabel("Poursuivre").check();
  await page.getByLabel("Qui l’a dit, sous quelle référence").fill("Courriel de la permanence");
  await presser(page, "Noter la décision");
  await page.goto(`${sessions.duJour}/plis`);
  assert.equal(await pli.locator("summary", { hasText: "Ouvrir" }).count(), 1, "la décision rouvre la garde");
  await page.context().close();
});

test("enregistrer les éléments ne perd pas la décision commencée", async () => {
  const page = await connectee();
  await page.goto(`${sessions.duJour}/jour`);
  for (const geste of [/^Arrive : Ousmane/, /^Absent :/]) {
    const boutons = page.getByRole("button", { name: geste });
    for (let reste = await boutons.count(); reste > 0; reste--) {
      await boutons.first().click();
      await fait(page);
    }
  }
  await page.goto(`${sessions.duJour}/deliberation`);
  await page.getByLabel("Aucun tiers dans la salle").check();
  await presser(page, "Ouvrir la délibération");
  await page.getByRole("link", { name: /^Transcrire/ }).first().click();
  await page.getByRole("group", { name: /^CCP1/ }).getByLabel("Attribué").check();
  await page.getByLabel("Réussite partielle").check();
  await page.getByLabel("Motivation").fill("Le second bloc n’est pas maîtrisé");
  const fiche = page.getByLabel("Fiche de synthèse complète");
  await fiche.check();
  const tient = async () => {
    assert.ok(await fiche.isChecked());
    assert.ok(await page.getByRole("group", { name: /^CCP1/ }).getByLabel("Attribué").isChecked());
    assert.ok(await page.getByLabel("Réussite partielle").isChecked());
    assert.equal(await page.getByLabel("Motivation").inputValue(), "Le second bloc n’est pas maîtrisé");
  };
  // Transcrite trop tôt, la décision est refusée ; rien de ce qui est coché ou écrit ne se perd.
  await page.getByRole("button", { name: "Transcrire la décision" }).click();
  await page.locator("#refus").waitFor();
  await tient();
  await presser(page, "Enregistrer les éléments");
  await tient();
  assert.deepEqual(await examiner(page), []);
  await page.context().close();
});

test("une saisie refusée revient entière", async () => {
  const page = await connectee();
  await page.goto(`${sessions.finie}/incidents`);
  await page.getByLabel("Nature").selectOption({ label: "Fraude ou tentative de fraude" });
  await page.getByRole("radio", { name: /Mineur/ }).check();
  await page.getByLabel("Faits").fill("Un téléphone vu sur la table");
  await page.getByRole("button", { name: "Signaler" }).click();
  await page.locator("#refus").waitFor();
  assert.match(await page.locator("#refus").textContent(), /témoins/);
  assert.equal(await page.getByLabel("Faits").inputValue(), "Un téléphone vu sur la table");
  assert.deepEqual(await examiner(page), []);
  await page.context().close();
});

test("du procès-verbal à la liste affichée, dans l’ordre", async () => {
  const page = await connectee({ javaScriptEnabled: false });
  const pv = `${sessions.finie}/pv`;
  const cocher = async (etiquette, geste) => {
    await page.goto(pv);
    await page.getByLabel(etiquette).check();
    await presser(page, geste);
  };
  await page.goto(pv);
  assert.match(await page.locator("main").textContent(), /qu’une fois revenue la copie/);
  await cocher(/signature de tous les jurés/, "Noter les signatures des fiches");
  await cocher(/conforme au brouillon/, "Noter l’enregistrement dans CERES");
  await page.goto(pv);
  await presser(page, "Noter l’édition");
  await cocher("Tous les jurés ont signé", "Noter les signatures du jury");
  assert.match(await page.getByLabel("Observations du jury").inputValue(), /Incident n° 1/);
  await presser(page, "Noter les observations");
  await presser(page, "Noter la signature du surveillant");
  await cocher(/papier signé concordent/, "Contresigner");
  await page.getByLabel("Procès-verbal numérisé").setInputFiles({ name: "pv.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.7\nfictif") });
  await presser(page, "Joindre");
  assert.match(await page.locator("main").textContent(), /SHA-256/);
  await page.getByLabel("Canal").selectOption({ label: "Lettre recommandée (LR/AR)" });
  await page.getByLabel("Numéro de suivi").fill("1A 000 000");
  await presser(page, "Noter l’envoi");
  await page.getByLabel("Moyen").fill("Courriel");
  await presser(page, "Noter l’information des candidats");
  await page.getByLabel("Signée par").fill("l’administration");
  await presser(page, "Noter le retour de la copie");
  assert.match(await page.locator("main").textContent(), /ABADIE-TÉMOIN Aïcha · Titre professionnel/);
  await page.getByLabel("Lieu d’affichage").fill("Hall");
  await presser(page, "Noter l’affichage");
  assert.match(await page.locator("main").textContent(), /Toutes les étapes sont faites/);
  await page.context().close();
});
