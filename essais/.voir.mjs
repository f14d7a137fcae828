import { chromium } from "playwright-core";
import { spawn } from "node:child_process";
import { cpSync, rmSync } from "node:fs";
const [,, ...chemins] = process.argv;
rmSync("/tmp/ex-voir", { recursive: true, force: true }); cpSync("/tmp/ex/donnees", "/tmp/ex-voir", { recursive: true });
const s = spawn(process.env.GARANT_BINAIRE, ["servir", "--donnees", "/tmp/ex-voir", "--ecoute", "127.0.0.1:8555"], { stdio: "ignore" });
const a = "http://127.0.0.1:8555";
for (let i = 0; i < 100; i++) { try { if ((await fetch(a + "/sante/pret")).ok) break; } catch { await new Promise(r => setTimeout(r, 100)); } }
const n = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
for (const l of [1280, 375]) {
  const c = await n.newContext({ viewport: { width: l, height: 900 } }); const p = await c.newPage();
  await p.goto(a + "/connexion"); await p.fill('input[type=email]', process.env.QUI ?? "responsable@exemple.invalid"); await p.fill('input[type=password]', "decouvrir-garant-sans-risque"); await p.click('button[type=submit]'); await p.waitForURL(a + "/**");
  await p.goto(a + "/sessions"); const liens = await p.locator('main th a[href^="/sessions/"]').evaluateAll(x => x.map(y => y.getAttribute("href")));
  for (const ch of chemins) { const u = ch.replace(/^S(\d)/, (_, k) => liens[+k]); await p.goto(a + u); await p.screenshot({ path: `/tmp/vues/${ch.replace(/[^a-z0-9]/gi, "_")}-${l}.png`, fullPage: true }); }
  await c.close();
}
await n.close(); s.kill();
