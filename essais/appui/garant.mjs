// Un Garant jetable : le binaire d'essai, sur un dossier temporaire et un port libre, arrêté et effacé à la fin.
import { execFile, spawn } from "node:child_process";
import { cp, mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const binaire = process.env.GARANT_BINAIRE ?? new URL("../../target/debug/garant", import.meta.url).pathname;

/** Lance une sous-commande de garant et rend { code, sortie, erreurs }. */
export async function commande(...arguments_) {
  const [nom, option, donnees] = arguments_;
  if (process.env.GARANT_EXEMPLE && nom === "exemple" && option === "--donnees" && arguments_.length === 3) return copierExemple(donnees);
  try {
    const { stdout, stderr } = await promisify(execFile)(binaire, arguments_, { maxBuffer: 64 << 20 });
    return { code: 0, sortie: stdout, erreurs: stderr };
  } catch (erreur) {
    if (typeof erreur.code !== "number") throw erreur;
    return { code: erreur.code, sortie: erreur.stdout, erreurs: erreur.stderr };
  }
}

/**
 * Le centre d'exemple, copié plutôt que composé : ./verifier l'écrit une fois (GARANT_EXEMPLE : un dossier avec
 * « donnees » et « sortie »), chaque fichier d'essais en reçoit sa copie.
 */
async function copierExemple(vers) {
  const modele = join(process.env.GARANT_EXEMPLE, "donnees");
  await cp(modele, vers, { recursive: true });
  const sortie = await readFile(join(process.env.GARANT_EXEMPLE, "sortie"), "utf8");
  return { code: 0, sortie: sortie.replaceAll(modele, vers), erreurs: "" };
}

export function dossierTemporaire() {
  return mkdtemp(join(tmpdir(), "garant-navigateur-"));
}

function portLibre() {
  return new Promise((resolve, reject) => {
    const serveur = createServer();
    serveur.once("error", reject);
    serveur.listen(0, "127.0.0.1", () => {
      const { port } = serveur.address();
      serveur.close(() => resolve(port));
    });
  });
}

/** Lance `garant servir` et attend qu'il réponde ; `horloge` (AAAA-MM-JJ) en décale le jour. Rend { ecrit(), finir() }. */
async function servir(donnees, adresse, horloge) {
  const env = horloge ? { ...process.env, GARANT_HORLOGE: horloge } : process.env;
  const enfant = spawn(binaire, ["servir", "--ecoute", new URL(adresse).host, "--donnees", donnees], { env, stdio: ["ignore", "pipe", "pipe"] });
  let ecrit = "";
  enfant.stdout.on("data", (morceau) => (ecrit += morceau));
  enfant.stderr.on("data", (morceau) => (ecrit += morceau));
  const fini = new Promise((resolve) => enfant.once("exit", (code, signal) => resolve(code ?? signal)));
  for (let essai = 0; ; essai++) {
    if (enfant.exitCode !== null) throw new Error(`garant s’est arrêté au démarrage :\n${ecrit}`);
    try {
      if ((await fetch(`${adresse}/sante/pret`)).ok) break;
    } catch {
      // Pas encore à l'écoute.
    }
    if (essai > 200) throw new Error(`garant ne répond pas :\n${ecrit}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    ecrit: () => ecrit,
    finir() {
      enfant.kill("SIGTERM");
      return fini;
    },
  };
}

/**
 * Démarre `garant servir`, à l'heure de la machine ou, si `horloge` (AAAA-MM-JJ) est donnée, ce jour-là.
 * Rend { adresse, sortie(), donnees, relancer({ horloge }), arreter() } ; `sortie()` est tout ce que le programme a écrit.
 * `relancer` l'arrête et le sert un autre jour : mêmes données, même adresse ; les deux arrêts rendent le code de sortie.
 */
export async function demarrer(donnees, { horloge } = {}) {
  const adresse = `http://127.0.0.1:${await portLibre()}`;
  let service = await servir(donnees, adresse, horloge);
  let avant = "";
  return {
    adresse,
    donnees,
    sortie: () => avant + service.ecrit(),
    async relancer({ horloge: autre } = {}) {
      const code = await service.finir();
      avant += service.ecrit();
      service = await servir(donnees, adresse, autre);
      return code;
    },
    async arreter() {
      const code = await service.finir();
      await rm(donnees, { recursive: true, force: true });
      return code;
    },
  };
}
