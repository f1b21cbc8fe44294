// Makes the pictures of the documents out of the screenshots that the browser tests left: small WebP files, written
// by the same Chromium.
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { chromium } from "@playwright/test";

const shots = resolve(import.meta.dirname, "../test-results/shots");
const to = resolve(import.meta.dirname, "../../../docs/pictures");
const most = 150_000;

/** Which screenshot is which picture. */
const pictures = {
  "conflict-day": "console-conflict-day",
  "file-night": "console-file-night",
  "incident-night": "console-incident-night",
};

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
const page = await browser.newPage();
for (const [shot, name] of Object.entries(pictures)) {
  const png = readFileSync(resolve(shots, `${shot}.png`)).toString("base64");
  const webp = await page.evaluate(async (data) => {
    const image = new Image();
    image.src = `data:image/png;base64,${data}`;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = image.width;
    canvas.height = image.height;
    canvas.getContext("2d").drawImage(image, 0, 0);
    return canvas.toDataURL("image/webp", 0.8).split(",")[1];
  }, png);
  const file = resolve(to, `${name}.webp`);
  writeFileSync(file, Buffer.from(webp, "base64"));
  const { size } = statSync(file);
  console.log(`${name}.webp: ${size} bytes`);
  if (size > most) throw new Error(`${name}.webp is larger than ${most} bytes`);
}
await browser.close();
