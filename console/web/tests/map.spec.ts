// What the map draws, measured in its pixels: the rings of separation round a notice, and the view of a pole.
import { expect, test, type Page } from "@playwright/test";
import { stereographic } from "../src/map/stereographic";
import { pair, show, type Pair } from "./nodes";

let nodes: Pair;
test.beforeAll(async () => {
  nodes = await pair({ wholeEarth: true });
  nodes.red.file("red-r", "flight", { type: "Point", coordinates: [36.1, 35.5] }, 90, 150, { radius_m: 9000 });
});
test.afterAll(() => nodes.end());

type Extent = { width: number; height: number; long: number; across: number } | null;

/** drawn is how wide and how high what is drawn on a layer's canvas is, in pixels. */
function drawn(page: Page, layer: string): Promise<Extent> {
  return page.evaluate((layer) => {
    const canvas = document.querySelector(layer) as HTMLCanvasElement | null;
    const g = canvas?.getContext("2d");
    if (!canvas || !g || canvas.width === 0) return null;
    const { data, width, height } = g.getImageData(0, 0, canvas.width, canvas.height);
    const at: [number, number][] = [];
    for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) if ((data[(y * width + x) * 4 + 3] ?? 0) >= 100) at.push([x, y]);
    if (at.length === 0) return null;
    const reach = (turn: number) => {
      let [least, most] = [Infinity, -Infinity];
      for (const [x, y] of at) {
        const along = x * Math.cos(turn) + y * Math.sin(turn);
        least = Math.min(least, along);
        most = Math.max(most, along);
      }
      return most - least + 1;
    };
    // However a long shape lies, its length is the most that it reaches in any direction, and its breadth is across that.
    const turns = Array.from({ length: 180 }, (_, i) => (i * Math.PI) / 180);
    const along = turns.reduce((a, b) => (reach(b) > reach(a) ? b : a));
    return { width: reach(0), height: reach(Math.PI / 2), long: reach(along), across: reach(along + Math.PI / 2) };
  }, layer);
}

const shapes = ".notices-layer canvas";
const rings = "canvas.rings-layer, .rings-layer canvas";

test("rings of the agreed separation are drawn round the notice that has the focus, and said in words", async ({ page }) => {
  await show(page, nodes.red);
  await expect.poll(() => drawn(page, shapes)).not.toBeNull();
  await expect(page.locator(".separation")).toHaveCount(0);
  await page.locator(".map").focus();
  let small = await drawn(page, shapes);
  for (let i = 0; i < 3; i++) {
    // Half as large when the map rests: the strokes are as wide as before.
    const half = ((small?.width ?? 0) - 2) / 2 + 2;
    await page.keyboard.press("-");
    await expect.poll(async () => Math.abs(((small = await drawn(page, shapes))?.width ?? 0) - half)).toBeLessThan(4);
  }
  expect(await drawn(page, rings)).toBeNull();
  await page.keyboard.press("n");
  await expect(page.locator(".separation")).toContainText("Separation kept from red: red-r");
  await expect(page.locator(".separation li").first()).toHaveText("flight: 20 NM · 2,000 ft · 10 min");
  await expect(page.locator(".separation")).toContainText("movement: 1 NM · any altitude · 10 min · flight below 10,000 ft");
  await expect.poll(() => drawn(page, rings)).not.toBeNull();
  const large = await drawn(page, rings);
  // 9,000 m and 20 NM, to 9,000 m; the strokes are some pixels wide.
  const ratio = ((large?.width ?? 0) - 4) / ((small?.width ?? 1) - 2);
  expect(Math.abs(ratio / ((9000 + 37_040) / 9000) - 1)).toBeLessThan(0.04);
  await page.screenshot({ path: "test-results/shots/rings-day.png" });
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: /red: red-r/ })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.locator(".map")).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(page.locator(".separation")).toHaveCount(0);
  await expect.poll(() => drawn(page, rings)).toBeNull();

  await test.step("the mouse does the same", async () => {
    const box = await page.locator(".map").boundingBox();
    await page.mouse.move((box?.x ?? 0) + (box?.width ?? 0) / 2, (box?.y ?? 0) + (box?.height ?? 0) / 2);
    await expect(page.locator(".separation")).toContainText("red-r");
    await page.mouse.move((box?.x ?? 0) + 60, (box?.y ?? 0) + 200);
    await expect(page.locator(".separation")).toHaveCount(0);
  });
});

test("what lies over the pole is shown whole, with its true shape", async ({ page }) => {
  // From 88° N over the pole to 88° N: 446.8 km, and 20 km on every side.
  nodes.red.file("red-pole", "flight", { type: "LineString", coordinates: [[40, 88], [-140, 88]] }, 95, 155, { half_width_m: 20_000 });
  await show(page, nodes.red);
  await expect(page.locator(".northup")).toHaveText("↑ N North is up");
  const button = page.getByRole("button", { name: "Polar view" });
  await expect(button).toHaveAttribute("aria-pressed", "false");
  await page.locator(".map").focus();
  await page.keyboard.press("n");
  await page.keyboard.press("n");
  await expect(page.locator(".separation")).toContainText("red-pole");
  await expect(page.locator(".northup")).toContainText("North is up along");
  await expect(button).toHaveAttribute("aria-pressed", "true");
  let long = 0;
  // When the map has come to rest on it.
  await expect
    .poll(async () => {
      const at = await drawn(page, shapes);
      long = (at?.long ?? 0) - 2;
      return Math.abs(long / ((at?.across ?? 0) - 2) / (486.8 / 40) - 1);
    })
    .toBeLessThan(0.06);
  await page.screenshot({ path: "test-results/shots/polar-day.png" });
  const scale = await page.evaluate(() => {
    const x = document.querySelectorAll<HTMLElement>(".ol-scale-line-inner")[1];
    return { km: parseFloat(x?.textContent ?? "0") * (/km/.test(x?.textContent ?? "") ? 1 : 0.001), px: x?.offsetWidth ?? 1 };
  });
  expect(Math.abs((long * scale.km) / scale.px / 486.8 - 1)).toBeLessThan(0.05);
  await button.click();
  await expect(page.locator(".northup")).toHaveText("↑ N North is up");
  await button.click();
  await expect(button).toHaveAttribute("aria-pressed", "true");
});

test("the polar view is true to the ellipsoid, there and back", () => {
  for (const pole of ["north", "south"] as const) {
    const s = pole === "north" ? 1 : -1;
    const { to, from } = stereographic(pole, 40);
    expect(Math.hypot(...(to([123, s * 90]) as [number, number]))).toBeLessThan(1e-6);
    // At the pole a metre is a metre: a minute of latitude there is 1,861.57 m on WGS 84.
    expect(Math.abs(Math.hypot(...(to([10, s * (90 - 1 / 60)]) as [number, number])) - 1861.57)).toBeLessThan(0.05);
    const [x = 0, y = 0] = to([40, s * 80]);
    expect(Math.abs(x)).toBeLessThan(1e-6);
    expect(Math.sign(y)).toBe(-s); // the upright meridian has north above
    for (const p of [[40, 80], [-139.5, 65], [179.9, 89.99], [0, 31]] as const) {
      const [lon = 0, lat = 0] = from(to([p[0], s * p[1]]));
      expect(Math.abs(lon - p[0]) + Math.abs(lat - s * p[1])).toBeLessThan(1e-9);
    }
  }
});
