// The land under the notices: it must be where it is, on the flat map and seen from above the poles.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "@playwright/test";
import { Earth, type Atlas } from "../src/map/earth";
import type { LonLat } from "../src/map/geodesic";
import { around, onMap, use } from "../src/map/polar";

const atlas = JSON.parse(readFileSync(resolve(import.meta.dirname, "../node_modules/world-atlas/countries-50m.json"), "utf8")) as Atlas;

/** isLand says by the rings as they are filled whether a place is on land. */
function isLand(earth: Earth, at: LonLat): boolean {
  const [x, y] = onMap(at);
  let within = false;
  for (const turn of [-1, 0, 1]) {
    const px = x + turn * around();
    for (const r of earth.placed.land.flatMap((l) => l.rings)) {
      for (let i = 0, j = r.length - 2; i < r.length; j = i, i += 2) {
        const [ax = 0, ay = 0, bx = 0, by = 0] = [r[j], r[j + 1], r[i], r[i + 1]];
        if (ay > y !== by > y && px < ax + ((bx - ax) * (y - ay)) / (by - ay)) within = !within;
      }
    }
  }
  return within;
}

const land: LonLat[] = [[36.3, 33.5], [37.6, 55.7], [178, -17.8], [-175, 66.5], [175, 67], [-60, -10], [-40, 75], [105, 66], [-110, 71]];
const sea: LonLat[] = [[0, 0], [180, 0], [-170, 20], [-179, -17.5], [180, 50], [34, 34], [-30, 60], [0, 88], [51, 42]];
const ofSouth: LonLat[] = [[0, -80], [180, -86], [120, -75], [-179.9, -88]];

test("land and sea are where they are, on the flat map and on both polar views", () => {
  const earth = new Earth(atlas);
  for (const pole of [null, "north", "south"] as const) {
    use(pole, 36);
    earth.place();
    const shown = (p: LonLat) => !pole || (pole === "north" ? p[1] > 0 : p[1] < 0);
    expect([...land, ...ofSouth].filter((p) => shown(p) && !isLand(earth, p)), `${pole}: land that is none`).toEqual([]);
    expect([...sea, [-150, -60] as LonLat].filter((p) => shown(p) && isLand(earth, p)), `${pole}: sea that is none`).toEqual([]);
  }
  use(null, 0);
});

test("no coast and no border runs across the map where its data was cut", () => {
  const earth = new Earth(atlas);
  let longest = 0;
  for (const l of [...earth.placed.coasts, ...earth.placed.borders]) {
    for (let i = 2; i < l.points.length; i += 2) {
      const [ax = 0, ay = 0, bx = 0, by = 0] = [l.points[i - 2], l.points[i - 1], l.points[i], l.points[i + 1]];
      longest = Math.max(longest, Math.hypot(bx - ax, by - ay));
    }
  }
  expect(longest).toBeLessThan(0.1 * around()); // a border along a parallel is long
});
