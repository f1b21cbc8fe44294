// Empties the folder of the build but for the note that is kept in it.
import { readdir, rm } from "node:fs/promises";

const dist = new URL("../../dist/", import.meta.url);
for (const name of await readdir(dist)) {
  if (name !== "about.txt") await rm(new URL(name, dist), { recursive: true });
}
