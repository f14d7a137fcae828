// Ce que les essais qui créent une session se partagent : ses jours, et sa saisie.

export const titre = "Développeur web et web mobile";

/** Le jour qui vient tant de jours après celui-là, en ISO. */
export const apres = (jour, jours) => new Date(Date.parse(jour) + jours * 86_400_000).toISOString().slice(0, 10);

/** Un mardi, dans tant de jours environ, en ISO : assez loin pour que les délais tiennent. */
export function unMardi(jours) {
  let jour = apres(new Date().toISOString().slice(0, 10), jours);
  while (new Date(jour).getUTCDay() !== 2) jour = apres(jour, 1);
  return jour;
}

/** Remplit la page de création d'une session titre, sans l'envoyer. */
export async function saisirSession(page, debut, fin) {
  await page.getByLabel("Session titre").check();
  const choix = page.getByLabel("Titre professionnel");
  await choix.selectOption(await choix.locator("option", { hasText: titre }).first().getAttribute("value"));
  await page.getByLabel("Site").selectOption({ index: 1 });
  await page.getByLabel("Premier jour").fill(debut);
  await page.getByLabel("Dernier jour").fill(fin);
}
