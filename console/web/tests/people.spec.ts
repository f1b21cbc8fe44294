// For everybody: from right to left, all by keyboard, nothing typed is lost.
import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "@playwright/test";
import { pair, show, type Pair } from "./nodes";

let nodes: Pair;
test.beforeAll(async () => {
  nodes = await pair();
});
test.afterAll(() => nodes.end());

test("the page is in Hebrew, from right to left", async ({ page }) => {
  await page.setExtraHTTPHeaders({ Authorization: `Bearer ${nodes.red.token()}` });
  await page.goto(`${nodes.red.url}/console/`);
  await page.getByLabel("Language").selectOption("he");
  await expect(page.locator("html")).toHaveAttribute("dir", "rtl");
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
  for (const name of ["התקרבות", "התרחקות"]) await expect(page.getByRole("button", { name })).toHaveCount(1);
});

test("a page is shown whose script comes between the drawing of its place and the frame after", async ({ page }) => {
  await page.addInitScript(() => {
    const w = window as unknown as { hold: boolean; held: (() => void)[] };
    w.hold = false;
    w.held = [];
    const frame = window.requestAnimationFrame.bind(window);
    const timeout = window.setTimeout.bind(window);
    window.requestAnimationFrame = (f) => (w.hold ? w.held.push(() => f(performance.now())) : frame(f));
    window.setTimeout = ((f: () => void, ms?: number) => (w.hold ? w.held.push(f) : timeout(f, ms))) as typeof window.setTimeout;
  });
  let pass = () => {};
  const passed = new Promise<void>((done) => (pass = done));
  await page.route(/\/pages-[^/]*\.js$/, async (r) => {
    await passed;
    await r.continue();
  });
  const asked = page.waitForRequest(/\/pages-[^/]*\.js$/);
  const came = page.waitForEvent("requestfinished", (r) => /\/pages-[^/]*\.js$/.test(r.url()));
  await show(page, nodes.red);
  await asked;
  await page.evaluate(() => {
    (window as unknown as { hold: boolean }).hold = true;
    location.hash = "#/file";
  });
  await expect(page.getByRole("main")).toHaveCount(1);
  pass();
  await came;
  await page.waitForTimeout(500);
  await page.evaluate(() => {
    const w = window as unknown as { hold: boolean; held: (() => void)[] };
    w.hold = false;
    for (const f of w.held.splice(0)) f();
  });
  await expect(page.getByRole("main").getByRole("heading").first()).toBeVisible();
});

