// For everybody: no serious problem that axe finds, all by keyboard, and what the other party types is text.
import AxeBuilder from "@axe-core/playwright";
import { expect, test, type Page } from "@playwright/test";
import { pair, type Pair } from "./nodes";

let nodes: Pair;
test.beforeAll(async () => {
  nodes = await pair();
});
test.afterAll(() => nodes.end());

/** hostile is what a party may say to break a page: markup, marks that turn the direction, letters that are not
 * seen, and 10,000 letters without a place to break the line. */
const hostile = `<img src=x onerror="document.title='broken'"><b>bold</b>\u202Eright to left\u2067\u200B\uFEFF\u0301\u0301 ` + "W".repeat(10_000);

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
  for (const name of ["התקרבות", "התרחקות"]) await expect(page.getByRole("button", { name })).toHaveCount(1);
});

test("what is read back is typed under names in the officer's language", async ({ page }) => {
  nodes.blue.file("blue-rb", "area", { type: "Point", coordinates: [37.95, 33.41] }, 90, 150, { radius_m: 9260 });
  await expect.poll(() => nodes.red.run("notice", "list")).toContain("blue-rb");
  const n = await nodes.red.get<{ line: string; ladder: object[]; body: { volumes: { start: string }[] } }>("/v1/notices/blue-rb?party=blue");
  await openRed(page, `#/notice/${encodeURIComponent(`${n.line}/blue/blue-rb`)}`);
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

/** broken says what of a page lets a text out of its place. */
function broken(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const out: string[] = [];
    if (document.querySelector("img[src=x]")) out.push("markup was taken for markup");
    if (/broken|<img/.test(document.title)) out.push(`the title is ${document.title.slice(0, 80)}`);
    if (document.documentElement.scrollWidth > window.innerWidth) out.push("the page is wider than the window");
    for (const box of document.querySelectorAll(".now, .detail")) {
      if (box.scrollWidth > box.clientWidth + 1) {
        const edge = box.getBoundingClientRect();
        const wide = [...box.querySelectorAll("*")].find((x) => x.getBoundingClientRect().right > edge.right + 1 || x.getBoundingClientRect().left < edge.left - 1);
        out.push(`${box.className} is wider than its place: ${wide?.outerHTML.slice(0, 120)}`);
      }
    }
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const at = texts.currentNode.parentElement;
      if (!at || !/[\u202a-\u202e\u2066-\u2069]/.test(texts.currentNode.textContent ?? "")) continue;
      if (at.tagName === "OPTION" || at.closest("bdi")) continue;
      out.push(`a text that turns its direction is not held in: ${at.outerHTML.slice(0, 80)}`);
    }
    return out;
  });
}

// Blue signs what its own node would refuse. It is kept and shown, as text.
test("whatever the other party signs is shown as text, and breaks nothing", async ({ page }) => {
  nodes.red.file("red-h", "area", { type: "Point", coordinates: [36.4, 34.4] }, 30, 120, { radius_m: 3000 });
  nodes.blue.file("blue-x", "area", { type: "Point", coordinates: [36.4, 34.4] }, 30, 120, { radius_m: 3000, title: "honest" });
  await expect.poll(async () => (await nodes.red.get<{ conflicts: unknown[] }>("/v1/conflicts")).conflicts.length).toBe(1);
  await expect.poll(() => nodes.blue.run("notice", "list")).toContain("red-h");
  const honest = await nodes.blue.get<{ body: Record<string, unknown> }>("/v1/notices/blue-x?party=blue");
  const theirs = await nodes.blue.get<{ entry: string }>("/v1/notices/red-h?party=red");
  const [conflict] = (await nodes.blue.get<{ conflicts: { id: string; a: object; b: object }[] }>("/v1/conflicts")).conflicts;
  const sides = { conflict: conflict?.id, a: pick(conflict?.a), b: pick(conflict?.b) };
  const by = { officer: hostile, role: "duty" };
  await nodes.blue.kill();
  const told = (id: string, more: object) => ({ kind: "notice", fields: { ...honest.body, id, ...more, filed_by: by } });
  nodes.blue.sign([
    told("blue-hostile", { title: hostile, place: hostile, contact: hostile }),
    told(hostile.slice(0, 400), { title: hostile }),
    { kind: "received", fields: { entry: theirs.entry, ...by, remark: hostile } },
    { kind: "relayed", fields: { entry: theirs.entry, ...by, unit: hostile, means: hostile } },
    { kind: "conflict.owned", fields: { conflict: sides.conflict, ...by } },
    { kind: "conflict.proposed", fields: { ...sides, mover: "b", shift: { time_s: 7200 }, remark: hostile, ...by } },
    { kind: "conflict.settled", fields: { ...sides, how: "joint", reason: hostile, ...by } },
    { kind: "call.hold", fields: { text: hostile, language: "he", about: hostile, ...by, review: new Date(Date.now() + 1_800_000).toISOString() } },
    { kind: "line.suspended", fields: { reason: hostile, ...by } },
  ]);
  nodes.blue.serve();
  await openRed(page);
  await expect(page.locator(".alarm.level-1").filter({ hasText: "<img src=x" }).first()).toBeVisible({ timeout: 30_000 });
  const list = await nodes.red.get<{ notices: { id: string; party: string; line: string }[] }>("/v1/notices?party=blue");
  const calls = await nodes.red.get<{ calls: { entry: string }[] }>("/v1/calls");
  expect(list.notices.length).toBeGreaterThan(1);
  const hashes = [
    "#/", "#/notices", "#/calls", "#/line",
    ...list.notices.map((n) => `#/notice/${encodeURIComponent(`${n.line}/${n.party}/${n.id}`)}`),
    ...calls.calls.map((c) => `#/call/${encodeURIComponent(c.entry)}`),
    `#/conflict/${conflict?.id}`,
  ];
  for (const [i, hash] of hashes.entries()) {
    await page.goto(`${nodes.red.url}/console/${hash}`);
    await expect(page.locator("#app header")).toBeVisible();
    await page.waitForTimeout(300); // what is asked for when a page is opened
    expect(await broken(page), hash.slice(0, 80)).toEqual([]);
    await page.screenshot({ path: `test-results/shots/hostile-${i}.png` });
  }
  await page.getByLabel("Language").selectOption("he");
  expect(await broken(page)).toEqual([]);
});

/** pick is one side of a conflict as an entry names it. */
function pick(side: object | undefined): object {
  const { first, notice, version } = (side ?? {}) as { first?: string; notice?: string; version?: number };
  return { first, notice, version };
}

test("the palette finds a page and a notice by a few letters", async ({ page }) => {
  await openRed(page);
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
