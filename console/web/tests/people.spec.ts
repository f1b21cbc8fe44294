// For everybody: no serious problem that axe finds, all by keyboard, and what the other party types is text.
import AxeBuilder from "@axe-core/playwright";
import { expect, test, type Page } from "@playwright/test";
import { pair, type Pair } from "./nodes";

let nodes: Pair;
test.beforeAll(async () => {
  nodes = await pair();
});
test.afterAll(() => nodes.end());

/** hostile is what a party may type to break a page. Marks that turn the direction are refused at filing. */
const hostile = `<img src=x onerror="document.title='broken'"><b>bold</b> ` + "long".repeat(20);

async function openRed(page: Page, hash = ""): Promise<void> {
  await page.setExtraHTTPHeaders({ Authorization: `Bearer ${nodes.red.token()}` });
  await page.goto(`${nodes.red.url}/console/${hash}`);
  await expect(page.getByRole("heading", { name: "What needs me now" })).toBeVisible();
}

for (const theme of ["light", "dark"] as const) {
  test(`axe finds nothing serious, ${theme}`, async ({ browser }) => {
    const context = await browser.newContext({ colorScheme: theme });
    const page = await context.newPage();
    await openRed(page);
    for (const hash of ["", "#/file", "#/notices", "#/calls", "#/call", "#/line", "#/desk", "#/record"]) {
      await page.goto(`${nodes.red.url}/console/${hash}`);
      await page.waitForTimeout(500);
      const found = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]).analyze();
      const bad = found.violations.filter((v) => v.impact === "serious" || v.impact === "critical");
      expect(bad.map((v) => `${hash} ${v.id}: ${v.nodes.map((n) => n.html).join(" | ")}`)).toEqual([]);
    }
    await context.close();
  });
}

test("the page is in Hebrew, from right to left", async ({ page }) => {
  await page.setExtraHTTPHeaders({ Authorization: `Bearer ${nodes.red.token()}` });
  await page.goto(`${nodes.red.url}/console/`);
  await page.getByLabel("Language").selectOption("he");
  await expect(page.locator("html")).toHaveAttribute("dir", "rtl");
  for (const hash of ["#/file", "#/line", "#/call", "#/notices", "#/desk", "#/record"]) {
    await page.goto(`${nodes.red.url}/console/${hash}`);
    await expect(page.locator("main h2")).toHaveText(/[\u0590-\u05ff]/);
    await page.screenshot({ path: `test-results/shots/hebrew-${hash.slice(2)}.png` });
  }
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
});

// The notice comes later than is agreed, so it alarms.
test("what the other party typed is shown as text", async ({ page }) => {
  nodes.blue.file("blue-x", "area", { type: "Point", coordinates: [36.1, 35.5] }, 30, 120, { radius_m: 3000, title: hostile });
  await openRed(page);
  const alarm = page.locator(".alarm", { hasText: "blue-x" }).first();
  await alarm.getByRole("link", { name: "Open" }).click();
  await expect(page.getByRole("main")).toContainText("<img src=x");
  await expect(page.locator("img[src=x]")).toHaveCount(0);
  await expect(page).not.toHaveTitle(/broken/);
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
});

test("a notice is filed by keyboard alone", async ({ page }) => {
  await openRed(page);
  const type = async (label: string, text: string) => {
    await page.getByLabel(label, { exact: true }).focus();
    await page.keyboard.type(text);
  };
  await page.getByRole("link", { name: "File a notice" }).focus();
  await page.keyboard.press("Enter");
  await type("Id", "red-k");
  await type("Positions, a line each: latitude longitude", "35.2 36.2");
  await type("Radius, metres", "4000");
  const at = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString().slice(0, 16);
  await page.getByLabel("From (UTC)").fill(at(90));
  await page.getByLabel("Until (UTC)").fill(at(150));
  await page.getByRole("button", { name: "File it" }).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByText("Filed red-k.")).toBeVisible();
});
