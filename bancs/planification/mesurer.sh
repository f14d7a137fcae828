#!/usr/bin/env bash
# Mesure le moteur : bancs/planification/mesurer.sh DUREE_MS GRAINES INSTANCE.json…
# Imprime, par instance et graine, restes, perturbation, coût, qualité, puis le verdict de check.py.
set -euo pipefail
cd "$(dirname "$0")/../.."
duree=$1 graines=$2; shift 2
cargo build --quiet --release -p planification --example planifier
moteur=${CARGO_TARGET_DIR:-target}/release/examples/planifier
plan=$(mktemp); trap 'rm -f "$plan"' EXIT
for instance in "$@"; do
  for graine in $(seq "$graines"); do
    printf '%s graine %s : ' "$(basename "$instance")" "$graine"
    "$moteur" "$instance" "$plan" "$duree" "$graine" 2
    python3 planification/essais/check.py "$instance" "$plan" --quiet | cut -c1-120
  done
done
