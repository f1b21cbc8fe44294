// No serious problem that axe finds, on any page that there is, with everything that is shut opened: by day, by night, and
// from right to left.
import AxeBuilder from "@axe-core/playwright";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, type Page } from "@playwright/test";
import { pages as routes } from "../src/live/pages";
import { pair, type Desk, type Pair } from "./nodes";

let nodes: Pair;
/** Every page, with something on it, and what only it has. */
let pages: Record<string, [path: string, there: string]>;

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
    map: [of(""), ".profile .bar"],
    file: [of("file"), ".form"],
    notices: [of("notices"), "table.notices tbody tr"],
    calls: [of("calls"), ".list li"],
    "new call": [of("call"), "textarea"],
    line: [of("line"), ".chart canvas"],
    desk: [of("desk"), "h2"],
    record: [of("record"), ".list a[href*=statement]"],
    "own notice": [of("notice", `${own?.line}/red/red-a`), ".echo"],
    "their notice": [of("notice", `${own?.line}/blue/blue-a`), ".readback"],
    conflict: [of("conflict", conflict?.id), ".gaps"],
    call: [of("call", call.entry), "blockquote"],
    incident: [of("review", incident.entry), "h2:has-text('two plans')"],
    team: [of("review", team.entry), "h2:has-text('the valley')"],
    statement: [of("statement", statement?.id), "blockquote"],
    answers: [of("answers"), ".none"],
    sites: [of("sites"), "input"],
    voice: [of("voice"), "input"],
    log: [of("log"), ".log li"],
    audit: [of("audit"), ".log li"],
    "the verify page": ["/verify", "h1"],
    "sign in": ["/sign-in", "form"],
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

/** routeOf is the route that a path of the console has. */
const routeOf = (path: string) => /#\/([^/]*)/.exec(path)?.[1] ?? "";

/** opened goes to a page, waits for what it asks for, and opens all that it has shut. The page to sign in is seen by who is not. */
async function opened(page: Page, what: string, path: string, there: string): Promise<void> {
  await page.setExtraHTTPHeaders(what === "sign in" ? {} : { Authorization: `Bearer ${nodes.red.token()}` });
  await page.goto(nodes.red.url + path);
  const route = routeOf(path);
  await expect(page.locator(route ? `main[data-page="${route}"]` : "body").locator(there).first()).toBeVisible();
  if (!path.startsWith("/console")) return;
  await expect(page.locator(".notlive")).toHaveCount(0);
  await page.evaluate(() => document.querySelectorAll<HTMLDetailsElement>("main details").forEach((d) => (d.open = true)));
  if (what !== "own notice") return;
  await page.locator("main details:has(> form.ask) form.ask button").click(); // the page for the telephone
  await expect(page.locator(".voicepage")).toBeVisible();
  await page.locator(".verify p.steps button").first().click();
  await expect(page.locator(".verdict")).toBeVisible({ timeout: 60_000 });
}

const shot = (page: Page, mode: string, what: string) => page.screenshot({ path: `test-results/shots/page-${mode}-${what.replaceAll(" ", "-")}.png` });

/** turned is what axe finds on a page of the console by night, and from right to left. */
async function turned(page: Page, what: string): Promise<string[]> {
  const out: string[] = [];
  await page.getByRole("button", { name: "Night", exact: true }).click();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "night");
  for (const x of await bad(page, "contrast")) out.push(`${what} by night: ${x}`);
  await shot(page, "night", what);
  await page.getByRole("button", { name: "Day", exact: true }).click();
  await page.locator(".settings select").selectOption("he");
  await expect(page.locator("html")).toHaveAttribute("dir", "rtl");
  if (routeOf(pages[what]?.[0] ?? "")) await expect(page.getByRole("main")).toContainText(/[\u0590-\u05ff]/);
  for (const x of await bad(page, "rest")) out.push(`${what} in Hebrew: ${x}`);
  if (await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth)) out.push(`${what} in Hebrew: wider than the window`);
  await shot(page, "hebrew", what);
  await page.locator(".settings select").selectOption("en");
  await expect(page.getByRole("button", { name: "Night", exact: true })).toBeVisible();
  return out;
}

test("every page that the console has is looked at", () => {
  const looked = new Set(Object.values(pages).map(([path]) => routeOf(path)));
  expect(routes.filter((r) => !looked.has(r))).toEqual([]);
});

test("axe finds nothing serious on any page, by day, by night, and from right to left", async ({ browser }) => {
  test.setTimeout(900_000); // every page, three times, on a slow machine
  const context = await browser.newContext({ colorScheme: "light", reducedMotion: "reduce", viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  const wrong: string[] = [];
  for (const [what, [path, there]] of Object.entries(pages)) {
    await opened(page, what, path, there);
    for (const x of await bad(page)) wrong.push(`${what}: ${x}`);
    await shot(page, "day", what);
    if (path.startsWith("/console")) {
      wrong.push(...(await turned(page, what)));
      continue;
    }
    await page.emulateMedia({ colorScheme: "dark" });
    for (const x of await bad(page, "contrast")) wrong.push(`${what} by night: ${x}`);
    await page.emulateMedia({ colorScheme: "light" });
  }
  expect(wrong).toEqual([]);
  await context.close();
});
