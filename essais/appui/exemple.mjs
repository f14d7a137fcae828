// Le centre d'exemple, servi et regardé dans un navigateur : ce que les essais d'un sujet se partagent.
import assert from "node:assert/strict";
import { after, before } from "node:test";
import { responsableExemple, seConnecter } from "./comptes.mjs";
import { commande, demarrer, dossierTemporaire } from "./garant.mjs";
import { contexte, nouvellePage, ouvrirNavigateur } from "./navigateur.mjs";

/**
 * Avant les essais du fichier, écrit et sert un centre d'exemple neuf ; après eux, l'arrête et l'efface.
 * `pret(centre)`, s'il est donné, est appelé une fois le centre servi : les crochets de premier niveau ne s'attendent pas entre eux.
 * Rend { garant, navigateur } (remplis au démarrage) et { ouvrir(options), connectee(options), session(numero) }.
 */
export function centreExemple(pret = () => {}) {
  const centre = {
    /** Une page vierge, sans connexion. */
    ouvrir: async (options) => nouvellePage(await contexte(centre.navigateur, options)),
    /** Une page où le responsable est connecté. */
    async connectee(options) {
      const page = await centre.ouvrir(options);
      await seConnecter(page, centre.garant.adresse, responsableExemple);
      return page;
    },
    /** L'adresse de la session qui porte ce numéro CERES. */
    async session(numero) {
      const page = await centre.connectee();
      await page.goto(`${centre.garant.adresse}/sessions`);
      const liens = await page.locator('main a[href^="/sessions/"]:not([href$="/nouvelle"])').evaluateAll((x) => [...new Set(x.map((a) => a.href))]);
      for (const lien of liens) {
        await page.goto(lien);
        if (!(await page.locator(".tete p").first().textContent()).includes(numero)) continue;
        await page.context().close();
        return lien;
      }
      throw new Error(`session ${numero} absente`);
    },
  };
  before(async () => {
    const donnees = await dossierTemporaire();
    const exemple = await commande("exemple", "--donnees", donnees);
    assert.equal(exemple.code, 0, exemple.erreurs);
    centre.garant = await demarrer(donnees);
    centre.navigateur = await ouvrirNavigateur();
    await pret(centre);
  });
  after(async () => {
    await centre.navigateur?.close();
    await centre.garant?.arreter();
  });
  return centre;
}
