"""Banc du service : temps avant la première réponse, mémoire au repos, taille du binaire."""

import subprocess
import tempfile
from pathlib import Path

from commun import Service, compiler, mediane

TOURS = 9


def memoire(pid):
    """Mémoire résidente, en Mio."""
    for ligne in Path(f"/proc/{pid}/status").read_text().splitlines():
        if ligne.startswith("VmRSS:"):
            return int(ligne.split()[1]) / 1024
    return 0.0


def main():
    binaires = compiler()
    with tempfile.TemporaryDirectory() as travail:
        dossier = Path(travail) / "exemple"
        subprocess.run([binaires / "garant", "exemple", "--donnees", dossier], check=True, stdout=subprocess.DEVNULL)
        prets, nus, repos = [], [], []
        for _ in range(TOURS):
            with Service([binaires / "bonjour", "127.0.0.1:8431"], 8431) as nu:
                nus.append(nu.pret())
            commande = [binaires / "garant", "servir", "--donnees", dossier, "--ecoute", "127.0.0.1:8432"]
            with Service(commande, 8432) as garant:
                prets.append(garant.pret("/sante/pret"))
                repos.append(memoire(garant.processus.pid))
        taille = (binaires / "garant").stat().st_size / 1e6
    print(f"prêt à répondre : {mediane(prets) * 1000:.0f} ms, un axum nu {mediane(nus) * 1000:.0f} ms (but : 500 ms)")
    print(f"mémoire au repos : {mediane(repos):.0f} Mio (but : 80 au plus)")
    print(f"binaire : {taille:.0f} Mo (but : 80 au plus)")


if __name__ == "__main__":
    main()
