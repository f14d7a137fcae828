// Second facteur à usage temporel (RFC 6238) : SHA-1, six chiffres, trente secondes.
import { createHmac } from "node:crypto";

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

function depuisBase32(texte) {
  let bits = 0;
  let valeur = 0;
  const octets = [];
  for (const lettre of texte.toUpperCase().replace(/[^A-Z2-7]/g, "")) {
    valeur = (valeur << 5) | alphabet.indexOf(lettre);
    bits += 5;
    if (bits >= 8) octets.push((valeur >>> (bits -= 8)) & 255);
  }
  return Buffer.from(octets);
}

/** Le code du secret en base 32 à l'instant donné, en millisecondes. */
export function codeTotp(secret, instant = Date.now()) {
  const compteur = Buffer.alloc(8);
  compteur.writeBigUInt64BE(BigInt(Math.floor(instant / 30000)));
  const empreinte = createHmac("sha1", depuisBase32(secret)).update(compteur).digest();
  const debut = empreinte[19] & 15;
  return String((empreinte.readUInt32BE(debut) & 0x7fffffff) % 1e6).padStart(6, "0");
}
