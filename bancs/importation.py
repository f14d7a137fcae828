"""Banc de l'import : mille candidats, du fichier choisi à la liste enregistrée ; puis la mémoire devant un fichier hostile."""

import html
import http.client
import io
import random
import re
import subprocess
import sys
import tempfile
import time
import urllib.parse
import uuid
import zipfile
from pathlib import Path

from commun import GARANT, Service, compiler, lire, mediane, se_connecter
from service import memoire

TOURS, CANDIDATS, PORT = 5, 1000, 8436
JOUR = "2026-11-23"


def liste(graine):
    """Mille lignes comme un centre les écrit : accents, dates françaises, téléphones."""
    tirage = random.Random(graine)
    lignes = ["Civilité;Nom de naissance;Prénoms;Date de naissance;Lieu de naissance;Courriel;Téléphone;Adresse;Code postal;Ville;Voie"]
    for i in range(CANDIDATS):
        nom = "".join(tirage.choice("abcdeéèiloprstuv") for _ in range(9)).upper()
        lignes.append(f"Mme;{nom};Camille {i};{tirage.randint(1, 28):02}/{tirage.randint(1, 12):02}/{tirage.randint(1965, 2005)};Lyon;"
                      f"c{i}@exemple.invalid;06000{i:05};{i} rue de l’Exemple;69400;Villefranche;Formation continue")
    return "\r\n".join(lignes).encode("cp1252", errors="replace")


def poster(chemin, temoin, corps, nature):
    connexion = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
    connexion.request("POST", chemin, corps, {"Content-Type": nature, "Cookie": temoin, "Origin": f"http://127.0.0.1:{PORT}"})
    reponse = connexion.getresponse()
    texte = reponse.read().decode(errors="replace")
    connexion.close()
    return reponse.status, texte


def choisir(session, temoin, octets, nom="liste.csv"):
    """Envoie le fichier ; rend le statut et la page d'aperçu."""
    borne = uuid.uuid4().hex
    tete = f'--{borne}\r\nContent-Disposition: form-data; name="fichier"; filename="{nom}"\r\nContent-Type: application/octet-stream\r\n\r\n'
    corps = tete.encode() + octets + f"\r\n--{borne}--\r\n".encode()
    return poster(f"{session}/candidats/import/apercu", temoin, corps, f"multipart/form-data; boundary={borne}")


def importer(session, temoin, page):
    champs = re.findall(r'<input type="hidden" name="(acte|vu_au_rang|apercu)" value="([^"]*)"', page)
    paires = [(n, html.unescape(v)) for n, v in champs if n != "acte"] + [("acte", dict(champs)["acte"])]
    paires += [("retenir", v) for v in re.findall(r'name="retenir" value="(\d+)" checked', page)]
    return poster(f"{session}/candidats/import", temoin, urllib.parse.urlencode(paires), "application/x-www-form-urlencoded")


def bombe():
    """Un classeur de quelques ko qui en annonce cent fois plus qu'il n'en faut."""
    tampon = io.BytesIO()
    with zipfile.ZipFile(tampon, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr("[Content_Types].xml", "<Types/>")
        z.writestr("xl/workbook.xml", "<workbook/>")
        z.writestr("xl/worksheets/sheet1.xml", "<a>" + " " * (60 * 1024 * 1024) + "</a>")
    return tampon.getvalue()


def main():
    binaire = Path(sys.argv[1]) if len(sys.argv) > 1 else compiler() / GARANT.name
    durees = []
    for tour in range(TOURS):
        with tempfile.TemporaryDirectory() as travail:
            subprocess.run([binaire, "exemple", "--donnees", travail, "--date", JOUR, "--sessions", "1", "--candidats", "0"],
                           check=True, stdout=subprocess.DEVNULL)
            with Service([binaire, "servir", "--donnees", travail, "--ecoute", f"127.0.0.1:{PORT}"], PORT) as garant:
                garant.pret("/sante/pret")
                temoin = se_connecter(PORT)
                session = re.search(r'href="(/sessions/[0-9a-f-]{36})"', lire(PORT, "/sessions", temoin)[2]).group(1)
                octets = liste(tour)
                depart = time.perf_counter()
                statut, page = choisir(session, temoin, octets)
                milieu = time.perf_counter()
                assert statut == 200, page[:500]
                statut, page = importer(session, temoin, page)
                durees.append((milieu - depart, time.perf_counter() - milieu))
                assert statut == 303, (statut, re.sub(r"<[^>]+>", " ", page)[:800])
                vus = lire(PORT, f"{session}/candidats", temoin)[2].count('<th scope="row"')
                assert vus == CANDIDATS, vus
                avant = memoire(garant.processus.pid)
                depart = time.perf_counter()
                statut, _ = choisir(session, temoin, bombe(), "liste.xlsx")
                hostile = (time.perf_counter() - depart, memoire(garant.processus.pid) - avant, statut)
    print(f"{CANDIDATS} candidats : aperçu {mediane([a for a, _ in durees]):.2f} s, import {mediane([b for _, b in durees]):.2f} s,"
          f" en tout {mediane([a + b for a, b in durees]):.2f} s (but : 2 s)")
    print(f"un classeur qui enfle : répondu {hostile[2]} en {hostile[0]:.2f} s, {hostile[1]:+.0f} Mio au serveur (but : 6 s, 50 Mio)")


if __name__ == "__main__":
    main()
