// No serious problem that axe finds, on any page that there is, with everything that is shut opened.
import AxeBuilder from "@axe-core/playwright";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, type Page } from "@playwright/test";
import { pair, type Desk, type Pair } from "./nodes";

let nodes: Pair;
/** Every page beside the map, with something on it. */
let pages: Record<string, string>;

async function post<T>(d: Desk, path: string, body: unknown, token = d.token(), type = "application/json"): Promise<T> {
  const answer = await fetch(d.url + path, { method: "POST", headers: { Authorization: `Bearer ${token}`, "Content-Type": type }, body: typeof body === "string" ? body : JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as T;
}

test.beforeAll(async () => {
  nodes = await pair();
  const { red, blue } = nodes;
  red.file("red-a", "flight", { type: "LineString", coordinates: [[35.9, 35.6], [36.4, 35.4]] }, 90, 150, { half_width_m: 5000, title: "survey" });
  blue.file("blue-a", "area", { type: "Point", coordinates: [36.1, 35.5] }, 100, 140, { radius_m: 9000 });
  await expect.poll(async () => (await red.get<{ conflicts: unknown[] }>("/v1/conflicts")).conflicts.length, { timeout: 30_000 }).toBe(1);
  const call = await post<{ entry: string }>(red, "/v1/calls", { type: "concern", text: "who flies there", language: "en" });
  const day = new Date().toISOString().slice(0, 10);
  const incident = await post<{ entry: string }>(red, "/v1/incidents", { title: "two plans", from: `${day}T00:00:00Z`, until: `${day}T23:59:00Z`, notices: ["red-a"] });
  const team = await post<{ entry: string }>(red, "/v1/teams", { title: "the valley", goal: "one plan for both" });
  red.run("statement", "draft", "--title", "The valley", "--text", "en=Both fly there by turns.", "-o", "valley.json");
  red.run("statement", "sign", "valley.json", "-o", "valley.note");
  await post(red, "/v1/statements", readFileSync(join(red.home, "valley.note"), "utf8"), red.token(), "text/plain");
  const [waits] = (await red.get<{ releases: { id: string }[] }>("/v1/releases")).releases;
  await post(red, `/v1/releases/${waits?.id}/give`, {}, red.officer("second of red", "supervisor"));
  const [own] = (await red.get<{ notices: { line: string }[] }>("/v1/notices?party=red")).notices;
  const [conflict] = (await red.get<{ conflicts: { id: string }[] }>("/v1/conflicts")).conflicts;
  const [statement] = (await red.get<{ statements: { id: string }[] }>("/v1/statements")).statements;
  const of = (page: string, id = "") => `/console/#/${page}${id ? "/" + encodeURIComponent(id) : ""}`;
  pages = {
    map: of(""), file: of("file"), notices: of("notices"), calls: of("calls"), "new call": of("call"), line: of("line"), desk: of("desk"), record: of("record"),
    "own notice": of("notice", `${own?.line}/red/red-a`), "their notice": of("notice", `${own?.line}/blue/blue-a`), conflict: of("conflict", conflict?.id),
    call: of("call", call.entry), incident: of("review", incident.entry), team: of("review", team.entry), statement: of("statement", statement?.id),
    "the verify page": "/verify", "sign in": "/sign-in",
  };
});
test.afterAll(() => nodes.end());

const wcag = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"];

async function bad(page: Page, rules: "all" | "contrast" | "rest" = "all"): Promise<string[]> {
  const axe = new AxeBuilder({ page });
  if (rules === "contrast") axe.withRules(["color-contrast"]);
  else axe.withTags(wcag);
  if (rules === "rest") axe.disableRules(["color-contrast"]);
  const found = await axe.analyze();
  return found.violations.filter((v) => v.impact === "serious" || v.impact === "critical").map((v) => `${v.id}: ${v.nodes.map((n) => n.html.slice(0, 160)).join(" | ")}`);
}

/** show opens a page, and all that it has shut. */
async function show(page: Page, what: string, path: string): Promise<void> {
  await page.goto(nodes.red.url + path);
  if (!path.startsWith("/console")) return;
  await expect(page.locator(".topbar .zulu")).toBeVisible();
  await expect(page.locator(".notlive")).toHaveCount(0);
  if (/#\/.+/.test(path)) await expect(page.locator("main h2").first()).toBeVisible();
  for (const box of await page.locator("main details:not([open]) > summary").all()) await box.click();
  if (what !== "own notice") return;
  await page.locator("details:has(> form.ask) form.ask button").click(); // the page for the telephone
  await expect(page.locator(".voicepage")).toBeVisible();
  await page.locator(".verify p.steps button").first().click();
  await expect(page.locator(".verdict")).toBeVisible({ timeout: 60_000 });
}

const shot = (page: Page, mode: string, what: string) => page.screenshot({ path: `test-results/shots/page-${mode}-${what.replaceAll(" ", "-")}.png` });

test("axe finds nothing serious on any page, by day and by night", async ({ browser }) => {
  test.setTimeout(400_000);
  const context = await browser.newContext({ colorScheme: "light", reducedMotion: "reduce", viewport: { width: 1440, height: 900 }, extraHTTPHeaders: { Authorization: `Bearer ${nodes.red.token()}` } });
  const page = await context.newPage();
  const wrong: string[] = [];
  for (const [what, path] of Object.entries(pages)) {
    await show(page, what, path);
    for (const x of await bad(page)) wrong.push(`${what}: ${x}`);
    await shot(page, "day", what);
    if (!path.startsWith("/console")) {
      await page.emulateMedia({ colorScheme: "dark" });
      for (const x of await bad(page, "contrast")) wrong.push(`${what} by night: ${x}`);
      await page.emulateMedia({ colorScheme: "light" });
      continue;
    }
    await page.getByRole("button", { name: "Night", exact: true }).click();
    await expect(page.locator("html")).toHaveAttribute("data-theme", "night");
    for (const x of await bad(page, "contrast")) wrong.push(`${what} by night: ${x}`);
    await shot(page, "night", what);
    await page.getByRole("button", { name: "Day", exact: true }).click();
  }
  expect(wrong).toEqual([]);
  await context.close();
});

test("axe finds nothing serious on any page from right to left", async ({ browser }) => {
  test.setTimeout(400_000);
  const context = await browser.newContext({ colorScheme: "light", reducedMotion: "reduce", viewport: { width: 1440, height: 900 }, extraHTTPHeaders: { Authorization: `Bearer ${nodes.red.token()}` } });
  const page = await context.newPage();
  await page.addInitScript(() => localStorage.setItem("parley.language", "he"));
  const wrong: string[] = [];
  for (const [what, path] of Object.entries(pages).filter(([, p]) => p.startsWith("/console"))) {
    await show(page, what, path);
    for (const x of await bad(page, "rest")) wrong.push(`${what}: ${x}`);
    if (await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth)) wrong.push(`${what}: wider than the window`);
    await shot(page, "hebrew", what);
  }
  expect(wrong).toEqual([]);
  await context.close();
});
