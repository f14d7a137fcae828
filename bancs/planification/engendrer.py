#!/usr/bin/env python3
"""Engendre des instances tp-planning/1 des mêmes tailles et formes que les instances données, d'une autre graine.

usage : engendrer.py DOSSIER GRAINE [GENRE…]
Genres : S M L XL, puis les impossibles conflit temps places fenetre acces formateur fermeture.
Même genre et même graine : mêmes octets. Bibliothèque standard seulement."""
import json, os, random, sys
from datetime import date, timedelta

OUVRE, FERME = 480, 1110


def epreuve(id, label, minutes, salle, sup, groupe=1, commun=False, present=True, tiers=True):
    return dict(id=id, label=label, minutes=minutes, room_kind=salle, supervision=sup, max_group=groupe,
                same_start_site=commun, candidate_present=present, extendable=tiers)


MSP = epreuve("MSP", "Mise en situation professionnelle", 210, "plateau", "surveillant", 20)
QP = epreuve("QP", "Questionnaire professionnel", 30, "salle", "surveillant", 200, commun=True)
PP = epreuve("PP", "Présentation d'un projet réalisé en amont de la session", 35, "entretien", "jury")
EVAL = epreuve("EVAL", "Le jury statue sur les productions (hors présence du candidat)", 10, None, "jury",
               present=False, tiers=False)
EF = epreuve("EF", "Entretien final", 15, "entretien", "jury", tiers=False)


def et(minutes):
    return epreuve("ET", "Entretien technique", minutes, "entretien", "jury")


def parcours(msp, qp, pp):
    """Les deux parcours (TITRE, CCP), selon les épreuves de l'examen."""
    t = ["MSP"] * msp + ["QP"] * qp + ["PP"] * pp + ["ET", "EVAL", "EF"]
    prec = []
    if msp and not pp:
        prec.append(["MSP", "ET"])
    prec += [[e, "EVAL"] for e in ("MSP", "QP") if e in t] + [["ET", "EVAL"], ["EVAL", "EF"]]
    titre = dict(id="TITRE", epreuves=t, precedences=prec, chains=[["PP", "ET"]] if pp else [], same_jury=[["EVAL", "EF"]])
    d = ["MSP"] if msp else ["QP"]
    prec = ([["MSP", "ET"]] if msp else []) + [["ET", "EVAL"], [d[0], "EVAL"]]
    ccp = dict(id="CCP", epreuves=d + ["ET", "EVAL"], precedences=prec, chains=[], same_jury=[["ET", "EVAL"]])
    return [titre, ccp]


def examen(msp, qp, pp, duree_et):
    e = [MSP] * msp + [QP] * qp + [PP] * pp + [et(duree_et), EVAL, EF]
    return e, parcours(msp, qp, pp)


def salle(id, site, nature, places, acces=True):
    return dict(id=id, label=id, site=site, kind=nature, capacity=places, accessible=acces, unavailable=[])


