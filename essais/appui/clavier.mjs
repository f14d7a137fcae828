// Au clavier seul : Tab pour atteindre, la frappe pour remplir, Espace ou Entrée pour agir. Jamais la souris.

/** Avance à la tabulation jusqu'à l'élément dont le nom accessible convient ; échoue après un tour complet. */
export async function atteindre(page, nom, { role, dans = "body" } = {}) {
  for (let pas = 0; pas < 150; pas++) {
    await page.keyboard.press("Tab");
    const ici = await page.evaluate((zone) => {
      const e = document.activeElement;
      if (!e || e === document.body || !e.closest(zone)) return null;
      const etiquette = e.getAttribute("aria-label") ?? e.labels?.[0]?.innerText ?? e.innerText ?? "";
      const genre = e.getAttribute("role") ?? ({ A: "link", BUTTON: "button", SELECT: "combobox", SUMMARY: "button" }[e.tagName] ?? e.type ?? e.tagName.toLowerCase());
      const visible = getComputedStyle(e).outlineStyle !== "none" || e.matches(":focus-visible");
      return { etiquette: etiquette.replace(/\s+/g, " ").trim(), genre, visible };
    }, dans);
    if (!ici) continue;
    const convient = nom instanceof RegExp ? nom.test(ici.etiquette) : ici.etiquette.startsWith(nom);
    if (convient && (!role || ici.genre === role)) {
      if (!ici.visible) throw new Error(`« ${ici.etiquette} » a le focus sans que rien ne le montre`);
      return ici;
    }
  }
  throw new Error(`au clavier, rien ne mène à « ${nom} » sur ${page.url()}`);
}

/** Atteint un champ de texte et y écrit. */
export async function ecrire(page, nom, texte) {
  await atteindre(page, nom);
  await page.keyboard.press("Control+A");
  await page.keyboard.type(texte);
}

/** Atteint une liste et y choisit l'option, par la flèche. */
export async function choisir(page, nom, option) {
  await atteindre(page, nom, { role: "combobox" });
  const rang = await page.evaluate((voulue) => [...document.activeElement.options].findIndex((o) => o.text.toLowerCase().includes(voulue)), option.toLowerCase());
  if (rang < 0) throw new Error(`la liste « ${nom} » n’a pas « ${option} »`);
  await page.keyboard.press("Home");
  for (let pas = 0; pas < rang; pas++) await page.keyboard.press("ArrowDown");
  const choisie = await page.evaluate(() => document.activeElement.selectedOptions[0].text);
  if (!choisie.toLowerCase().includes(option.toLowerCase())) throw new Error(`au clavier, « ${nom} » donne « ${choisie} » et non « ${option} »`);
}

/** Atteint un champ de date et y frappe jour, mois, année, dans l'ordre que le navigateur montre. */
export async function dater(page, nom, iso) {
  const [annee, mois, jour] = iso.split("-");
  await atteindre(page, nom);
  for (const frappe of [`${jour}${mois}${annee}`, `${mois}${jour}${annee}`]) {
    await page.keyboard.type(frappe);
    if ((await page.evaluate(() => document.activeElement.value)) === iso) return;
    for (let pas = 0; pas < 2; pas++) await page.keyboard.press("ArrowLeft");
  }
  throw new Error(`au clavier, « ${nom} » ne prend pas ${iso}`);
}

/** Atteint un lien ou un bouton et l'actionne par Entrée. */
export async function actionner(page, nom, options) {
  const { genre } = await atteindre(page, nom, options);
  await page.keyboard.press(genre === "radio" || genre === "checkbox" ? "Space" : "Enter");
}
