// What is drawn small is drawn roughly, and must still be where it is.
import { expect, test } from "@playwright/test";
import geographiclib from "geographiclib-geodesic";
import type { LonLat } from "../src/map/geodesic";
import { roughCircle, roughCorridor } from "../src/map/rough";

/** random is a small generator with a seed, so that a failure comes again. */
function random(seed: number): () => number {
  let x = seed;
  return () => (x = (x * 48_271) % 2_147_483_647) / 2_147_483_647;
}

test("rough shapes lie within a hundredth of where they are", () => {
  const r = random(20261130);
  for (let i = 0; i < 60; i++) {
    const at: LonLat = [r() * 360 - 180, r() * 140 - 70];
    const size = 1 + r() * 19_999;
    const off = (p: LonLat, from: LonLat[]) => Math.min(...from.map((v) => Math.abs((geographiclib.Geodesic.WGS84.Inverse(v[1], v[0], p[1], p[0]).s12 ?? NaN) - size)));
    const worst = (points: LonLat[], from: LonLat[]) => Math.max(...points.map((p) => off(p, from)));
    expect(worst(roughCircle(at, size) ?? [], [at])).toBeLessThan(0.01 * size);
    const line: LonLat[] = [at];
    for (let n = 1 + Math.floor(r() * 4); n > 0; n--) {
      const last = line.at(-1) as LonLat;
      line.push([last[0] + (r() - 0.5) * 0.25, Math.max(-70, Math.min(70, last[1] + (r() - 0.5) * 0.25))]);
    }
    // Each point of the outline is beside or round a vertex, at the half width.
    const outline = roughCorridor(line, size);
    expect(outline?.length).toBeGreaterThan(8);
    expect(worst(outline ?? [], line)).toBeLessThan(0.01 * size);
  }
});

test("what is too large, too long or too near to a pole is not drawn roughly", () => {
  expect(roughCircle([0, 71], 1_000)).toBeNull();
  expect(roughCircle([0, 0], 20_001)).toBeNull();
  expect(roughCircle([0, 0], NaN)).toBeNull();
  expect(roughCorridor([[0, 0], [0.3, 0]], 1_000)).toBeNull();
  expect(roughCorridor([[179.9, 0], [-179.9, 0]], 1_000)).toBeNull();
  expect(roughCorridor([[0, 0]], 1_000)).toBeNull();
  expect(roughCorridor([[0, 69.9], [0, 70.1]], 1_000)).toBeNull();
});
