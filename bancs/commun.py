"""Ce que les bancs en Python partagent : lancer Garant, s'y connecter, attendre un port, prendre une médiane."""

import http.client
import os
import shutil
import statistics
import subprocess
import sys
import time
import urllib.parse
from pathlib import Path

RACINE = Path(__file__).resolve().parent.parent
CIBLE = Path(os.environ.get("CARGO_TARGET_DIR", RACINE / "target"))
GARANT = CIBLE / "release" / "garant"
# Le compte public du centre d'exemple ; il ne vaut que sur la boucle locale.
COURRIEL, MOT_DE_PASSE = "responsable@exemple.invalid", "decouvrir-garant-sans-risque"


def compiler():
    """Compile Garant et les repères en mode optimisé ; rend le dossier des binaires."""
    subprocess.run(["cargo", "build", "--release", "--locked", "-p", "serveur", "-p", "bancs"], cwd=RACINE, check=True)
    return CIBLE / "release"


def present(commande, paquet):
    """Dit si une commande est là ; sinon le dit en une ligne."""
    if shutil.which(commande):
        return True
    print(f"absent : {commande} (Debian : apt-get install {paquet})")
    return False


class Service:
    """Un programme qui écoute ; arrêté en sortant."""

    def __init__(self, commande, port, **options):
        self.debut = time.perf_counter()
        self.processus = subprocess.Popen(commande, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **options)
        self.port = port

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.processus.terminate()
        self.processus.wait(timeout=20)

    def pret(self, chemin="/", delai=60):
        """Attend une réponse 200 ; rend les secondes écoulées depuis le lancement."""
        while time.perf_counter() - self.debut < delai:
            if self.processus.poll() is not None:
                sys.exit(f"le service s'est arrêté : code {self.processus.returncode}")
            try:
                if lire(self.port, chemin)[0] == 200:
                    return time.perf_counter() - self.debut
            except OSError:
                time.sleep(0.002)
        sys.exit("le service ne répond pas")


def lire(port, chemin, temoin=None):
    """Une page : (statut, en-têtes, corps)."""
    connexion = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connexion.request("GET", chemin, headers={"Cookie": temoin} if temoin else {})
    reponse = connexion.getresponse()
    corps = reponse.read().decode(errors="replace")
    connexion.close()
    return reponse.status, reponse.headers, corps


def se_connecter(port):
    """Ouvre une connexion avec le compte d'exemple ; rend le témoin à présenter."""
    connexion = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    corps = urllib.parse.urlencode({"courriel": COURRIEL, "mot_de_passe": MOT_DE_PASSE})
    connexion.request("POST", "/connexion", corps, {
        "Content-Type": "application/x-www-form-urlencoded",
        "Origin": f"http://127.0.0.1:{port}",
    })
    reponse = connexion.getresponse()
    reponse.read()
    temoins = [t.split(";")[0] for t in reponse.headers.get_all("Set-Cookie") or []]
    if reponse.status != 303 or not temoins:
        sys.exit(f"connexion refusée : {reponse.status}")
    return "; ".join(temoins)


def mediane(serie):
    return statistics.median(serie)
