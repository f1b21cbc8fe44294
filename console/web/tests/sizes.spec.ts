// The page at every size at which it is used: enlarged to 200 %, on a narrow laptop, on a wall. No control is cut
// off, nothing runs out of the window to the side, and the list and the map are both there to be used.
import { expect, test, type Page } from "@playwright/test";
import { open, pair, type Pair } from "./nodes";

let nodes: Pair;
test.beforeAll(async () => {
  nodes = await pair();
  nodes.red.file("red-s", "flight", { type: "LineString", coordinates: [[35.9, 35.6], [36.4, 35.4]] }, 90, 150, { half_width_m: 5000, title: "survey" });
  nodes.blue.file("blue-s", "area", { type: "Point", coordinates: [36.1, 35.5] }, 100, 140, { radius_m: 9000 });
  await expect.poll(async () => (await nodes.red.get<{ conflicts: unknown[] }>("/v1/conflicts")).conflicts.length, { timeout: 30_000 }).toBe(1);
});
test.afterAll(() => nodes.end());

/** cut says which controls are not whole: out of the window to a side, hidden by a box that cannot be scrolled, covered, or too small to hit. */
function cut(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const out: string[] = [];
    const name = (x: Element) => `${x.tagName} ${(x.getAttribute("aria-label") ?? x.textContent ?? "").trim().slice(0, 40)}`;
    if (document.documentElement.scrollWidth > innerWidth) out.push(`the page is ${document.documentElement.scrollWidth} wide in a window of ${innerWidth}`);
    for (const x of document.querySelectorAll<HTMLElement>("a, button, input, select, textarea, summary, [tabindex='0']")) {
      if (x.matches(".skip") || !x.checkVisibility()) continue;
      x.scrollIntoView({ block: "center", inline: "nearest" });
      const r = x.getBoundingClientRect();
      if (r.left < -1 || r.right > innerWidth + 1) out.push(`out of the window: ${name(x)} ${Math.round(r.left)} to ${Math.round(r.right)}`);
      if (r.bottom < 0 || r.top > innerHeight) out.push(`cannot be reached: ${name(x)}`);
      if (x.matches("button, select, summary") && (r.width < 24 || r.height < 24)) out.push(`too small: ${name(x)} ${Math.round(r.width)} by ${Math.round(r.height)}`);
      const top = document.elementFromPoint(Math.min(Math.max(r.left + 6, 1), innerWidth - 1), Math.min(Math.max((Math.max(r.top, 0) + Math.min(r.bottom, innerHeight)) / 2, 1), innerHeight - 1));
      if (top && x !== top && !x.contains(top) && !top.contains(x)) out.push(`covered: ${name(x)} by ${top.tagName}.${top.className}`);
      if (x.scrollWidth > x.clientWidth + 2 && x.matches("button, .button")) out.push(`its words do not fit: ${name(x)}`);
    }
    scrollTo(0, 0);
    return out;
  });
}

const sizes = [
  { name: "zoom-200", viewport: { width: 640, height: 400 }, deviceScaleFactor: 2, map: [400, 180] },
  { name: "laptop", viewport: { width: 1024, height: 640 }, deviceScaleFactor: 1, map: [420, 260] },
  { name: "wall", viewport: { width: 2560, height: 1440 }, deviceScaleFactor: 1, map: [1400, 800] },
  { name: "wall-4k", viewport: { width: 3840, height: 2160 }, deviceScaleFactor: 1, map: [2100, 1200] },
] as const;

/** small says which words of what is looked at from three metres are smaller than a hundredth of the wall's width: capitals of 10 mm on a screen of 65 inches. */
function small(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const out: string[] = [];
    for (const x of document.querySelectorAll<HTMLElement>(".alarm .what, .alarm button, .topbar .chip, .zulu, .notlive, main h2")) {
      const px = parseFloat(getComputedStyle(x).fontSize);
      const least = x.matches("button, .chip") ? innerWidth / 120 : innerWidth / 100;
      if (px < least) out.push(`${x.className || x.tagName}: ${px} of ${least}`);
    }
    return out;
  });
}

