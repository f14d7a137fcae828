// Chaque champ de chaque formulaire, au-delà de ses limites : la réponse est un refus qui dit quoi faire, et la base
// n'a pas bougé d'une ligne.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import { responsableExemple, seConnecter } from "./appui/comptes.mjs";
import { commande, demarrer, dossierTemporaire } from "./appui/garant.mjs";
import { contexte, nouvellePage, ouvrirNavigateur } from "./appui/navigateur.mjs";
import { visiter } from "./appui/visite.mjs";

let navigateur;
before(async () => (navigateur = await ouvrirNavigateur()));
after(() => navigateur?.close());

const LONG = "trop long ".repeat(4000);
const HOSTILES = {
  date: ["2026-02-31", "31/02/2026", "0000-00-00", "+999999-01-01"],
  time: ["25:99", "midi"],
  number: ["-1", "99999999999999999999", "douze"],
  file: [],
};

/** Les formulaires d'écriture de la page, leurs champs, et de quoi les remplir bien. */
function relever(page) {
  return page.evaluate(() => {
    const plausible = { date: "2027-01-11", time: "09:00", number: "1", email: "essai@exemple.invalid" };
    const remplir = (e) => {
      if (e.type === "checkbox" || e.type === "radio") return e.checked ? e.value : null;
      if (e.value || !e.required) return e.value;
      if (e.tagName === "SELECT") return [...e.options].find((o) => o.value)?.value ?? "";
      return plausible[e.type] ?? "Essai";
    };
    const gestes = (f) => {
      const boutons = [...f.querySelectorAll("button[formaction]")].map((b) => b.formAction);
      return [f.action, ...boutons];
    };
    return [...document.querySelectorAll("form")]
      .filter((f) => f.method === "post" && f.enctype !== "multipart/form-data" && !/deconnexion/.test(f.action))
      .flatMap((f) => {
        const champs = [...f.elements].filter((e) => e.name && e.type !== "submit");
        return gestes(f).map((action) => ({
          action,
          champs: champs.map((e) => ({ nom: e.name, genre: e.tagName === "TEXTAREA" ? "text" : e.type, valeur: remplir(e) })),
        }));
      });
  });
}

/** Les valeurs à refuser pour ce genre de champ. */
function hostiles({ nom, genre }) {
  if (nom === "acte" || nom === "vu_au_rang") return [LONG];
  if (genre === "checkbox" || genre === "radio" || genre.startsWith("select")) return ["n’importe quoi", LONG];
  return HOSTILES[genre] ? [...HOSTILES[genre], LONG] : [LONG];
}

// Un formulaire à deux boutons porte des champs que l'un des deux ne lit pas.
const IGNORES = {
  "/sessions/{id}/convocations/edition": /^(numero|courriel|mode|le|realise_par)/,
  "/sessions/{id}/convocations/remise": /^(numero|courriel)/,
};
// Une case seule est cochée ou non : sa valeur n'est pas une saisie.
const CASES = /^(agree|actif|accessible)$/;

/** Les champs à éprouver : un par nom ou par famille (« numero:… »), ceux que ce geste lit. */
function eprouves(forme, champs) {
  const familles = new Map(champs.map((c) => [c.nom.split(":")[0], c]));
  return [...familles.values()].filter((c) => !IGNORES[forme]?.test(c.nom) && !CASES.test(c.nom));
}

async function lignes(donnees) {
  const { code, sortie } = await commande("verifier-le-journal", "--donnees", donnees);
  assert.equal(code, 0, sortie);
  return sortie;
}

test("au-delà des limites, chaque champ se refuse en le disant et la base reste la même", async (t) => {
  const donnees = await dossierTemporaire();
  assert.equal((await commande("exemple", "--donnees", donnees)).code, 0);
  const garant = await demarrer(donnees);
  const leContexte = await contexte(navigateur);
  try {
    const page = await nouvellePage(leContexte);
    await seConnecter(page, garant.adresse, responsableExemple);
    const formulaires = new Map();
    await visiter(page, `${garant.adresse}/`, async (laPage) => {
      for (const f of await relever(laPage)) {
        const forme = f.action.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "{id}").replace(garant.adresse, "").replace(/\/taches\/[^/]+/, "/taches/{code}").replace(/(\/planning\/{id}\/)[^/]+/, "$1{epreuve}");
        if (!formulaires.has(forme)) formulaires.set(forme, f);
      }
    });
    assert.ok(formulaires.size >= 25, [...formulaires.keys()].join("\n"));
    const avant = await lignes(donnees);
    for (const [forme, f] of formulaires) {
      await t.test(forme, async () => {
        const fautes = [];
        for (const champ of eprouves(forme, f.champs)) {
          for (const valeur of hostiles(champ)) {
            const corps = new URLSearchParams();
            for (const c of f.champs) if (c.nom !== champ.nom && c.valeur !== null) corps.append(c.nom, c.nom === "acte" ? randomUUID() : c.valeur);
            corps.append(champ.nom, valeur);
            const reponse = await page.request.post(f.action, {
              headers: { origin: garant.adresse, "content-type": "application/x-www-form-urlencoded" },
              data: corps.toString(),
              maxRedirects: 0,
              timeout: 20_000,
            });
            const [statut, texte] = [reponse.status(), await reponse.text()];
            const dit = /role="alert"|class="bilan"|<h1/.test(texte);
            if (statut < 400 || statut >= 500 || !dit) fautes.push(`${champ.nom} (${champ.genre}) = ${valeur.slice(0, 20)} : ${statut}`);
          }
        }
        assert.deepEqual(fautes, []);
      });
    }
    assert.equal(await lignes(donnees), avant, "la base a changé");
  } finally {
    await leContexte.close();
    await garant.arreter();
  }
});
