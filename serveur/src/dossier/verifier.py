#!/usr/bin/env python3
"""Vérificateur indépendant d'un dossier de contrôle de Garant. Python 3.8 ou plus, bibliothèque standard seule.

Usage :  python3 verifier.py DOSSIER.zip [AUTRE.zip …] [--tete "7f3a 9c01 e4d2 55b8"]

Dit « Intact » ou nomme la première ligne altérée. Code de sortie : 0 intact, 1 altéré, 2 illisible.
`--tete` est la tête imprimée au pied d'un papier signé (le procès-verbal, par exemple) : c'est la meilleure ancre.

Les calculs, où champ(x) = longueur de x en octets (8 octets, gros-boutiste) suivie de x :
  engagement = SHA-256(champ(sel) champ(contenu))
  empreinte  = SHA-256(champ("v1") champ(flux) champ(rang) champ(acte) champ(le) champ(saisi_par) champ(type)
                       champ(engagement) champ(précédente))
"""
import hashlib
import json
import re
import sys
import zipfile


class Faute(Exception):
    pass


def hacher(*champs):
    h = hashlib.sha256()
    for c in champs:
        h.update(len(c).to_bytes(8, "big"))
        h.update(c)
    return h.digest()


def octets(texte, n):
    if not isinstance(texte, str) or len(texte) % 2 or not re.fullmatch(r"[0-9a-f]*", texte):
        raise Faute(f"ligne {n} : la ligne n'est pas lisible")
    return bytes.fromhex(texte)


CHAMPS = {"flux": str, "rang": int, "acte": str, "le": str, "saisi_par": str, "type": str, "engagement": str, "precedente": str, "empreinte": str}


def lire(lignes):
    lues = []
    for n, brute in enumerate(lignes, 1):
        try:
            l = json.loads(brute)
            for champ, nature in CHAMPS.items():
                if type(l[champ]) is not nature:
                    raise ValueError(champ)
            for champ in ("sel", "contenu", "purge_le"):
                if l.get(champ) is not None and not isinstance(l[champ], str):
                    raise ValueError(champ)
            if l["rang"] < 0:
                raise ValueError("rang")
        except (ValueError, KeyError, TypeError):
            raise Faute(f"ligne {n} : la ligne n'est pas lisible") from None
        lues.append(l)
    return lues


def controler(lignes, pieces):
    rang, empreinte = 0, bytes(32)
    purges, annonces, attendues, detruites = set(), set(), {}, set()
    for n, l in enumerate(lignes, 1):
        def faute(quoi):
            return Faute(f"ligne {n} : {quoi}")
        engagement, precedente, dite = (octets(l[c], n) for c in ("engagement", "precedente", "empreinte"))
        sel, contenu, purge = l.get("sel"), l.get("contenu"), l.get("purge_le")
        if sel is not None and contenu is not None and purge is None:
            sel = octets(sel, n)
        if l["flux"] != lignes[0]["flux"]:
            raise faute("la ligne vient d'un autre journal")
        if l["rang"] != rang + 1:
            raise faute(f"le rang {rang + 1} manque")
        if precedente != empreinte:
            raise faute("la ligne ne suit pas celle qui la précède")
        textes = [str(l[c]).encode() for c in ("flux", "rang", "acte", "le", "saisi_par", "type")]
        if hacher(b"v1", *textes, engagement, precedente) != dite:
            raise faute("la ligne ne correspond plus à son empreinte")
        if isinstance(sel, bytes):
            if hacher(sel, contenu.encode()) != engagement:
                raise faute("le contenu ne correspond plus à son engagement")
        elif not (sel is None and contenu is None and purge is not None):
            raise faute("le contenu manque sans avoir été purgé")
        if purge is not None:
            purges.add(l["rang"])
        if contenu is not None:
            try:
                lu = json.loads(contenu)
            except ValueError:
                raise faute("le contenu n'est pas lisible") from None
            attendues.update({i: e for i, e in (lu.get("pieces") or {}).items() if isinstance(e, str)})
            if l["type"] == "archivage.purge":
                annonces.update(lu["evenement"]["detail"]["rangs"])
                detruites.update(lu["evenement"]["detail"].get("pieces", []))
        rang, empreinte = l["rang"], dite
    for r in sorted(purges - annonces):
        raise Faute(f"ligne {r} : le contenu est purgé sans qu'aucun événement ne le dise")
    for r in sorted(annonces - purges):
        raise Faute(f"ligne {r} : le contenu est dit purgé, mais il est encore là")
    for i in sorted(pieces):
        if pieces[i] is None and i not in detruites:
            raise Faute(f"pièce {i} : elle est dite purgée sans qu'aucun événement ne le dise")
        if pieces[i] is not None and i in detruites:
            raise Faute(f"pièce {i} : elle est dite purgée, mais elle est encore là")
    for i in sorted(attendues):
        if i not in pieces:
            raise Faute(f"pièce {i} : elle a disparu")
        if pieces[i] is not None and pieces[i] != attendues[i]:
            raise Faute(f"pièce {i} : ses octets ne sont plus ceux que le journal a retenus")
    if not purges:
        for i in sorted(set(pieces) - set(attendues)):
            raise Faute(f"pièce {i} : le journal ne la connaît pas")
    return rang, empreinte.hex()


