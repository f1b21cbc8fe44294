// Makes the towns of the map from those of the gazetteer: 50,000 people and more, to a hundredth of a degree.
// A line each: name, how far north of the line before, longitude, both in hundredths, and how large in six
// steps.
import { readFile, writeFile } from "node:fs/promises";
import { gunzipSync } from "node:zlib";

const from = new URL("../../../gazetteer/data/towns.tsv.gz", import.meta.url);
const to = new URL("../src/map/towns.gen.json", import.meta.url);
const steps = [100_000, 250_000, 500_000, 1_000_000, 3_000_000];

const towns = gunzipSync(await readFile(from))
  .toString("utf8")
  .split("\n")
  .filter(Boolean)
  .map((l) => l.split("\t"))
  .filter((f) => Number(f[4]) >= 50_000)
  .map((f) => ({ name: f[0], lat: Math.round(Number(f[2]) / 100), lon: Math.round(Number(f[3]) / 100), size: steps.filter((s) => Number(f[4]) >= s).length }))
  .sort((a, b) => a.lat - b.lat || a.lon - b.lon);
let last = -9000;
const lines = towns.map((x) => {
  const north = x.lat - last;
  last = x.lat;
  return [x.name, north, x.lon, x.size].join("\t");
});
await writeFile(to, JSON.stringify(lines.join("\n")));
console.log(`${towns.length} towns`);
