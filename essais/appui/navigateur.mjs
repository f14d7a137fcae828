// Le vrai navigateur, et ce qu'on exige de chaque page : axe sans violation, aucun défilement latéral, aucune erreur.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const regles = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

export function ouvrirNavigateur() {
  return chromium.launch({
    executablePath: process.env.GARANT_CHROMIUM ?? "/usr/bin/chromium",
    args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
}

/** Un contexte de navigation ; `options` : { storageState, javaScriptEnabled, largeur }. */
export async function contexte(navigateur, { largeur = 1280, ...options } = {}) {
  const nouveau = await navigateur.newContext({ viewport: { width: largeur, height: 900 }, locale: "fr-FR", timezoneId: "Europe/Paris", acceptDownloads: true, ...options });
  nouveau.setDefaultTimeout(20_000);
  return nouveau;
}

/** Une page qui retient ce que la console et le réseau reprochent (CSP, 500, fichier absent). */
export async function nouvellePage(leContexte) {
  const page = await leContexte.newPage();
  page.reproches = [];
  page.on("console", (message) => {
    if (message.type() === "error" && !/status of 4\d\d/.test(message.text())) page.reproches.push(message.text());
  });
  page.on("pageerror", (erreur) => page.reproches.push(String(erreur)));
  page.on("response", (reponse) => {
    if (reponse.status() >= 500) page.reproches.push(`${reponse.status()} ${reponse.url()}`);
  });
  return page;
}

/** Les violations d'axe, en phrases lisibles. `bypassCSP` n'est pas demandé : axe est évalué hors de la page. */
export async function violations(page) {
  await page.evaluate(axe);
  const { violations: trouvees } = await page.evaluate((etiquettes) => window.axe.run(document, { runOnly: etiquettes }), regles);
  return trouvees.flatMap((v) => v.nodes.map((n) => `${v.id} : ${n.target.join(" ")} ; ${n.failureSummary.split("\n").slice(1, 2).join("").trim()}`));
}

/** Les éléments qui dépassent à droite quand la page défile latéralement à cette largeur ; vide sinon. */
export async function debordements(page, largeur) {
  await page.setViewportSize({ width: largeur, height: 800 });
  return page.evaluate((limite) => {
    if (document.documentElement.scrollWidth <= limite) return [];
    return [...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > limite + 1).slice(0, 5).map((e) => `${e.tagName.toLowerCase()}.${e.className} « ${e.textContent.trim().slice(0, 40)} »`);
  }, largeur);
}

/** Les cibles de moins de 24 px qui ne sont pas des liens au fil d'une phrase. */
export async function petitesCibles(page) {
  return page.evaluate(() =>
    [...document.querySelectorAll("button, select, input:not([type=hidden]), summary, nav a, a.bouton")]
      .map((e) => [e, (e.closest("label") ?? e).getBoundingClientRect()])
      .filter(([e, r]) => r.width > 1 && r.height > 1 && (r.width < 23.5 || r.height < 23.5) && getComputedStyle(e).visibility !== "hidden" && !e.closest(".invisible, .invisible-sauf-focus"))
      .map(([e, r]) => `${e.tagName.toLowerCase()} « ${(e.textContent || e.name || "").trim().slice(0, 30)} » ${Math.round(r.width)}×${Math.round(r.height)}`),
  );
}
