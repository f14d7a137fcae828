"""Banc (a) : la page d'une session et la liste des sessions sous 16 connexions, à côté d'un axum nu."""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

from commun import Service, compiler, lire, mediane, present, se_connecter

TOURS, SECONDES, CONNEXIONS = 5, 3, 16
JOUR = "2026-11-23"


def debit(port, chemin, temoin=None):
    """Requêtes par seconde, mesurées par wrk ; une réponse qui n'est pas un succès arrête le banc."""
    commande = ["wrk", "-t1", f"-c{CONNEXIONS}", f"-d{SECONDES}s", f"http://127.0.0.1:{port}{chemin}"]
    if temoin:
        commande += ["-H", f"Cookie: {temoin}"]
    texte = subprocess.run(commande, check=True, capture_output=True, text=True).stdout
    if "Non-2xx" in texte or "Socket errors" in texte:
        sys.exit(texte)
    return float(re.search(r"Requests/sec:\s+([\d.]+)", texte).group(1))


def exemple(binaires, dossier, *volume):
    subprocess.run([binaires / "garant", "exemple", "--donnees", dossier, "--date", JOUR, *volume],
                   check=True, stdout=subprocess.DEVNULL)


def servir(binaires, dossier, port):
    return Service([binaires / "garant", "servir", "--donnees", dossier, "--ecoute", f"127.0.0.1:{port}"], port)


def premiere_session(port, temoin):
    """La première session de la liste."""
    _, _, page = lire(port, "/sessions", temoin)
    return re.search(r'href="(/sessions/[0-9a-f-]{36})"', page).group(1)


def main():
    if not present("wrk", "wrk"):
        sys.exit(1)
    binaires = compiler()
    with tempfile.TemporaryDirectory() as travail:
        raconte, peu, beaucoup = (Path(travail) / n for n in ("raconte", "peu", "beaucoup"))
        exemple(binaires, raconte)
        exemple(binaires, peu, "--sessions", "200", "--candidats", "12")
        exemple(binaires, beaucoup, "--sessions", "20000", "--candidats", "2")
        with Service([binaires / "bonjour", "127.0.0.1:8431"], 8431) as nu, servir(binaires, raconte, 8432) as page, \
                servir(binaires, peu, 8433) as petite, servir(binaires, beaucoup, 8434) as grande:
            nu.pret()
            for service in (page, petite, grande):
                service.pret("/sante/pret")
            temoins = {s.port: se_connecter(s.port) for s in (page, petite, grande)}
            session = premiere_session(8432, temoins[8432])
            rapports, ecarts = [], []
            for tour in range(1, TOURS + 1):
                bonjour = debit(8431, "/")
                une = debit(8432, session, temoins[8432])
                deux_cents = debit(8433, "/sessions", temoins[8433])
                vingt_mille = debit(8434, "/sessions", temoins[8434])
                rapports.append(une / bonjour)
                ecarts.append(deux_cents / vingt_mille)
                print(f"tour {tour} : bonjour {bonjour:.0f}/s, session {une:.0f}/s (1/{bonjour / une:.1f}), "
                      f"liste parmi 200 {deux_cents:.0f}/s, parmi 20 000 {vingt_mille:.0f}/s ({ecarts[-1]:.2f} ×)")
    print(f"page d'une session : 1/{1 / mediane(rapports):.1f} d'un axum nu (but : 1/8 au moins)")
    print(f"liste de 25 : {mediane(ecarts):.2f} × le temps parmi 200 quand il y en a 20 000 (but : 1,3 au plus)")


if __name__ == "__main__":
    main()
