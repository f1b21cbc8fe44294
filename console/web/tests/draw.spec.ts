// A plan is drawn with the mouse, or read from a file, and filed; distances are measured on the map.
import { expect, test, type Page } from "@playwright/test";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import geographiclib from "geographiclib-geodesic";
import { open, pair, show, type Pair } from "./nodes";

type LonLat = [number, number];

function measure(a: LonLat, b: LonLat): { distanceM: number; bearingDeg: number } {
  const way = geographiclib.Geodesic.WGS84.Inverse(a[1], a[0], b[1], b[0]);
  return { distanceM: way.s12 ?? NaN, bearingDeg: ((way.azi1 ?? NaN) + 360) % 360 };
}

let nodes: Pair;
test.beforeAll(async () => {
  nodes = await pair();
  nodes.red.file("red-1", "flight", { type: "LineString", coordinates: [[35.9, 35.6], [36.4, 35.4]] }, 120, 180, { half_width_m: 5000 });
});
test.afterAll(() => nodes.end());

/** mapped waits until the map has drawn what is held. */
async function mapped(page: Page): Promise<void> {
  await expect(page.locator(".profile .bar")).not.toHaveCount(0);
}

/** hover puts the mouse on the map, at a part of its width and height, and gives the position that is read there. */
async function hover(page: Page, x: number, y: number): Promise<LonLat> {
  const box = await page.locator(".map").boundingBox();
  const pointer = page.locator(".pointer");
  const before = (await pointer.textContent()) ?? "";
  await page.mouse.move((box?.x ?? 0) + (box?.width ?? 0) * x, (box?.y ?? 0) + (box?.height ?? 0) * y);
  await expect(pointer).not.toHaveText(before);
  const [, lat = NaN, lon = NaN] = /^([\d.]+)N ([\d.]+)E/.exec((await pointer.textContent()) ?? "")?.map(Number) ?? [];
  return [lon, lat];
}

async function click(page: Page): Promise<void> {
  await page.mouse.down();
  await page.mouse.up();
  await page.waitForTimeout(400); // two clicks in a quarter of a second are a double click
}

test("a circle is drawn and filed, and the conflict is on both screens", async ({ browser }, info) => {
  const red = await open(browser, nodes.red);
  const blue = await open(browser, nodes.blue, "#/file");
  await mapped(blue);
  const field = (name: string) => blue.getByLabel(name, { exact: true });
  const at = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString().slice(0, 16);
  await blue.getByLabel("From (UTC)").fill(at(130));
  await blue.getByLabel("Until (UTC)").fill(at(170));
  await blue.getByRole("button", { name: "Circle", exact: true }).click();
  const middle = await hover(blue, 0.5, 0.5);
  await click(blue);
  const edge = await hover(blue, 0.6, 0.5);
  await click(blue);
  const [lat = NaN, lon = NaN] = (await field("Positions, a line each: latitude longitude").inputValue()).split(" ").map(Number);
  expect(measure([lon, lat], middle).distanceM).toBeLessThan(500);
  const radius = Number(await field("Radius, metres").inputValue());
  expect(Math.abs(radius - measure(middle, edge).distanceM)).toBeLessThan(1_000);
  await expect(blue.locator(".would")).toContainText("red-1");
  await blue.screenshot({ path: "test-results/shots/drawn-day.png" });

  const seen = (page: Page) => page.locator(".alarm", { hasText: "do not keep their separation" }).waitFor().then(() => Date.now());
  const both = [seen(red), seen(blue)];
  const filed = Date.now();
  await blue.getByRole("button", { name: "File it" }).click();
  const ms = (await Promise.all(both)).map((t) => t - filed);
  info.annotations.push({ type: "conflict on the screens", description: `red ${ms[0]} ms, blue ${ms[1]} ms after the click` });
  console.log(`the conflict was on red's screen ${ms[0]} ms and on blue's ${ms[1]} ms after the click that filed it`);
  await expect(blue.getByText(/Filed blue-\d{6}\./)).toBeVisible(); // nobody gave it a name
  await red.context().close();
  await blue.context().close();
});

test("a NOTAM is chosen as a file, checked, and let go", async ({ page }) => {
  await show(page, nodes.red, "#/file");
  const notam = resolve(import.meta.dirname, "../../../examples/red-range.notam");
  for (let i = 0; i < 2; i++) {
    await page.getByLabel("Or choose such a file").setInputFiles(notam);
    await expect(page.locator(".dropped")).toHaveText(readFileSync(notam, "utf8").trim());
    await expect(page.locator(".checked")).toContainText("35.41667 N");
    await page.getByRole("button", { name: "Throw the draft away" }).click();
    await expect(page.locator(".dropped")).toHaveCount(0);
  }
});

test("a distance is measured on the map", async ({ page }) => {
  await show(page, nodes.red);
  await mapped(page);
  await page.getByRole("button", { name: "Measure" }).click();
  const from = await hover(page, 0.3, 0.4);
  await click(page);
  const to = await hover(page, 0.7, 0.6);
  const { distanceM, bearingDeg } = measure(from, to);
  const said = /([\d.]+) km = ([\d.]+) NM, (\d+)°/.exec((await page.locator(".pointer strong").textContent()) ?? "") ?? [];
  expect(Math.abs(Number(said[1]) * 1000 - distanceM)).toBeLessThan(500);
  expect(Math.abs(Number(said[2]) * 1852 - distanceM)).toBeLessThan(500);
  expect(Math.abs(Number(said[3]) - bearingDeg)).toBeLessThan(1.5);
});
