"""Banc (c) : 200 convocations en 200 fichiers et en un seul, à côté de LibreOffice et de WeasyPrint, même texte.

Le texte donné aux repères est celui que l'on relit dans les PDF de Garant (pdftotext) : même contenu, mêmes
polices s'ils les trouvent. Temps et mémoire de pic sont ceux du processus entier, démarrage compris.
"""

import html
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from commun import compiler, mediane, present

NOMBRE, GROSSE, TOURS = 200, 500, 3
STYLE = "<style>@page{size:A4;margin:2cm}body{font:10pt sans-serif}section{break-after:page;page-break-after:always}</style>"


def chronometrer(commande):
    """(secondes, pic de mémoire en Mio) d'une commande et de ses enfants."""
    lecture, ecriture = os.pipe()
    enfant = os.fork()
    if enfant == 0:
        os.close(lecture)
        debut = time.perf_counter()
        code = subprocess.run(commande, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode
        duree = time.perf_counter() - debut
        pic = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        os.write(ecriture, f"{code} {duree} {pic}".encode())
        os._exit(0)
    os.close(ecriture)
    os.waitpid(enfant, 0)
    code, duree, pic = os.read(lecture, 200).decode().split()
    os.close(lecture)
    if code != "0":
        sys.exit(f"échec : {' '.join(map(str, commande))}")
    return float(duree), float(pic)


def page(texte):
    return "".join(f"<p>{html.escape(ligne)}</p>" for ligne in texte.splitlines() if ligne.strip())


def ecrire_html(pdfs, separes, ensemble):
    """Écrit le texte des PDF de Garant en HTML : un fichier chacun, et un seul qui les tient tous."""
    tout = []
    for pdf in pdfs:
        texte = subprocess.run(["pdftotext", "-layout", pdf, "-"], check=True, capture_output=True, text=True).stdout
        tout.append(f"<section>{page(texte)}</section>")
        corps = f'<!doctype html><html lang="fr"><meta charset="utf-8"><title>Convocation</title>{STYLE}{tout[-1]}</html>'
        (separes / f"{pdf.stem}.html").write_text(corps)
    ensemble.write_text(f'<!doctype html><html lang="fr"><meta charset="utf-8"><title>Convocations</title>{STYLE}{"".join(tout)}</html>')


def libreoffice(sources, dossier):
    profil = f"-env:UserInstallation=file://{dossier}/profil"
    return ["soffice", profil, "--headless", "--convert-to", "pdf", "--outdir", dossier, *sources]


WEASYPRINT = """
import sys
from pathlib import Path
from weasyprint import HTML
dossier = Path(sys.argv[1])
for source in map(Path, sys.argv[2:]):
    HTML(source).write_pdf(dossier / (source.stem + ".pdf"))
"""


def main():
    binaires = compiler()
    reperes = {}
    if present("soffice", "libreoffice-writer"):
        reperes["LibreOffice"] = libreoffice
    if present("weasyprint", "weasyprint"):
        reperes["WeasyPrint"] = lambda sources, dossier: ["python3", "-c", WEASYPRINT, dossier, *sources]
    if not present("pdftotext", "poppler-utils"):
        sys.exit(1)
    with tempfile.TemporaryDirectory() as travail:
        travail = Path(travail)
        for nom in ("garant", "html", *reperes):
            (travail / nom).mkdir()
        garant = {m: [binaires / "papiers", m, str(NOMBRE), travail / "garant"] for m in ("separes", "ensemble")}
        chronometrer(garant["separes"])
        ecrire_html(sorted((travail / "garant").glob("convocation-*.pdf")), travail / "html", travail / "ensemble.html")
        sources = {"separes": sorted((travail / "html").iterdir()), "ensemble": [travail / "ensemble.html"]}
        grosses, petites = [], []
        for _ in range(TOURS):
            grosses.append(chronometrer([binaires / "papiers", "lots", str(GROSSE), travail / "garant"])[0])
            petites.append(chronometrer([binaires / "papiers", "lots", str(GROSSE // 5), travail / "garant"])[0])
        rapport = mediane([a / b for a, b in zip(grosses, petites)])
        print(f"{GROSSE} convocations : {mediane(grosses):.2f} s (cible : moins de 5 s), {rapport:.1f} × le temps de {GROSSE // 5}")
        for maniere, mots in (("separes", f"{NOMBRE} fichiers"), ("ensemble", "un fichier")):
            temps = {nom: [] for nom in ("Garant", *reperes)}
            pics = {nom: [] for nom in temps}
            for _ in range(TOURS):
                for nom in temps:
                    commande = garant[maniere] if nom == "Garant" else reperes[nom](sources[maniere], travail / nom)
                    duree, pic = chronometrer(commande)
                    temps[nom].append(duree)
                    pics[nom].append(pic)
            for nom in temps:
                par_document = mediane(temps[nom]) / NOMBRE * 1000
                rapport = mediane([a / b for a, b in zip(temps[nom], temps["Garant"])])
                print(f"{mots} : {nom:<12} {par_document:7.1f} ms par document, pic {mediane(pics[nom]):5.0f} Mio, "
                      f"{rapport:5.1f} × le temps de Garant")


if __name__ == "__main__":
    main()
