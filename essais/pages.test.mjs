// Chaque page atteignable, dans trois états : centre vide, centre ordinaire, soixante candidats.
// Elle tient : axe sans violation, 320 et 375 pixels sans défilement latéral, cibles d'au moins 24 pixels, aucune
// erreur de console ; la politique de sécurité n'est enfreinte nulle part.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { creerCentre, responsableExemple, seConnecter } from "./appui/comptes.mjs";
import { commande, demarrer, dossierTemporaire } from "./appui/garant.mjs";
import { contexte, nouvellePage, ouvrirNavigateur } from "./appui/navigateur.mjs";
import { examiner, visiter } from "./appui/visite.mjs";

let navigateur;
before(async () => (navigateur = await ouvrirNavigateur()));
after(() => navigateur?.close());

async function avec(donnees, suite) {
  const garant = await demarrer(donnees);
  const leContexte = await contexte(navigateur);
  try {
    await suite(garant, await nouvellePage(leContexte));
  } finally {
    await leContexte.close();
    await garant.arreter();
  }
}

/** Visite tout et déclare un essai par page. */
async function toutVoir(t, page, adresse, pagesAuMoins) {
  const vues = await visiter(page, `${adresse}/`, async (laPage, forme) => {
    const manques = await examiner(laPage);
    await t.test(forme, () => assert.deepEqual(manques, []));
  });
  assert.ok(vues.size >= pagesAuMoins, `${vues.size} pages vues, ${pagesAuMoins} attendues : ${[...vues].join(", ")}`);
}

test("centre vide, du premier démarrage à chaque page", async (t) => {
  await avec(await dossierTemporaire(), async (garant, page) => {
    const compte = await creerCentre(page, garant, async (laPage, nom) => {
      const manques = await examiner(laPage);
      await t.test(nom, () => assert.deepEqual(manques, []));
    });
    await toutVoir(t, page, garant.adresse, 10);
    await page.context().clearCookies();
    await page.goto(`${garant.adresse}/connexion`);
    const manques = await examiner(page);
    await t.test("/connexion", () => assert.deepEqual(manques, []));
    await seConnecter(page, garant.adresse, compte);
  });
});

test("centre d’exemple, chaque page", async (t) => {
  const donnees = await dossierTemporaire();
  assert.equal((await commande("exemple", "--donnees", donnees)).code, 0);
  await avec(donnees, async (garant, page) => {
    await seConnecter(page, garant.adresse, responsableExemple);
    await toutVoir(t, page, garant.adresse, 20);
  });
});

test("soixante candidats, chaque page de session", async (t) => {
  const donnees = await dossierTemporaire();
  assert.equal((await commande("exemple", "--donnees", donnees, "--sessions", "1", "--candidats", "60")).code, 0);
  await avec(donnees, async (garant, page) => {
    await seConnecter(page, garant.adresse, responsableExemple);
    await page.goto(`${garant.adresse}/sessions`);
    const session = await page.locator('main a[href^="/sessions/"]:not([href$="/nouvelle"])').first().evaluate((a) => a.href);
    const vues = await visiter(
      page,
      session,
      async (laPage, forme) => {
        const manques = await examiner(laPage);
        await t.test(forme, () => assert.deepEqual(manques, []));
      },
      { garder: (adresse) => adresse.startsWith(session) },
    );
    assert.ok(vues.size >= 7, [...vues].join(", "));
  });
});

test("une erreur se dit : page absente, formulaire refusé", async (t) => {
  const donnees = await dossierTemporaire();
  assert.equal((await commande("exemple", "--donnees", donnees)).code, 0);
  await avec(donnees, async (garant, page) => {
    await seConnecter(page, garant.adresse, responsableExemple);
    await page.goto(`${garant.adresse}/nulle-part`);
    let manques = await examiner(page);
    await t.test("404", () => assert.deepEqual(manques, []));
    await page.goto(`${garant.adresse}/sessions/nouvelle`);
    await page.locator("form.formulaire").evaluate((f) => (f.noValidate = true));
    await page.getByRole("button", { name: "Créer la session" }).click();
    await page.locator("#bilan").waitFor();
    assert.ok((await page.locator("[aria-invalid=true]").count()) > 0, "un champ fautif le dit");
    manques = await examiner(page);
    await t.test("422", () => assert.deepEqual(manques, []));
  });
});
