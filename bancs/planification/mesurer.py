#!/usr/bin/env python3
"""Mesure le moteur : instances × graines × budgets, chaque plan relu par check.py, médianes en tableau.

usage : mesurer.py [--moteur BINAIRE] [--budget c1000] [--graines 5] [--fils 1] INSTANCE.json…
Le binaire est l'exemple `planifier` du crate : cargo build --release -p planification --example planifier
Budgets : 1000 (millisecondes), c1000 (millisecondes de processeur, un fil), i500 (itérations)."""
import argparse, importlib.util, json, os, statistics, subprocess, sys, tempfile

RACINE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def charger(nom, chemin):
    spec = importlib.util.spec_from_file_location(nom, chemin)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def jouer(moteur, instance, budget, graine, fils):
    """Joue le moteur une fois ; rend (vecteur, composantes, premier plan complet en ms, plan)."""
    with tempfile.NamedTemporaryFile(suffix=".json") as plan:
        sortie = subprocess.run([moteur, instance, plan.name, budget, str(graine), str(fils)], check=True,
                                capture_output=True, text=True).stdout.split()
        with open(instance, encoding="utf-8") as f, open(plan.name, encoding="utf-8") as g:
            inst, sol = json.load(f), json.load(g)
    check = charger("check", os.path.join(RACINE, "planification", "essais", "check.py"))
    _, out = check.check(inst, sol)
    return out["vector"], out["components"], float(sortie[5]), sol


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--moteur", default=os.path.join(RACINE, "target", "release", "examples", "planifier"))
    p.add_argument("--budget", default="c1000")
    p.add_argument("--graines", type=int, default=5)
    p.add_argument("--fils", type=int, default=1)
    p.add_argument("instances", nargs="+")
    a = p.parse_args()
    print(f"{'instance':14} {'budget':7} {'dures':>5} {'de côté':>8} {'coût méd.':>9} {'qualité méd.':>12} {'écart':>6} "
          f"{'journées juré':>13} {'complet à (ms)':>14}  vecteurs")
    for chemin in a.instances:
        lus = [jouer(a.moteur, chemin, a.budget, g, a.fils) for g in range(1, a.graines + 1)]
        v = [x[0] for x in lus]
        # L'écart se mesure entre qualités de même coût que la médiane.
        cout = statistics.median_low([x[-2] for x in v])
        q = [x[-1] for x in v if x[-2] == cout]
        ecart = (max(q) - min(q)) / min(q) if q and min(q) else 0.0
        print(f"{os.path.basename(chemin)[:-5]:14} {a.budget:7} {max(x[0] for x in v):5} {max(x[1] for x in v):8} {cout:9} "
              f"{statistics.median([x[-1] for x in v]):12.0f} {ecart:6.1%} "
              f"{statistics.median([x[1]['member_days'] for x in lus]):13.0f} {statistics.median([x[2] for x in lus]):14.1f}  "
              + " ".join("/".join(map(str, x[1:])) for x in v), flush=True)


if __name__ == "__main__":
    main()
