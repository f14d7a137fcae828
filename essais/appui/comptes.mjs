// Entrer dans Garant comme une personne : premier démarrage, second facteur, connexion.
import { codeTotp } from "./totp.mjs";

/** Le code de premier démarrage, lu sur ce que le programme a écrit. */
export function codeDeDemarrage(garant) {
  const trouve = /Code de premier démarrage\s*:\s*([a-z0-9-]+)/i.exec(garant.sortie());
  if (!trouve) throw new Error(`le code de premier démarrage n’est pas affiché :\n${garant.sortie()}`);
  return trouve[1];
}

/** Premier démarrage : crée un centre, met en place le second facteur, garde les codes. Rend { courriel, motDePasse, secret }. */
export async function creerCentre(page, garant, regarder = async () => {}) {
  const compte = { courriel: "rosalie.temoin@centre.invalid", motDePasse: "quatre-mots-pour-essayer-42" };
  await page.goto(garant.adresse);
  await regarder(page, "/demarrage");
  await page.getByLabel("Code de premier démarrage").fill(codeDeDemarrage(garant));
  await page.getByRole("button", { name: "Créer mon centre" }).click();
  await page.getByRole("heading", { level: 1, name: "Créer mon centre" }).waitFor();
  await regarder(page, "/demarrage (centre)");
  const champs = { nom: "Centre Témoin", adresse: "12 rue des Lilas", code_postal: "12200", ville: "Villefranche", site_nom: "Site de Villefranche", prenom: "Rosalie", nom_personne: "Témoin", fonction: "Responsable pédagogique", courriel: compte.courriel, mot_de_passe: compte.motDePasse };
  for (const [nom, valeur] of Object.entries(champs)) await page.locator(`[name="${nom}"]`).fill(valeur);
  await page.getByRole("button", { name: "Créer mon centre" }).click();
  await page.waitForURL("**/compte/second-facteur**");
  await regarder(page, "/compte/second-facteur");
  compte.secret = (await page.locator(".cle").textContent()).trim();
  await page.getByLabel("Code affiché par l’application").fill(codeTotp(compte.secret));
  await page.getByRole("button", { name: "Confirmer" }).click();
  await page.getByRole("heading", { name: "Vos codes de secours" }).waitFor();
  await regarder(page, "/compte/codes-de-secours");
  await page.getByRole("link", { name: /continuer/ }).click();
  return compte;
}

/** Se connecte ; `compte.secret`, s'il existe, donne le second facteur du pas suivant (le présent a déjà servi). */
export async function seConnecter(page, adresse, compte) {
  await page.goto(`${adresse}/connexion`);
  await page.getByLabel("Courriel").fill(compte.courriel);
  await page.getByLabel("Mot de passe").fill(compte.motDePasse);
  await page.getByRole("button", { name: "Se connecter" }).click();
  if (compte.secret) {
    await page.getByLabel("Code").fill(codeTotp(compte.secret, Date.now() + 30_000));
    await page.getByRole("button", { name: "Continuer" }).click();
  }
  await page.locator(".compte").waitFor();
}

export const responsableExemple = { courriel: "responsable@exemple.invalid", motDePasse: "decouvrir-garant-sans-risque" };