def verifier(chemin, imprimee):
    with zipfile.ZipFile(chemin) as z:
        fichiers = {}
        for nom in z.namelist():
            if nom in fichiers:
                raise Faute(f"fichier {nom} : il figure deux fois")
            fichiers[nom] = z.read(nom)
    for nom in ("journal.jsonl", "pieces.json", "tete.json", "empreintes.txt"):
        if nom not in fichiers:
            raise Faute(f"fichier {nom} : il manque")
    try:
        journal = fichiers["journal.jsonl"].decode()
        declarees = json.loads(fichiers["pieces.json"].decode())
        tete = json.loads(fichiers["tete.json"].decode())
        listees = {}
        for ligne in fichiers["empreintes.txt"].decode().splitlines():
            empreinte, nom = ligne.split("  ", 1)
            listees[nom] = empreinte
        pieces = {}
        for p in declarees:
            pieces[p["id"]] = None if p["purgee"] else p["fichier"]
        tete_rang, tete_empreinte = tete["rang"], tete["empreinte"]
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Faute("dossier : un de ses fichiers n'est pas lisible") from None
    for i, fichier in pieces.items():
        if fichier is not None:
            if fichier not in fichiers:
                raise Faute(f"pièce {i} : elle a disparu")
            pieces[i] = hashlib.sha256(fichiers[fichier]).hexdigest()
    lignes = lire(l for l in journal.split("\n") if l)
    rang, empreinte = controler(lignes, pieces)
    if (rang, empreinte) != (tete_rang, tete_empreinte):
        raise Faute(f"ligne {rang} : ce n'est pas la tête annoncée (n° {tete_rang})")
    for nom in sorted(set(listees) | set(fichiers)):
        if nom == "empreintes.txt":
            continue
        if nom not in fichiers or listees.get(nom) != hashlib.sha256(fichiers[nom]).hexdigest():
            raise Faute(f"fichier {nom} : il n'est plus celui du dossier")
    situee = ""
    if imprimee:
        voulue = re.sub(r"\s", "", imprimee).lower()
        trouvees = [l["rang"] for l in lignes if len(voulue) >= 8 and l["empreinte"].startswith(voulue)]
        if not trouvees:
            raise Faute("dossier : aucune ligne ne porte la tête imprimée")
        situee = f" Tête imprimée : ligne {trouvees[0]} ; {rang - trouvees[0]} lignes écrites depuis."
    purgees = sum(1 for l in lignes if l.get("purge_le") is not None)
    return f"Intact : {len(lignes)} lignes, {len(pieces)} pièces, {purgees} contenus purgés dans les règles. Tête n° {rang} · {empreinte[:16]}.{situee}"


def principal(arguments):
    imprimee = None
    if "--tete" in arguments:
        i = arguments.index("--tete")
        imprimee = arguments[i + 1] if i + 1 < len(arguments) else ""
        del arguments[i : i + 2]
    if not arguments:
        print(__doc__)
        return 2
    code = 0
    for chemin in arguments:
        try:
            print(verifier(chemin, imprimee))
        except Faute as f:
            print(f"Altéré : {f}")
            code = max(code, 1)
        except (OSError, zipfile.BadZipFile, RuntimeError, NotImplementedError) as e:
            print(f"Illisible : {e}")
            code = 2
    return code


if __name__ == "__main__":
    sys.exit(principal(sys.argv[1:]))
