// Writes a compressed copy beside each file of the build that is worth it: the node sends that to browsers.
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { constants, gzipSync } from "node:zlib";

const dist = new URL("../../dist/", import.meta.url).pathname;
let all = 0;
for (const entry of await readdir(dist, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || /\.(gz|txt)$/.test(entry.name)) continue;
  const path = join(entry.parentPath, entry.name);
  const raw = await readFile(path);
  const small = gzipSync(raw, { level: constants.Z_BEST_COMPRESSION });
  await writeFile(path + ".gz", small);
  all += small.length;
  console.log(`${(small.length / 1000).toFixed(1).padStart(8)} kB  ${path.slice(dist.length)}`);
}
console.log(`${(all / 1000).toFixed(1).padStart(8)} kB  compressed, all`);