class Tirage:
    def __init__(self, genre, graine, sites, nj, examen, candidats, jurys, salles, survs, *, ccp=0.15, pmr=0.05, tiers=0.06,
                 conflits=0.0, indispo=0.0, candidat_indispo=0.0):
        r = self.r = random.Random(f"{genre}-{graine}")
        jours = [dict(date=str(date(2026, 6, 15) + timedelta(days=d)), open=OUVRE, close=FERME) for d in range(nj)]
        toujours = lambda: [dict(day=d, **{"from": OUVRE, "to": FERME}) for d in range(nj)]
        membres, liste_jurys = [], []
        for j, sites_j in enumerate(jurys):
            for k in (1, 2):
                dispo = toujours()
                if nj > 1 and r.random() < indispo:
                    d = r.randrange(nj)
                    quoi = r.randrange(3)
                    if quoi == 0:
                        dispo.pop(d)
                    else:
                        dispo[d]["from" if quoi == 1 else "to"] = 780
                membres.append(dict(id=f"J{2 * j + k:02}", name=f"Membre {2 * j + k}", availability=dispo, max_minutes=480))
            liste_jurys.append(dict(id=f"JURY{j + 1:02}", members=[f"J{2 * j + 1:02}", f"J{2 * j + 2:02}"], sites=list(sites_j)))
        surveillants = [dict(id=f"SV{i + 1:02}", name=f"Surveillant {i + 1}", sites=[s], availability=toujours(), max_minutes=600)
                        for i, s in enumerate(survs)]
        cands = []
        for i in range(candidats):
            site = sites[i % len(sites)] if len(sites) == 1 else r.choice(sites)
            du_site = [m for j in liste_jurys if site in j["sites"] for m in j["members"]]
            sv = [s["id"] for s in surveillants if site in s["sites"]]
            liens = []
            if r.random() < conflits:
                liens = [r.choice(sv if len(sv) > 1 and r.random() < 0.1 else du_site)]
            dispo = None
            if r.random() < candidat_indispo:
                dispo = toujours()
                if nj == 1 or r.random() < 0.4:
                    for d in dispo:
                        d["from"] = 570
                else:
                    dispo.pop(r.randrange(nj))
            cands.append(dict(id=f"C{i + 1:03}", name=f"Candidat {i + 1}", site=site,
                              parcours="CCP" if r.random() < ccp else "TITRE", tiers_temps=r.random() < tiers,
                              pmr=r.random() < pmr, availability=dispo, conflicts=liens))
        self.instance = dict(
            schema="tp-planning/1", id=f"{genre}-{graine}", seed=graine, title=f"{genre}, graine {graine}", grid=5, days=jours,
            sites=list(sites), lunch={"from": 690, "to": 840, "minutes": 45}, candidate_break=10, candidate_max_minutes=480,
            deliberation=dict(base=15, per_candidate=5), epreuves=examen[0], parcours=examen[1], rooms=salles, members=membres,
            juries=liste_jurys, surveillants=surveillants, candidates=cands, pins=[], replan=None,
            weights=dict(makespan=3, wait=2, max_wait=1, idle=1, continuity=60, extra_day=120))


def bureaux(site, n):
    return [salle(f"{site}-E{i + 1}", site, "entretien", 1, i != n - 1 or n == 1) for i in range(n)]


PROJET = examen(0, 1, 1, 40)


def petit(genre, g, candidats, jurys, places=12, duree_et=40):
    """Les petites impossibles : un jour, l'examen avec projet, tous au parcours TITRE."""
    return Tirage(genre, g, "A", 1, examen(0, 1, 1, duree_et), candidats, ["A"] * jurys,
                  [salle("A-S1", "A", "salle", places)] + bureaux("A", jurys), "A", ccp=0, pmr=0, tiers=0)


