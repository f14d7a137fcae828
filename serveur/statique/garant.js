// Garant : le seul script. Facultatif : sans lui, chaque page fait tout ce qu'elle sait faire.
// 1. « / » mène à la recherche. 2. Un geste marqué data-confirme se confirme. 3. Une saisie commencée
// (data-garde) ne se perd pas sans qu'on le dise. 4. Un formulaire ne part qu'une fois. 5. Une page refusée
// amène au bilan des erreurs. 6. Une page data-rafraichir se met à jour seule, partie par partie (data-vivant),
// sauf la partie où l'on saisit.
"use strict";

(function () {
  const estSaisie = (cible) => cible instanceof HTMLElement && (cible.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(cible.tagName));

  document.addEventListener("keydown", (evenement) => {
    if (evenement.key !== "/" || evenement.ctrlKey || evenement.metaKey || evenement.altKey || estSaisie(evenement.target)) return;
    const champ = document.querySelector('[data-raccourci="/"]');
    if (!champ) return;
    evenement.preventDefault();
    champ.focus();
    champ.select();
  });

  let saisieEnCours = null;
  document.addEventListener("input", (evenement) => {
    const formulaire = evenement.target.closest && evenement.target.closest("form[data-garde]");
    if (formulaire) saisieEnCours = formulaire;
  });
  window.addEventListener("beforeunload", (evenement) => {
    if (saisieEnCours) evenement.preventDefault();
  });

  document.addEventListener("submit", (evenement) => {
    const formulaire = evenement.target;
    const bouton = evenement.submitter;
    const question = (bouton && bouton.dataset.confirme) || formulaire.dataset.confirme;
    if (question && !window.confirm(question)) {
      evenement.preventDefault();
      return;
    }
    if (formulaire.method === "post") {
      // Deux secondes : assez pour un double clic, pas assez pour gêner qui télécharge deux fois.
      if (Date.now() - Number(formulaire.dataset.parti ?? 0) < 2000) {
        evenement.preventDefault();
        return;
      }
      formulaire.dataset.parti = String(Date.now());
    }
    if (saisieEnCours === formulaire) saisieEnCours = null;
  });
  // Revenue par « Précédent », la page peut de nouveau envoyer.
  window.addEventListener("pageshow", () => {
    for (const formulaire of document.forms) delete formulaire.dataset.parti;
  });

  const aRafraichir = document.querySelector("[data-rafraichir]");
  if (aRafraichir) {
    const occupee = (partie) => partie.contains(document.activeElement) || partie.querySelector("details[open]") || partie.querySelector('[data-touche="oui"]');
    aRafraichir.addEventListener("input", (evenement) => (evenement.target.dataset.touche = "oui"));
    const rafraichir = async () => {
      if (document.hidden) return;
      try {
        const reponse = await fetch(location.href, { headers: { Accept: "text/html" } });
        if (!reponse.ok || reponse.redirected) return;
        const neuve = new DOMParser().parseFromString(await reponse.text(), "text/html");
        for (const partie of aRafraichir.querySelectorAll("[data-vivant]")) {
          const fraiche = neuve.getElementById(partie.id);
          if (fraiche && !occupee(partie)) partie.replaceChildren(...fraiche.childNodes);
        }
      } catch {
        // Ligne coupée : on réessaie au tour suivant, rien n'est perdu.
      }
    };
    setInterval(rafraichir, Number(aRafraichir.dataset.rafraichir) * 1000);
  }

  const bilan = document.getElementById("bilan") || document.getElementById("refus");
  if (bilan) bilan.focus();
})();