test("what is read back is typed under names in the officer's language", async ({ page }) => {
  nodes.blue.file("blue-rb", "area", { type: "Point", coordinates: [37.95, 33.41] }, 90, 150, { radius_m: 9260 });
  await expect.poll(() => nodes.red.run("notice", "list")).toContain("blue-rb");
  const n = await nodes.red.get<{ line: string; ladder: object[]; body: { volumes: { start: string }[] } }>("/v1/notices/blue-rb?party=blue");
  await show(page, nodes.red, `#/notice/${encodeURIComponent(`${n.line}/blue/blue-rb`)}`);
  await page.getByLabel("Language").selectOption("he");
  await expect(page.locator("dd bdi[dir=ltr]").first()).toHaveText(/^\d+\/b#\d+$/);
  await expect(page.locator(".warn").first()).not.toHaveText(/[a-z]{4}/); // what the node warns of, asked for again in the language
  const form = page.locator("form.readback");
  await expect(form.getByLabel("נקודה")).toBeVisible();
  for (const label of await form.locator("label, legend, summary, button").allTextContents()) expect(label).not.toMatch(/[A-Za-z]/);
  await form.getByLabel("נקודה").fill("33 24.600 N 037 57.000 E");
  await form.getByLabel("רדיוס").fill("9260 m");
  await page.screenshot({ path: "test-results/shots/hebrew-read-back.png" });
  await form.getByRole("button").click();
  await expect.poll(async () => JSON.stringify((await nodes.red.get<{ ladder: object[] }>("/v1/notices/blue-rb?party=blue")).ladder)).toMatch(/"read back","[^}]*"done"/);
});

test("what is typed in any form is there after a reload, and gone when it was sent", async ({ page }) => {
  nodes.blue.file("blue-typed", "area", { type: "Point", coordinates: [37.6, 33.2] }, 90, 150, { radius_m: 3000 });
  nodes.red.file("red-typed", "area", { type: "Point", coordinates: [36.6, 33.2] }, 90, 150, { radius_m: 3000 });
  await expect.poll(() => nodes.red.run("notice", "list")).toContain("blue-typed");
  const { line } = await nodes.red.get<{ line: string }>("/v1/notices/blue-typed?party=blue");
  const notice = (party: string) => `#/notice/${encodeURIComponent(`${line}/${party}/${party}-typed`)}`;
  /** What is typed where: a page, what opens the form, the field, the text. */
  const typed: [string, string, string, string][] = [
    ["#/call", "", "Words", "who is at the ford?"],
    ["#/call", "", "About (id of a notice or conflict)", "blue-typed"],
    [notice("blue"), "", "position", "33 12.000 N 037 36.000 E"],
    [notice("blue"), "", "Unit that was told", "third column"],
    [notice("blue"), "", "How: radio, phone, in person", "radio"],
    [notice("red"), "", "Reason", "not today"],
    ["#/line", "", "Reason", "an order"],
    ["#/desk", "Set the rota", "Rows: from,until,officer,role (CSV with that heading)", "from,until,officer,role"],
    ["#/record", "Open an incident or a joint team", "Words for people", "the ford"],
    ["#/record", "Open an incident or a joint team", "Goal of the team", "one plan"],
  ];
  await show(page, nodes.red);
  const field = (label: string) => page.getByRole("main").getByLabel(label, { exact: true });
  for (const [hash, opens, label, text] of typed) {
    await page.evaluate((h) => (location.hash = h), hash);
    const form = page.getByRole("main").locator("details", { hasText: opens }).first();
    if (opens && (await form.getAttribute("open")) === null) await form.locator("summary").click();
    await field(label).fill(text);
  }
  await page.evaluate(() => (location.hash = "#/call"));
  await page.getByRole("main").getByText("Concern", { exact: true }).click();
  await field("Words").focus();
  await page.keyboard.press("End");
  await page.evaluate(() => (window.setTimeout = (() => 0) as unknown as typeof window.setTimeout)); // no time passes between the last key and the reload
  await page.keyboard.type("!");
  typed[0] = ["#/call", "", "Words", "who is at the ford?!"];
  await page.reload();
  for (const [hash, , label, text] of typed) {
    await page.evaluate((h) => (location.hash = h), hash);
    await expect(field(label), hash).toHaveValue(text);
  }
  expect(await page.evaluate(() => JSON.stringify(localStorage))).not.toContain(nodes.red.token());

  await page.evaluate(() => (location.hash = "#/call"));
  await expect(page.getByRole("main").getByLabel("Concern")).toBeChecked();
  await page.getByRole("button", { name: "Say it" }).click();
  await expect(page.getByRole("main").locator("blockquote")).toContainText("who is at the ford?!");
  await page.goto(`${nodes.red.url}/console/#/call`);
  await page.reload();
  await expect(field("Words")).toHaveValue("");
  await page.goto(`${nodes.red.url}/console/${notice("blue")}`);
  await page.getByRole("button", { name: "Told a unit" }).click();
  await expect(page.locator(".ladder")).toContainText("third column");
  for (const label of ["Unit that was told", "How: radio, phone, in person"]) await expect(field(label)).toHaveValue("");
  await expect(field("position")).toHaveValue("33 12.000 N 037 36.000 E"); // not sent
});

test("a notice is filed by keyboard alone", async ({ page }) => {
  await show(page, nodes.red);
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

test("the palette finds a page and a notice by a few letters", async ({ page }) => {
  await show(page, nodes.red);
  await page.keyboard.press("Control+k");
  await page.keyboard.type("desk");
  await expect(page.getByRole("combobox", { name: /Go to/ })).toHaveValue("desk");
  await expect(page.getByRole("option", { name: "The desk" })).toHaveAttribute("aria-selected", "true");
  await page.screenshot({ path: "test-results/shots/palette-day.png" });
  const found = await new AxeBuilder({ page }).include("dialog").analyze();
  expect(found.violations.filter((v) => v.impact === "serious" || v.impact === "critical").map((v) => v.id)).toEqual([]);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "The desk" })).toBeVisible();
  await page.keyboard.press("Control+k");
  await page.keyboard.type("red-k");
  await expect(page.locator(".palette").getByRole("option")).toHaveCount(1);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: /red: red-k/ })).toBeVisible();
});