def engendrer(genre, g):
    if genre == "S":
        t = Tirage(genre, g, "A", 1, examen(1, 0, 0, 25), 6, ["A"], [salle("A-P1", "A", "plateau", 8)] + bureaux("A", 1), "A", ccp=0.4)
        return t.instance
    if genre == "M":
        t = Tirage(genre, g, "A", 2, PROJET, 16, ["A"] * 2, [salle("A-S1", "A", "salle", 20)] + bureaux("A", 2), "A", conflits=0.3)
        return t.instance
    if genre == "L":
        salles = [salle("A-P1", "A", "plateau", 20), salle("A-S1", "A", "salle", 40), salle("A-S2", "A", "salle", 30, False)]
        t = Tirage(genre, g, "A", 4, examen(1, 1, 1, 40), 60, ["A"] * 6, salles + bureaux("A", 6), "AAA", conflits=0.3,
                   indispo=0.3, candidat_indispo=0.04, tiers=0.05, pmr=0.04)
        return t.instance
    if genre == "XL":
        salles = []
        for s in "ABC":
            salles += [salle(f"{s}-P1", s, "plateau", 20), salle(f"{s}-S1", s, "salle", 80), salle(f"{s}-S2", s, "salle", 40, False)]
            salles += bureaux(s, 9 if s == "A" else 8)
        jurys = ["A"] * 8 + ["B"] * 7 + ["C"] * 7 + ["AB", "BC", "CA"]
        t = Tirage(genre, g, "ABC", 5, examen(1, 1, 1, 40), 300, jurys, salles, "AAAABBBBCCCC", ccp=0.18, conflits=0.22,
                   indispo=0.15, candidat_indispo=0.03, tiers=0.08, pmr=0.04)
        return t.instance
    r = random.Random(f"{genre}-{g}")
    if genre == "conflit":
        i = petit(genre, g, 5 + r.randrange(3), 2).instance
        c = r.choice(i["candidates"])
        c["conflicts"] = [r.choice(j["members"]) for j in i["juries"]]
        attendu = ("conflit_interets", [c["id"]], 1)
    elif genre == "temps":
        n = 5 + r.randrange(4)
        i = petit(genre, g, n, 1).instance
        tient = max(k for k in range(n + 1) if 100 * k + 15 + 5 * k <= 480)
        attendu = ("temps_jury", ["JURY01"], n - tient)
    elif genre == "places":
        n = 7 + r.randrange(2)
        manque = 1 + r.randrange(3)
        i = petit(genre, g, n, 2, places=n - manque).instance
        attendu = ("capacite_salle", ["A-S1", "QP"], manque)
    elif genre == "fenetre":
        i = Tirage(genre, g, "A", 1, examen(1, 0, 0, 25), 6, ["A"], [salle("A-P1", "A", "plateau", 8)] + bureaux("A", 1), "A",
                   ccp=0, pmr=0, tiers=0).instance
        c = r.choice(i["candidates"])
        c["tiers_temps"] = True
        c["availability"] = [{"day": 0, "from": 810 + 30 * r.randrange(2), "to": FERME}]
        attendu = ("fenetre_candidat", [c["id"]], 1)
    elif genre == "acces":
        i = petit(genre, g, 5 + r.randrange(2), 2).instance
        for s in i["rooms"]:
            if s["kind"] == "entretien":
                s["accessible"] = False
        c = r.choice(i["candidates"])
        c["pmr"] = True
        attendu = ("salle_accessible", [c["id"]], 1)
    elif genre == "formateur":
        i = petit(genre, g, 5 + r.randrange(2), 2).instance
        c = r.choice(i["candidates"])
        c["conflicts"] = ["SV01"]
        attendu = ("surveillant_formateur", [c["id"]], 1)
    elif genre == "fermeture":
        i = Tirage(genre, g, "A", 1, examen(1, 0, 0, 25), 3 + r.randrange(2), ["A"],
                   [salle("A-P1", "A", "plateau", 8)] + bureaux("A", 1), "A", ccp=0, pmr=0, tiers=0).instance
        ferme = 720 + 15 * r.randrange(2)
        i["days"][0]["close"] = ferme
        for p in i["members"] + i["surveillants"]:
            p["availability"] = [{"day": 0, "from": OUVRE, "to": ferme}]
        i["lunch"] = {"from": 690, "to": 840, "minutes": 45}
        attendu = ("fermeture", [c["id"] for c in i["candidates"]][:1], len(i["candidates"]))
    else:
        raise SystemExit(f"genre inconnu : {genre}")
    i["attendu"] = dict(cause=attendu[0], objets=attendu[1], restes=attendu[2])
    return i


GENRES = ["S", "M", "L", "XL", "conflit", "temps", "places", "fenetre", "acces", "formateur", "fermeture"]

if __name__ == "__main__":
    dossier, graine = sys.argv[1], int(sys.argv[2])
    os.makedirs(dossier, exist_ok=True)
    for genre in sys.argv[3:] or GENRES:
        chemin = os.path.join(dossier, f"{genre}-{graine}.json")
        with open(chemin, "w", encoding="utf-8") as f:
            json.dump(engendrer(genre, graine), f, ensure_ascii=False, indent=1)
        print(chemin)