for (const { name, map, ...screen } of sizes) {
  test(`nothing is cut off: ${name}`, async ({ browser }) => {
    const page = await open(browser, nodes.red, "", screen);
    await expect(page.locator(".alarm", { hasText: "do not keep their separation" })).toBeVisible();
    await expect(page.locator(".map canvas").first()).toBeAttached();
    const [conflict] = (await nodes.red.get<{ conflicts: { id: string }[] }>("/v1/conflicts")).conflicts;
    const [own] = (await nodes.red.get<{ notices: { line: string }[] }>("/v1/notices?party=red")).notices;
    const wrong: string[] = [];
    const rest = ["#/file", "#/notices", "#/call", "#/line", "#/desk", "#/record", "#/answers", "#/sites", "#/voice", "#/log", "#/audit", `#/notice/${encodeURIComponent(`${own?.line}/red/red-s`)}`];
    for (const hash of ["", `#/conflict/${conflict?.id}`, ...(name.startsWith("wall") ? [] : rest)]) {
      await page.goto(`${nodes.red.url}/console/${hash}`);
      await page.waitForTimeout(400);
      for (const x of await cut(page)) wrong.push(`${hash.slice(0, 12)}: ${x}`);
      if (hash === "" || hash === "#/file" || hash.startsWith("#/conflict")) await page.screenshot({ path: `test-results/shots/${name}-${hash.slice(2, 8) || "map"}.png` });
    }
    expect(wrong).toEqual([]);
    if (name.startsWith("wall")) expect(await small(page)).toEqual([]);

    await page.goto(`${nodes.red.url}/console/`);
    const bar = await page.locator(".topbar").boundingBox();
    expect(bar?.height ?? 0).toBeLessThan(screen.viewport.height * (name === "zoom-200" ? 0.22 : 0.16));
    if (name === "zoom-200") {
      await page.getByRole("button", { name: /Menu/ }).click();
      expect(await cut(page)).toEqual([]);
      await page.screenshot({ path: `test-results/shots/${name}-menu.png` });
      await page.getByRole("link", { name: "The desk" }).click();
      await expect(page.getByRole("link", { name: "The desk" })).toBeHidden();
      await page.goto(`${nodes.red.url}/console/`);
    }
    const first = page.locator(".alarm").first();
    await expect(first.getByRole("link", { name: "Open" })).toBeInViewport({ ratio: 1 });
    const box = await page.locator(".map").boundingBox();
    expect(box?.width ?? 0).toBeGreaterThan(map[0]);
    expect(box?.height ?? 0).toBeGreaterThan(map[1]);
    await page.locator(".map").scrollIntoViewIfNeeded();
    await expect(page.locator(".map")).toBeInViewport({ ratio: 0.6 });
    await page.close();
  });
}

test("the bar of a desk has two rows, by day and by night", async ({ browser }) => {
  const page = await open(browser, nodes.red);
  const bar = page.locator(".topbar");
  const rows = () => bar.locator("a:not(.skip), button, select, time").evaluateAll((all) => {
    const middles = all.filter((x) => x.checkVisibility()).map((x) => x.getBoundingClientRect()).map((r) => (r.top + r.bottom) / 2).sort((a, b) => a - b);
    return middles.filter((y, i) => i === 0 || y - (middles[i - 1] ?? 0) > 12).length;
  });
  for (const [mode, other] of [["day", "Night"], ["night", "Day"]] as const) {
    expect(await rows(), mode).toBe(2);
    await bar.screenshot({ path: `test-results/shots/bar-${mode}.png` });
    await bar.getByRole("button", { name: other, exact: true }).click();
  }
  await bar.locator("select").selectOption("he");
  await expect(page.locator("html")).toHaveAttribute("dir", "rtl");
  await bar.screenshot({ path: "test-results/shots/bar-hebrew.png" });
  await page.context().close();
});
