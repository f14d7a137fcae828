// La check-list : confier une tâche, la faire depuis sa propre liste sans rôle dans la session, la contrôler ; joindre un
// document ; lire son agenda ailleurs et révoquer son adresse.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { responsableExemple, seConnecter } from "./appui/comptes.mjs";
import { commande, demarrer, dossierTemporaire } from "./appui/garant.mjs";
import { contexte, nouvellePage, ouvrirNavigateur } from "./appui/navigateur.mjs";

let navigateur;
before(async () => (navigateur = await ouvrirNavigateur()));
after(() => navigateur?.close());

const mot = responsableExemple.motDePasse;
const surveillant = { courriel: "surveillant@exemple.invalid", motDePasse: mot };

test("déléguer, superviser, contrôler", async (t) => {
  const donnees = await dossierTemporaire();
  assert.equal((await commande("exemple", "--donnees", donnees)).code, 0);
  const garant = await demarrer(donnees);
  const chef = await contexte(navigateur);
  // La personne à qui l'on confie travaille sans JavaScript.
  const autre = await contexte(navigateur, { javaScriptEnabled: false });
  try {
    const page = await nouvellePage(chef);
    await seConnecter(page, garant.adresse, responsableExemple);
    await page.goto(`${garant.adresse}/sessions`);
    const session = await page.locator('main a[href^="/sessions/"]:not([href$="/nouvelle"])').first().getAttribute("href");
    const tache = `${garant.adresse}${session}/taches/AV-18`;

    await t.test("noter une tâche depuis la liste, d’un seul bouton", async () => {
      await page.goto(`${garant.adresse}${session}`);
      const faites = await page.locator(".tache.fait").count();
      const ligne = page.locator(".tache", { has: page.getByRole("button", { name: /^Noter comme fait/ }) }).first();
      const code = await ligne.getAttribute("id");
      await ligne.getByRole("button").click();
      await page.getByText("C’est enregistré.").waitFor();
      assert.ok(page.url().endsWith(`#${code}`), "on revient à la même tâche");
      assert.equal(await page.locator(".tache.fait").count(), faites + 1);
      // Elle se rouvre sur sa propre page, avec un motif.
      await page.locator(`[id="${code}"] h3 a`).click();
      await page.getByLabel("Motif").first().fill("notée trop tôt");
      await page.getByRole("button", { name: "Rouvrir", exact: true }).click();
      await page.getByText("C’est enregistré.").waitFor();
    });

    await t.test("une tâche sans preuve demande comment elle est faite, et garde qui l’a faite", async () => {
      await page.goto(`${garant.adresse}${session}/taches/AV-04`);
      await page.getByLabel("Fait par").selectOption({ label: "Maxime VEILLE-TÉMOIN" });
      await page.getByRole("button", { name: "Noter comme fait" }).click();
      await page.getByText("Garant ne voit pas encore la preuve de cette tâche.").first().waitFor();
      assert.equal(await page.getByLabel("Fait par").locator("option:checked").innerText(), "Maxime VEILLE-TÉMOIN");
    });

    await t.test("confier avec une consigne", async () => {
      await page.goto(tache);
      await page.getByLabel("À qui").selectOption({ label: "Maxime VEILLE-TÉMOIN" });
      await page.getByLabel("Consigne").fill("Les trois salles et le hall");
      await page.getByRole("button", { name: "Confier", exact: true }).click();
      await page.getByText("La tâche est confiée à Maxime VEILLE-TÉMOIN.").waitFor();
    });

    const sienne = await nouvellePage(autre);
    await t.test("elle la voit dans sa liste, la fait, sans JavaScript", async () => {
      await seConnecter(sienne, garant.adresse, surveillant);
      const ligne = sienne.locator("li.tache", { hasText: "Les trois salles et le hall" });
      await ligne.locator("summary").click();
      await ligne.getByLabel("Comment, avec quelle preuve").fill("affiché partout");
      await ligne.getByRole("button", { name: "Noter comme fait" }).click();
      await sienne.getByText("C’est noté.").waitFor();
      assert.equal(await sienne.locator("li.tache", { hasText: "Les trois salles" }).count(), 0, "faite, elle quitte la liste");
    });

    await t.test("le responsable la contrôle depuis sa liste", async () => {
      await page.goto(`${garant.adresse}/`);
      const groupe = page.locator("section", { has: page.getByRole("heading", { name: "À contrôler" }) });
      const ligne = groupe.locator("li.tache", { hasText: "S’assurer de la mise en place de l’information" }).first();
      await ligne.locator("summary").click();
      await ligne.getByRole("button", { name: "Contrôlé, c’est bon" }).click();
      await page.getByText("Le contrôle est noté.").waitFor();
      await page.goto(tache);
      await page.getByText(/Contrôlé le .* par Camille EXEMPLAIRE/).first().waitFor();
    });

    await t.test("renvoyer demande une raison, et garde la saisie", async () => {
      await page.goto(tache);
      await page.getByRole("button", { name: "Renvoyer" }).click();
      await page.locator("#bilan, #refus").first().waitFor();
      await page.locator("#visa-observation").fill("il manque la salle 4");
      await page.getByRole("button", { name: "Renvoyer" }).click();
      await page.getByText("À refaire : il manque la salle 4").waitFor();
      await sienne.goto(`${garant.adresse}/`);
      await sienne.getByText("il manque la salle 4").waitFor();
    });

    await t.test("un document joint vaut preuve ; une autre sorte de fichier se refuse", async () => {
      await page.goto(`${garant.adresse}${session}/taches/AP-06`);
      await page.getByLabel("Document numérisé").setInputFiles({ name: "note.txt", mimeType: "text/plain", buffer: Buffer.from("rien") });
      await page.getByRole("button", { name: "Joindre" }).click();
      await page.getByText(/ni un PDF, ni une image/).first().waitFor();
      await page.getByLabel("Document numérisé").setInputFiles({ name: "ar.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.7 essai") });
      await page.getByLabel("Nom du document").fill("accusé de réception");
      await page.getByRole("button", { name: "Joindre" }).click();
      const lien = page.getByRole("link", { name: "accusé de réception" });
      await lien.waitFor();
      const servi = await page.request.get(await lien.evaluate((a) => a.href));
      assert.equal((await servi.body()).toString(), "%PDF-1.7 essai");
    });

    await t.test("l’agenda se lit sans connexion par son adresse privée, et plus une fois révoquée", async () => {
      await page.goto(`${garant.adresse}/compte/agenda`);
      await page.getByRole("button", { name: "Créer mon adresse" }).click();
      const adresse = (await page.locator(".texte-pret").textContent()).trim();
      const chemin = new URL(adresse).pathname;
      const lu = await fetch(garant.adresse + chemin);
      assert.equal(lu.status, 200);
      assert.match(lu.headers.get("content-type"), /text\/calendar/);
      const texte = (await lu.text()).replaceAll("\r\n ", "");
      assert.match(texte, /^BEGIN:VCALENDAR\r\n/);
      assert.match(texte, /SUMMARY:Session d’examen/);
      assert.doesNotMatch(texte, /ABADIE|Juré-Témoin|JURÉ-TÉMOIN/i, "aucun candidat, aucun juré");
      await page.goto(`${garant.adresse}/compte/agenda`);
      await page.getByRole("button", { name: "Révoquer l’adresse" }).click();
      assert.equal((await fetch(garant.adresse + chemin)).status, 404);
    });

    assert.deepEqual([...page.reproches, ...sienne.reproches], []);
  } finally {
    await chef.close();
    await autre.close();
    await garant.arreter();
  }
});
