// Garant : le seul script. Facultatif : sans lui, chaque page fait tout ce qu'elle sait faire.
// 1. « / » mène à la recherche. 2. Un geste marqué data-confirme se confirme. 3. Une saisie commencée
// (data-garde) ne se perd pas sans qu'on le dise. 4. Un formulaire ne part qu'une fois. 5. Une page refusée
// amène au bilan des erreurs. 6. Une page data-rafraichir se met à jour seule, partie par partie (data-vivant),
// sauf la partie où l'on saisit. 7. Un bloc du planning se glisse à la souris ou se pousse aux flèches : lâché, ou
// confirmé par Entrée, il mène à la page qui essaie cette place. Rien ne s'enregistre d'ici.
// 8. Une signature se dessine du doigt ou au stylet (data-signature).
// 9. Un bouton data-copier copie le champ qu'il nomme.
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
          if (fraiche && !occupee(partie)) {
            partie.replaceChildren(...fraiche.childNodes);
            brancher(partie);
          }
        }
      } catch {
        // Ligne coupée : on réessaie au tour suivant, rien n'est perdu.
      }
    };
    setInterval(rafraichir, Number(aRafraichir.dataset.rafraichir) * 1000);
  }

  for (const bloc of document.querySelectorAll("[data-planches] a[data-debut]")) {
    const svg = bloc.ownerSVGElement;
    const d = svg.dataset;
    const vertical = d.sens === "vertical";
    // Tous les jours, côte à côte : mêmes colonnes chaque jour, une séance passe de l'un à l'autre.
    const jours = [...svg.closest("[data-planches]").querySelectorAll("svg[data-date]")];
    const valeurs = d.valeurs.split("|");
    const depart = { debut: Number(bloc.dataset.debut), rang: Number(bloc.dataset.rang), jour: jours.indexOf(svg) };
    const lieu = { ...depart };
    const pixels = (minutes) => (minutes * Number(d.dizaine)) / 10;
    const heure = (m) => `${String(Math.floor(m / 60)).padStart(2, "0")}:${String(m % 60).padStart(2, "0")}`;
    const change = () => lieu.debut !== depart.debut || lieu.rang !== depart.rang || lieu.jour !== depart.jour;
    const ou = () => {
      const noms = svg.querySelectorAll(".tete-colonne");
      const colonne = d.sorte && noms[lieu.rang] ? `, ${noms[lieu.rang].dataset.nom}` : "";
      return `${jours[lieu.jour].getAttribute("aria-label")}, ${heure(lieu.debut)}${colonne}`;
    };
    const montrer = () => {
      const long = pixels(lieu.debut - depart.debut);
      const ecart = jours[lieu.jour].getBoundingClientRect().left - svg.getBoundingClientRect().left;
      const travers = ecart + (lieu.rang - depart.rang) * Number(d.colonne);
      bloc.setAttribute("transform", vertical ? `translate(${travers} ${long})` : `translate(${long} 0)`);
      bloc.classList.toggle("en-main", change());
      svg.classList.toggle("porte", change());
      const annonce = document.querySelector("[data-annonce]");
      if (annonce) annonce.textContent = change() ? `${ou()}. Entrée pour essayer, Échap pour laisser.` : "À sa place.";
    };
    const poser = (debut, rang, jour) => {
      lieu.debut = Math.max(0, Math.min(1435, Math.round(debut / 5) * 5));
      lieu.jour = vertical && jours[jour] ? jour : depart.jour;
      lieu.rang = d.sorte ? Math.max(0, Math.min(valeurs.length - 1, rang)) : depart.rang;
      montrer();
    };
    // Une colonne à côté ; passé le bord, le jour d'à côté.
    const pasDeCote = (sens) => {
      const rang = lieu.rang + sens;
      if (rang in valeurs) poser(lieu.debut, rang, lieu.jour);
      else if (jours[lieu.jour + sens]) poser(lieu.debut, sens > 0 ? 0 : valeurs.length - 1, lieu.jour + sens);
    };
    const essayer = () => {
      const adresse = new URL(bloc.getAttribute("href"), location.href);
      adresse.searchParams.set("date", jours[lieu.jour].dataset.date);
      adresse.searchParams.set("debut", heure(lieu.debut));
      if (d.sorte && lieu.rang !== depart.rang && valeurs[lieu.rang]) adresse.searchParams.set(d.sorte, valeurs[lieu.rang]);
      location.assign(adresse);
    };
    bloc.addEventListener("keydown", (evenement) => {
      const dans = vertical ? { ArrowUp: -5, ArrowDown: 5 } : { ArrowLeft: -5, ArrowRight: 5 };
      const cote = vertical ? { ArrowLeft: -1, ArrowRight: 1 } : {};
      const touche = evenement.key;
      if (touche in dans || touche in cote) {
        evenement.preventDefault();
        if (touche in dans) poser(lieu.debut + dans[touche], lieu.rang, lieu.jour);
        else pasDeCote(cote[touche]);
        bloc.scrollIntoView({ block: "nearest", inline: "nearest" });
      } else if (touche === "Escape" && change()) {
        poser(depart.debut, depart.rang, depart.jour);
      } else if (touche === "Enter" && change()) {
        evenement.preventDefault();
        essayer();
      }
    });
    let prise = null;
    let glisse = false;
    bloc.addEventListener("pointerdown", (evenement) => {
      glisse = false;
      if (evenement.pointerType === "mouse" && evenement.button === 0) prise = { x: evenement.clientX, y: evenement.clientY, gauche: svg.getBoundingClientRect().left };
    });
    window.addEventListener("pointermove", (evenement) => {
      if (!prise) return;
      // Le cadre a pu défiler depuis : le trajet se compte sur le dessin.
      const defile = svg.getBoundingClientRect().left - prise.gauche;
      const [x, y] = [evenement.clientX - prise.x - defile, evenement.clientY - prise.y];
      if (!glisse && Math.hypot(x, y) < 6) return;
      glisse = true;
      evenement.preventDefault();
      const minutes = ((vertical ? y : x) * 10) / Number(d.dizaine);
      // Au bord du cadre, la suite défile ; on ne lâche que sur un jour que l'on voit.
      const cadre = svg.closest("[data-planches]");
      const bords = cadre.getBoundingClientRect();
      const dehors = Math.max(0, evenement.clientX - bords.right + 24) - Math.max(0, bords.left + 24 - evenement.clientX);
      if (dehors) cadre.scrollLeft += Math.sign(dehors) * 24;
      const vu = Math.max(bords.left, Math.min(bords.right, evenement.clientX));
      const sous = jours.findIndex((j) => {
        const r = j.getBoundingClientRect();
        return vu >= r.left && vu <= r.right;
      });
      const jour = vertical && sous >= 0 ? sous : lieu.jour;
      const ecart = jours[jour].getBoundingClientRect().left - svg.getBoundingClientRect().left;
      poser(depart.debut + minutes, depart.rang + (vertical ? Math.round((x - ecart) / Number(d.colonne)) : 0), jour);
    });
    window.addEventListener("pointerup", () => {
      if (prise && glisse && change()) essayer();
      prise = null;
    });
    bloc.addEventListener("dragstart", (evenement) => evenement.preventDefault());
    bloc.addEventListener("click", (evenement) => {
      if (glisse) evenement.preventDefault();
    });
  }
  // 8. Une signature se dessine du doigt, au stylet ou à la souris : des points, envoyés tels quels.
  const brancher = (racine) => {
    for (const bloc of racine.querySelectorAll("[data-signature][hidden]")) {
      bloc.hidden = false;
      const toile = bloc.querySelector("canvas");
      const champ = bloc.querySelector('input[name="traits"]');
      const encre = toile.getContext("2d");
      Object.assign(encre, { lineWidth: 3, lineCap: "round", lineJoin: "round", strokeStyle: "#1d1b20" });
      let traits = [];
      let enCours = null;
      const point = (evenement) => {
        const cadre = toile.getBoundingClientRect();
        const borner = (v, max) => Math.max(0, Math.min(max, Math.round(v)));
        return [borner(((evenement.clientX - cadre.left) * toile.width) / cadre.width, toile.width), borner(((evenement.clientY - cadre.top) * toile.height) / cadre.height, toile.height)];
      };
      toile.addEventListener("pointerdown", (evenement) => {
        evenement.preventDefault();
        toile.setPointerCapture(evenement.pointerId);
        enCours = [point(evenement)];
        traits.push(enCours);
      });
      toile.addEventListener("pointermove", (evenement) => {
        if (!enCours) return;
        const [x, y] = point(evenement);
        const [ax, ay] = enCours[enCours.length - 1];
        if (x === ax && y === ay) return;
        enCours.push([x, y]);
        encre.beginPath();
        encre.moveTo(ax, ay);
        encre.lineTo(x, y);
        encre.stroke();
      });
      const finir = () => {
        enCours = null;
        champ.value = traits.map((t) => t.map((p) => p.join(",")).join(" ")).join(";");
        champ.dataset.touche = "oui";
      };
      toile.addEventListener("pointerup", finir);
      toile.addEventListener("pointercancel", finir);
      bloc.querySelector("[data-effacer]").addEventListener("click", () => {
        traits = [];
        champ.value = "";
        encre.clearRect(0, 0, toile.width, toile.height);
      });
    }
  };
  brancher(document);

  // Un bouton de copie n'existe qu'avec le script : sans lui, le champ se sélectionne à la main.
  for (const bouton of document.querySelectorAll("[data-copier]")) {
    if (!navigator.clipboard) break;
    bouton.hidden = false;
    bouton.addEventListener("click", async () => {
      const champ = document.getElementById(bouton.dataset.copier);
      champ.select();
      try {
        await navigator.clipboard.writeText(champ.value);
        bouton.dataset.copie = "oui";
        setTimeout(() => delete bouton.dataset.copie, 2000);
      } catch {
        // Le navigateur refuse : la valeur est sélectionnée, Ctrl + C la copie.
      }
    });
  }

  const bilan = document.getElementById("bilan") || document.getElementById("refus");
  if (bilan) bilan.focus();
})();
