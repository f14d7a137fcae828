// La visite : toutes les pages qu'une personne connectée peut atteindre par les liens, une par forme d'adresse.
import { violations, debordements, petitesCibles } from "./navigateur.mjs";

/** La forme d'une adresse : les identifiants deviennent {id}, les paramètres ne gardent que leur nom. */
export function forme(adresse) {
  const { pathname, searchParams } = new URL(adresse);
  const chemin = pathname.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/gi, "{id}").replace(/\/referentiels\/(?!nouveau)[^/]+/, "/referentiels/{id}").replace(/\/epreuves\/[^/]+/, "/epreuves/{id}").replace(/\/versions\/[^/]+/, "/versions/{id}").replace(/\/taches\/[^/]+/, "/taches/{code}").replace(/(\/a-faire\/{id}\/)[^/]+/, "$1{code}");
  const noms = [...new Set(searchParams.keys())].filter((nom) => nom !== "fait").sort();
  return noms.length ? `${chemin}?${noms.join("&")}` : chemin;
}

async function liens(page) {
  return page.evaluate(() => [...document.querySelectorAll("main a[href], header a[href]")].map((a) => new URL(a.getAttribute("href"), location.href).href.split("#")[0]).filter((href) => href.startsWith(location.origin)));
}

/**
 * Parcourt le site depuis `depart` et appelle `regarder(page, forme)` sur chaque page HTML neuve.
 * `plafond` borne la visite ; `ecarter` : expression des formes à ne pas ouvrir.
 */
export async function visiter(page, depart, regarder, { plafond = 120, ecarter = /\/(statique|deconnexion)\b/, garder = () => true } = {}) {
  const vues = new Set();
  const file = [depart];
  while (file.length && vues.size < plafond) {
    const adresse = file.shift();
    const laForme = forme(adresse);
    if (vues.has(laForme) || ecarter.test(laForme) || !garder(adresse)) continue;
    vues.add(laForme);
    const reponse = await page.request.get(adresse);
    if (!(reponse.headers()["content-type"] ?? "").startsWith("text/html")) continue;
    await page.goto(adresse);
    await regarder(page, laForme, adresse);
    file.push(...(await liens(page)));
  }
  return vues;
}

/** Tout ce qu'une page doit tenir ; rend la liste des manquements, vide quand tout va bien. */
export async function examiner(page) {
  const manques = [];
  await page.setViewportSize({ width: 1280, height: 900 });
  if ((await page.locator("h1").count()) !== 1) manques.push("une page a un titre h1, et un seul");
  if (!(await page.title()).endsWith("– Garant")) manques.push("le titre de la fenêtre finit par « – Garant »");
  for (const largeur of [320, 375]) {
    for (const debord of await debordements(page, largeur)) manques.push(`${largeur} px : ${debord}`);
  }
  for (const cible of await petitesCibles(page)) manques.push(`cible de moins de 24 px : ${cible}`);
  manques.push(...(await violations(page)).map((v) => `375 px, axe : ${v}`));
  await page.setViewportSize({ width: 1280, height: 900 });
  for (const debord of await debordements(page, 1280)) manques.push(`1280 px : ${debord}`);
  manques.push(...(await violations(page)).map((v) => `axe : ${v}`));
  manques.push(...page.reproches.splice(0));
  return manques;
}
