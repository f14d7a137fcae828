#!/usr/bin/env python3
"""Le moteur face à CP-SAT (OR-Tools), à tour de rôle dans un même passage, sur les mêmes instances.

usage : cpsat.py [--moteur BINAIRE] [--budget 1000] [--cpsat 60] [--graines 5] [--fils 2] INSTANCE.json…
CP-SAT s'installe par pip (pip install ortools) ; absent, le banc le dit et n'imprime que le moteur.
Modèle écrit pour ce banc : intervalles optionnels, séances partagées par début et salle communs, planification seule
(ni épingle, ni reprise, ni membre partagé entre jurys). Coût d'abord, qualité ensuite, dans une somme pondérée."""
import argparse, json, os, statistics, tempfile
from mesurer import RACINE, charger, jouer

try:
    from ortools.sat.python import cp_model
except ImportError:
    cp_model = None


def resoudre(inst, secondes, fils):
    """Le plan de CP-SAT, ou None. Temps absolu : jour × 1440 + minute, en pas de grille."""
    g = inst["grid"]
    check = charger("check", os.path.join(RACINE, "planification", "essais", "check.py"))
    m = cp_model.CpModel()
    E = {e["id"]: e for e in inst["epreuves"]}
    P = {p["id"]: p for p in inst["parcours"]}
    D = range(len(inst["days"]))
    jour = 1440 // g
    H = jour * len(inst["days"])
    plages = lambda av: [(d, a, b) for d, l in check.windows(av, inst).items() for a, b in l]

    def domaine(liste, duree):
        iv = [[d * jour + -(-a // g), d * jour + b // g - duree] for d, a, b in liste]
        return cp_model.Domain.from_intervals([x for x in iv if x[0] <= x[1]])

    tout = plages(None)
    membres = {x["id"]: plages(x["availability"]) for x in inst["members"]}
    survs = {x["id"]: plages(x["availability"]) for x in inst["surveillants"]}
    taches, salles_iv, qui_iv = {}, {}, {}
    seances = {}
    place = {c["id"]: m.new_bool_var("") for c in inst["candidates"]}
    for c in inst["candidates"]:
        for e in P[c["parcours"]]["epreuves"]:
            ep, du = E[e], check.duration(inst, E[e], c) // g
            fenetre = domaine(plages(c["availability"]) if ep["candidate_present"] else tout, du)
            fenetre = fenetre.intersection_with(domaine(tout, du))
            if fenetre.is_empty():
                m.add(place[c["id"]] == 0)
                fenetre = cp_model.Domain(0, H)
            s = m.new_int_var_from_domain(fenetre, "")
            dd = m.new_int_var(0, len(inst["days"]) - 1, "")
            m.add_division_equality(dd, s, jour)
            t = dict(s=s, du=du, fin=s + du, jour=dd, r={}, q={}, ep=ep, c=c)
            taches[c["id"], e] = t
            rs = [r for r in inst["rooms"] if r["kind"] == ep["room_kind"] and r["site"] == c["site"]
                  and (r["accessible"] or not (c["pmr"] and ep["candidate_present"]))]
            for r in rs:
                t["r"][r["id"]] = m.new_bool_var("")
            if ep["room_kind"]:
                m.add(sum(t["r"].values()) == place[c["id"]])
            if ep["supervision"] == "jury":
                qs = [(j["id"], [membres[x] for x in j["members"]]) for j in inst["juries"]
                      if c["site"] in j["sites"] and not set(j["members"]) & set(c["conflicts"])]
            else:
                qs = [(x["id"], [survs[x["id"]]]) for x in inst["surveillants"]
                      if c["site"] in x["sites"] and x["id"] not in c["conflicts"]]
            for q, dispos in qs:
                b = t["q"][q] = m.new_bool_var("")
                for dispo in dispos:
                    m.add_linear_expression_in_domain(s, domaine(dispo, du)).only_enforce_if(b)
            m.add(sum(t["q"].values()) == place[c["id"]])
            partage = ep["max_group"] > 1
            for r, b in t["r"].items():
                if partage:
                    seances.setdefault((e, c["site"], r), []).append((t, b))
                else:
                    salles_iv.setdefault(r, []).append(m.new_optional_fixed_size_interval_var(s, du, b, ""))
            if not partage:
                for q, b in t["q"].items():
                    qui_iv.setdefault(q, []).append((m.new_optional_fixed_size_interval_var(s, du, b, ""), t, b))
    # Séances partagées : quelques créneaux possibles par épreuve, site et salle ; chacun a un début et un encadrant.
    for (e, site, r), ts in seances.items():
        salle = next(x for x in inst["rooms"] if x["id"] == r)
        cap = min(E[e]["max_group"], salle["capacity"])
        duree = max(t["du"] for t, _ in ts)
        n = 1 if E[e]["same_start_site"] else min(len(ts), 2 * len(inst["days"]))
        choix = {id(t): [] for t, _ in ts}
        for _ in range(n):
            ouverte, s = m.new_bool_var(""), m.new_int_var_from_domain(domaine(tout, duree), "")
            salles_iv.setdefault(r, []).append(m.new_optional_fixed_size_interval_var(s, duree, ouverte, ""))
            qs = {q: m.new_bool_var("") for q in {q for t, _ in ts for q in t["q"]}}
            m.add(sum(qs.values()) == ouverte)
            dd = m.new_int_var(0, len(inst["days"]) - 1, "")
            m.add_division_equality(dd, s, jour)
            for q, b in qs.items():
                m.add_linear_expression_in_domain(s, domaine(survs[q], duree)).only_enforce_if(b)
                qui_iv.setdefault(q, []).append(
                    (m.new_optional_fixed_size_interval_var(s, duree, b, ""), dict(s=s, du=duree, jour=dd), b))
            dedans = []
            for t, b in ts:
                x = m.new_bool_var("")
                choix[id(t)].append(x)
                dedans.append(x)
                m.add_implication(x, ouverte)
                m.add(t["s"] == s).only_enforce_if(x)
                for q, bq in qs.items():
                    if q in t["q"]:
                        m.add_implication(bq, t["q"][q]).only_enforce_if(x)
                    else:
                        m.add_bool_or(~bq, ~x)
            m.add(sum(dedans) <= cap)
        for t, b in ts:
            m.add(sum(choix[id(t)]) == b)
    # Début commun.
    for e in inst["epreuves"]:
        if e["same_start_site"]:
            for site in inst["sites"]:
                l = [t for (c, x), t in taches.items() if x == e["id"] and t["c"]["site"] == site]
                for a, b in zip(l, l[1:]):
                    m.add(a["s"] == b["s"])
    L = inst["lunch"]

    def dejeune(intervalles, d, actif):
        """Un intervalle de déjeuner ce jour-là, avec tout le reste sans recouvrement."""
        s = m.new_int_var(d * jour + -(-L["from"] // g), d * jour + (L["to"] - L["minutes"]) // g, "")
        intervalles.append(m.new_optional_fixed_size_interval_var(s, L["minutes"] // g, actif, ""))

    def present_le(t, b, d):
        x = m.new_bool_var("")
        m.add(t["jour"] == d).only_enforce_if(x)
        m.add(t["jour"] != d).only_enforce_if(~x, b)
        m.add_implication(x, b)
        return x

    cout, morts, attentes, jours_de_plus, fins, juges = [], [], [], [], {}, {}
    delibs = {}
    for j in inst["juries"]:
        siens = [t for (c, e), t in taches.items() if e == P[t["c"]["parcours"]]["epreuves"][-1] and j["id"] in t["q"]]
        n = sum(t["q"][j["id"]] for t in siens) if siens else 0
        utile = m.new_bool_var("")
        du = m.new_int_var(0, H, "")
        base, par = inst["deliberation"]["base"] // g, inst["deliberation"]["per_candidate"] // g
        m.add(du == base * utile + par * n)
        for t in siens:
            m.add_implication(t["q"][j["id"]], utile)
        m.add(n >= 1).only_enforce_if(utile)
        s, fin = m.new_int_var(0, H, ""), m.new_int_var(0, H, "")
        iv = m.new_optional_interval_var(s, du, fin, utile, "")
        dd = m.new_int_var(0, len(inst["days"]) - 1, "")
        m.add_division_equality(dd, s, jour)
        m.add(fin <= dd * jour + inst["days"][0]["close"] // g).only_enforce_if(utile)
        m.add(s >= dd * jour + inst["days"][0]["open"] // g).only_enforce_if(utile)
        for (c, e), t in taches.items():
            if j["id"] in t["q"]:
                m.add(s >= t["fin"]).only_enforce_if(t["q"][j["id"]], utile)
        for t in siens:
            for e in P[t["c"]["parcours"]]["epreuves"]:
                m.add(s >= taches[t["c"]["id"], e]["fin"]).only_enforce_if(t["q"][j["id"]])
        delibs[j["id"]] = (s, utile)
        qui_iv.setdefault(j["id"], []).append((iv, dict(s=s, du=du, jour=dd), utile))
    for qui, l in qui_iv.items():
        est_jury = any(j["id"] == qui for j in inst["juries"])
        intervalles = [x[0] for x in l]
        for d in D:
            actif, du_jour = m.new_bool_var(""), []
            for _, t, b in l:
                x = present_le(t, b, d)
                m.add_implication(x, actif)
                du_jour.append((t, x))
            dejeune(intervalles, d, actif)
            charge = []
            for t, x in du_jour:
                if isinstance(t["du"], int):
                    charge.append(t["du"] * x)
                else:
                    y = m.new_int_var(0, H, "")
                    m.add(y == t["du"]).only_enforce_if(x)
                    m.add(y == 0).only_enforce_if(~x)
                    charge.append(y)
            plafond = min(p["max_minutes"] for p in inst["members"] + inst["surveillants"]
                          if p["id"] == qui or any(j["id"] == qui and p["id"] in j["members"] for j in inst["juries"]))
            m.add(sum(charge) <= plafond // g)
            cout.append((2 if est_jury else 1) * actif)
            if est_jury:
                a, z = m.new_int_var(0, H, ""), m.new_int_var(0, H, "")
                for t, x in du_jour:
                    m.add(a <= t["s"]).only_enforce_if(x)
                    m.add(z >= t["s"] + t["du"]).only_enforce_if(x)
                mort = m.new_int_var(0, jour, "")
                m.add(mort >= z - a - sum(charge)).only_enforce_if(actif)
                morts.append(2 * mort)
        m.add_no_overlap(intervalles)
    for r in inst["rooms"]:
        l = salles_iv.get(r["id"], [])
        for u in r["unavailable"]:
            l.append(m.new_fixed_size_interval_var(u["day"] * jour + u["from"] // g, -(-u["to"] // g) - u["from"] // g, ""))
        m.add_no_overlap(l)
    ouverts = {(s, d): m.new_bool_var("") for s in inst["sites"] for d in D}
    fin_site = {s: m.new_int_var(0, H, "") for s in inst["sites"]}
    pire = m.new_int_var(0, H, "")
    continuite = []
    for c in inst["candidates"]:
        p, pl = P[c["parcours"]], place[c["id"]]
        siennes = {e: taches[c["id"], e] for e in p["epreuves"]}
        for a, b in p["precedences"]:
            m.add(siennes[b]["s"] >= siennes[a]["fin"]).only_enforce_if(pl)
        suite = {b: a for a, b in p["chains"]}
        for a, b in p["chains"]:
            m.add(siennes[b]["s"] == siennes[a]["fin"])
            for r in siennes[a]["r"]:
                m.add(siennes[a]["r"][r] == siennes[b]["r"][r])
            for q in siennes[a]["q"]:
                m.add(siennes[a]["q"][q] == siennes[b]["q"][q])
        for gr in p["same_jury"]:
            for q in siennes[gr[0]]["q"]:
                for e in gr[1:]:
                    m.add(siennes[gr[0]]["q"][q] == siennes[e]["q"][q])
        # La pause est comptée à la fin de chaque présence, sauf dans une chaîne.
        pause = inst["candidate_break"] // g
        intervalles = []
        for e, t in siennes.items():
            if t["ep"]["candidate_present"]:
                queue = 0 if e in suite.values() else pause
                intervalles.append(m.new_optional_fixed_size_interval_var(t["s"], t["du"] + queue, pl, ""))
            fin = fin_site[c["site"]]
            m.add(fin >= t["fin"] - inst["days"][0]["open"] // g).only_enforce_if(pl)
        total, n_jours = [], []
        for d in D:
            actif, a, z, charge = m.new_bool_var(""), m.new_int_var(0, H, ""), m.new_int_var(0, H, ""), []
            for t in siennes.values():
                x = present_le(t, pl, d)
                m.add_implication(x, ouverts[c["site"], d])
                if t["ep"]["candidate_present"]:
                    m.add_implication(x, actif)
                    m.add(a <= t["s"]).only_enforce_if(x)
                    m.add(z >= t["fin"]).only_enforce_if(x)
                    charge.append(t["du"] * x)
            m.add(sum(charge) <= inst["candidate_max_minutes"] // g)
            attente = m.new_int_var(0, jour, "")
            m.add(attente >= z - a - sum(charge)).only_enforce_if(actif)
            total.append(attente)
            n_jours.append(actif)
            dejeune(intervalles, d, actif)
        # Le déjeuner peut toucher une épreuve : la pause qui la suit n'en est pas retirée (contrainte un peu plus forte).
        m.add_no_overlap(intervalles)
        m.add(pire >= sum(total))
        attentes += total
        jours_de_plus.append(sum(n_jours) - pl)
        js = sorted({q for t in siennes.values() if t["ep"]["supervision"] == "jury" for q in t["q"]})
        vus = []
        for q in js:
            v = m.new_bool_var("")
            for t in siennes.values():
                if q in t["q"] and t["ep"]["supervision"] == "jury":
                    m.add_implication(t["q"][q], v)
            vus.append(v)
        continuite.append(sum(vus) - pl)
    w = inst["weights"]
    qualite = (g * (w["makespan"] * sum(fin_site.values()) + w["wait"] * sum(attentes) + w["max_wait"] * pire
                    + w["idle"] * sum(morts)) + w["continuity"] * sum(continuite) + w["extra_day"] * sum(jours_de_plus))
    m.minimize(10**9 * sum(1 - x for x in place.values()) + 10**6 * (sum(cout) + sum(ouverts.values())) + qualite)
    solveur = cp_model.CpSolver()
    solveur.parameters.max_time_in_seconds = secondes
    solveur.parameters.num_workers = fils
    etat = solveur.solve(m)
    if etat not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None, etat
    v = solveur.value
    sol = dict(schema="tp-planning-solution/1", instance=inst["id"], tasks=[], deliberations=[],
               unplanned=[c for c, x in place.items() if not v(x)])
    for (c, e), t in taches.items():
        if v(place[c]):
            q = next(q for q, b in t["q"].items() if v(b))
            est_jury = t["ep"]["supervision"] == "jury"
            sol["tasks"].append(dict(candidate=c, epreuve=e, day=v(t["s"]) // jour, start=v(t["s"]) % jour * g,
                                     room=next((r for r, b in t["r"].items() if v(b)), None),
                                     jury=q if est_jury else None, surveillant=None if est_jury else q))
    for j, (s, utile) in delibs.items():
        if v(utile):
            sol["deliberations"].append(dict(jury=j, day=v(s) // jour, start=v(s) % jour * g))
    return sol, etat


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--moteur", default=os.path.join(RACINE, "target", "release", "examples", "planifier"))
    p.add_argument("--budget", default="1000")
    p.add_argument("--cpsat", type=float, default=60)
    p.add_argument("--graines", type=int, default=5)
    p.add_argument("--fils", type=int, default=2)
    p.add_argument("instances", nargs="+")
    a = p.parse_args()
    if cp_model is None:
        print("OR-Tools est absent (pip install ortools) : le moteur seul.")
    check = charger("check", os.path.join(RACINE, "planification", "essais", "check.py"))
    for chemin in a.instances:
        with open(chemin, encoding="utf-8") as f:
            inst = json.load(f)
        lus = [jouer(a.moteur, chemin, a.budget, g, a.fils)[0] for g in range(1, a.graines + 1)]
        # Médiane dans l'ordre du vecteur.
        moteur = sorted(lus)[len(lus) // 2]
        ligne = f"{inst['id']:10} moteur {a.budget} : {'/'.join(map(str, moteur[1:]))}"
        if cp_model is not None:
            sol, etat = resoudre(inst, a.cpsat, a.fils)
            if sol is None:
                ligne += f"   CP-SAT {a.cpsat:.0f} s : aucun plan"
            else:
                V, out = check.check(inst, sol)
                v = out["vector"]
                ligne += f"   CP-SAT {a.cpsat:.0f} s : {'/'.join(map(str, v[1:]))}{' (optimum)' if etat == cp_model.OPTIMAL else ''}"
                ligne += f"   {len(V)} règle(s) enfreinte(s)" if V else f"   rapport des qualités {moteur[-1] / v[-1]:.3f}"
        print(ligne, flush=True)


if __name__ == "__main__":
    main()
