#!/usr/bin/env python3
"""Contrôle des dépendances : licences, sources, paquets écartés.

`cargo deny` fait mieux, mais sa compilation coûte plusieurs minutes à chaque machine neuve ; ce contrôle-ci lit
`cargo metadata` en une seconde. Il refuse : une licence hors de la liste, un paquet venu d'ailleurs que du registre
public ou de ce dépôt, un paquet que docs/adr écarte.
"""
import json
import re
import subprocess
import sys

# Licences permissives, compatibles avec l'EUPL-1.2 ; chacune vue et voulue.
ADMISES = {
    "0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "BSL-1.0", "CC0-1.0", "EUPL-1.2", "ISC", "MIT", "MIT-0",
    "MPL-2.0", "OFL-1.1", "Unicode-3.0", "Unlicense", "Zlib", "CDLA-Permissive-2.0", "Apache-2.0 WITH LLVM-exception",
}
# Écartés : bibliothèques du système, doublons de TLS, ancien SQLx (voir docs/adr).
ECARTES = {"openssl-sys", "aws-lc-sys", "native-tls", "sqlx", "jours-feries"}


def admise(expression: str) -> bool:
    """Vrai si l'expression SPDX peut être satisfaite par des licences admises."""
    expression = expression.replace("/", " OR ").replace(" WITH ", "_WITH_")
    jetons = re.findall(r"\(|\)|[^\s()]+", expression)

    def terme(i):
        if jetons[i] == "(":
            valeur, i = ou(i + 1)
            return valeur, i + 1
        return jetons[i].replace("_WITH_", " WITH ") in ADMISES, i + 1

    def et(i):
        valeur, i = terme(i)
        while i < len(jetons) and jetons[i] == "AND":
            suivant, i = terme(i + 1)
            valeur = valeur and suivant
        return valeur, i

    def ou(i):
        valeur, i = et(i)
        while i < len(jetons) and jetons[i] == "OR":
            suivant, i = et(i + 1)
            valeur = valeur or suivant
        return valeur, i

    return ou(0)[0]


def main() -> int:
    sortie = subprocess.run(["cargo", "metadata", "--format-version", "1", "--locked"], capture_output=True, check=True)
    paquets = json.loads(sortie.stdout)["packages"]
    fautes = []
    for paquet in paquets:
        nom = f"{paquet['name']} {paquet['version']}"
        if not paquet["license"]:
            fautes.append(f"{nom} : aucune licence déclarée")
        elif not admise(paquet["license"]):
            fautes.append(f"{nom} : licence « {paquet['license']} » hors de la liste")
        if paquet["source"] and not paquet["source"].startswith("registry+"):
            fautes.append(f"{nom} : vient de {paquet['source'].split('+')[0]}, et non du registre public")
        if paquet["name"] in ECARTES:
            fautes.append(f"{nom} : paquet écarté, voir docs/adr")
    for faute in fautes:
        print(faute)
    print(f"{len(paquets)} paquets lus, {len(fautes)} refusés")
    return 1 if fautes else 0


if __name__ == "__main__":
    sys.exit(main())
