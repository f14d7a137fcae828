"""Banc des coupures : `kill -9` au hasard sous charge. Chaque acte confirmé est là, la chaîne tient, le retour est rapide."""

import argparse
import http.client
import random
import re
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import uuid
from pathlib import Path

from commun import GARANT, Service, compiler, lire, mediane, se_connecter

PORT, CLIENTS = 8435, 4


def ecrire(session, temoin, confirmes, arret):
    """Inscrit des candidats jusqu'à la coupure ; retient chaque acte dont la réponse est venue."""
    connexion = http.client.HTTPConnection("127.0.0.1", PORT, timeout=5)
    entetes = {"Cookie": temoin, "Origin": f"http://127.0.0.1:{PORT}",
               "Content-Type": "application/x-www-form-urlencoded"}
    while not arret.is_set():
        acte = str(uuid.uuid4())
        corps = urllib.parse.urlencode({"acte": acte, "numero_ceres": acte[:30], "motif": "banc des coupures"})
        try:
            connexion.request("POST", f"{session}/programme/ceres", corps, entetes)
            reponse = connexion.getresponse()
            reponse.read()
        except (OSError, http.client.HTTPException):
            return
        if reponse.status == 303:
            confirmes.append(acte)
        elif reponse.status not in (409, 422):
            sys.exit(f"réponse inattendue : {reponse.status}")


def un_tour(binaire, donnees, hasard):
    """Démarre, charge, coupe ; rend (secondes avant d'être prêt, actes confirmés)."""
    service = Service([binaire, "servir", "--donnees", donnees, "--ecoute", f"127.0.0.1:{PORT}"], PORT)
    pret = service.pret("/sante/pret")
    temoin = se_connecter(PORT)
    session = re.search(r'href="(/sessions/[0-9a-f-]{36})"', lire(PORT, "/sessions", temoin)[2]).group(1)
    confirmes, arret = [], threading.Event()
    clients = [threading.Thread(target=ecrire, args=(session, temoin, confirmes, arret)) for _ in range(CLIENTS)]
    for client in clients:
        client.start()
    time.sleep(hasard.uniform(0.02, 0.4))
    service.processus.kill()
    service.processus.wait()
    arret.set()
    for client in clients:
        client.join()
    return pret, confirmes


def main():
    lecture = argparse.ArgumentParser(description=__doc__)
    lecture.add_argument("--tours", type=int, default=300)
    lecture.add_argument("--graine", type=int, default=1)
    lecture.add_argument("--binaire", type=Path, help="sinon, compile et prend celui de livraison")
    demande = lecture.parse_args()
    binaire = demande.binaire or (compiler() and GARANT)
    hasard = random.Random(demande.graine)
    with tempfile.TemporaryDirectory() as travail:
        donnees = Path(travail) / "donnees"
        subprocess.run([binaire, "exemple", "--sessions", "1", "--candidats", "2", "--donnees", donnees],
                       check=True, stdout=subprocess.DEVNULL)
        prets, confirmes = [], []
        for _ in range(demande.tours):
            pret, de_ce_tour = un_tour(binaire, donnees, hasard)
            prets.append(pret)
            confirmes += de_ce_tour
        verification = subprocess.run([binaire, "verifier-le-journal", "--donnees", donnees], stdout=subprocess.DEVNULL)
        base = sqlite3.connect(donnees / "garant.db")
        presents = {acte for (acte,) in base.execute("SELECT acte FROM acte")}
        base.close()
    perdus = [acte for acte in confirmes if acte not in presents]
    print(f"{demande.tours} coupures, {len(confirmes)} actes confirmés, {len(perdus)} perdus (but : 0)")
    print(f"chaîne : {'intacte' if verification.returncode == 0 else 'ALTÉRÉE'}")
    print(f"retour : médiane {mediane(prets):.2f} s, au pire {max(prets):.2f} s (but : moins de 2 s)")
    sys.exit(bool(perdus or verification.returncode or max(prets) >= 2))


if __name__ == "__main__":
    main()
