// What the other party signs is kept and shown, whatever it is: as text, in its place, and it turns nothing about.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, type Page } from "@playwright/test";
import { pair, show, type Pair } from "./nodes";

/** hostile is what a party may say to break a page: markup, marks that turn the direction, letters that are not
 * seen, and 10,000 letters without a place to break the line. */
const hostile = `<img src=x onerror="document.title='broken'"><b>bold</b>\u202Eright to left\u2067\u200B\uFEFF\u0301\u0301 ` + "W".repeat(10_000);

/** named is as much of that as an agreement and a statement let into a title or a contact. */
const named = `<b onclick=x>\u2067\u200B bold</b> ${"W".repeat(150)}`;

let nodes: Pair;
test.beforeAll(async () => {
  nodes = await pair({ title: named, contact: named.replaceAll(/[=,]/g, ""), terms: (draft) => JSON.stringify({ ...JSON.parse(draft) as object, observers: [{ name: named, contact: named }] }) });
});
test.afterAll(() => nodes.end());

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

/** pick is one side of a conflict as an entry names it. */
function pick(side: object | undefined): object {
  const { first, notice, version } = (side ?? {}) as { first?: string; notice?: string; version?: number };
  return { first, notice, version };
}

const soon = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString().replace(/\.\d+/, "");
const by = { officer: hostile, role: "duty" };
const anyone = { officer: hostile, role: hostile };

/** stated is a statement that the party's own program takes, as an entry. */
function stated(): { kind: string; fields: Record<string, unknown> } {
  const said = `<img src=x onerror="document.title='broken'"> \u200f\u05d0\u200c ${"W".repeat(10_000)}`;
  nodes.blue.run("statement", "draft", "--alone", "--title", `<b>${"W".repeat(150)}</b>`, "--text", `he=${said}`, "-o", "said.json");
  nodes.blue.run("statement", "sign", "said.json", "-o", "said.note");
  const note = readFileSync(join(nodes.blue.home, "said.note"), "utf8");
  const id = createHash("sha256").update(note.slice(0, note.indexOf("\n\n\u2014 ") + 1)).digest("hex");
  return { kind: "statement", fields: { id, note, ...by, released_by: hostile } };
}

/** ofTeam is what blue says in a joint team, which both may see. */
function ofTeam(of: string): { kind: string; fields: Record<string, unknown> }[] {
  const links = [{ sha256: "ab".repeat(32), description: hostile }];
  return [
    { kind: "review.member", fields: { of, member: hostile, task: hostile, ...by } },
    { kind: "review.finding", fields: { of, text: hostile, links, ...anyone } },
    { kind: "review.undertaking", fields: { of, text: hostile, owner: "b", owner_role: hostile, due: soon(90), remind: soon(60), ...by } },
    { kind: "team", fields: { title: hostile, goal: hostile, ...by } },
    { kind: "incident", fields: { title: hostile, from: soon(-90), until: soon(-60), heads: [], ...by } },
  ];
}

/** called is what blue says in calls. */
function called(ours: string): { kind: string; fields: Record<string, unknown> }[] {
  const translation = { language: "he", text: hostile, translator: hostile };
  return [
    { kind: "call.hold", fields: { text: hostile, language: "he", about: hostile, phrase: 3, translation, ...by, review: soon(30) } },
    { kind: "call.distress", fields: { text: hostile, language: hostile, nature: hostile, position: [36.4, 34.4], last_seen: soon(-5), persons: 3, ...anyone } },
    { kind: "call.answer", fields: { call: ours, text: hostile, language: "he", translation, ...by } },
  ];
}

// Blue signs what its own node would refuse. It is kept and shown, as text.
test("whatever the other party signs is shown as text, and breaks nothing", async ({ page }) => {
  test.setTimeout(150_000);
  nodes.red.file("red-h", "area", { type: "Point", coordinates: [36.4, 34.4] }, 30, 120, { radius_m: 3000 });
  nodes.blue.file("blue-x", "area", { type: "Point", coordinates: [36.4, 34.4] }, 30, 120, { radius_m: 3000, title: "honest" });
  await expect.poll(async () => (await nodes.red.get<{ conflicts: unknown[] }>("/v1/conflicts")).conflicts.length).toBe(1);
  nodes.red.run("line", "call", "query", "which way?");
  nodes.blue.run("team", "open", "fords", "no two columns meet");
  await expect.poll(() => nodes.blue.run("notice", "list")).toContain("red-h");
  await expect.poll(async () => (await nodes.blue.get<{ calls: unknown[] }>("/v1/calls")).calls.length).toBe(1);
  const honest = await nodes.blue.get<{ body: Record<string, unknown> }>("/v1/notices/blue-x?party=blue");
  const theirs = await nodes.blue.get<{ entry: string }>("/v1/notices/red-h?party=red");
  const [conflict] = (await nodes.blue.get<{ conflicts: { id: string; a: object; b: object }[] }>("/v1/conflicts")).conflicts;
  const [asked] = (await nodes.blue.get<{ calls: { entry: string }[] }>("/v1/calls")).calls;
  const [team] = (await nodes.blue.get<{ teams: { entry: string }[] }>("/v1/teams")).teams;
  const sides = { conflict: conflict?.id, a: pick(conflict?.a), b: pick(conflict?.b) };
  const difference = { field: hostile, told: hostile, read_back: hostile, text: hostile };
  await nodes.blue.kill();
  const told = (id: string, more: object) => ({ kind: "notice", fields: { ...honest.body, id, ...more, filed_by: by } });
  nodes.blue.sign([
    told("blue-hostile", { title: hostile, place: hostile, contact: hostile }),
    told(hostile.slice(0, 400), { title: hostile }),
    { kind: "received", fields: { entry: theirs.entry, ...by, remark: hostile } },
    { kind: "read-back", fields: { entry: theirs.entry, ...anyone, by: "map", same: false, differences: [difference] } },
    { kind: "relayed", fields: { entry: theirs.entry, ...by, unit: hostile, means: hostile } },
    { kind: "unit", fields: { entry: theirs.entry, ...by, unit: hostile, unable: true, reason: hostile } },
    { kind: "conflict.owned", fields: { conflict: sides.conflict, ...by } },
    { kind: "conflict.proposed", fields: { ...sides, mover: "b", shift: { time_s: 7200 }, remark: hostile, ...by } },
    { kind: "conflict.settled", fields: { ...sides, how: "joint", reason: hostile, ...by } },
    ...called(asked?.entry ?? ""),
    ...ofTeam(team?.entry ?? ""),
    stated(),
    { kind: "consent", fields: { id: "ab".repeat(32), note: hostile, ...by } },
    { kind: "desk.present", fields: by },
    { kind: "line.suspended", fields: { reason: hostile, ...by } },
  ]);
  nodes.blue.serve();
  await show(page, nodes.red);
  await expect(page.locator(".alarm.level-1").filter({ hasText: "<img src=x" }).first()).toBeVisible({ timeout: 30_000 });
  await expect.poll(async () => (await nodes.red.get<{ lines: { suspended?: unknown[] }[] }>("/v1/lines")).lines[0]?.suspended?.length).toBe(1);
  const hashes = await everything();
  for (const [i, hash] of hashes.entries()) {
    await page.goto(`${nodes.red.url}/console/${hash}`);
    await expect(page.locator("#app header")).toBeVisible();
    await page.waitForTimeout(300); // what is asked for when a page is opened
    expect(await broken(page), hash.slice(0, 80)).toEqual([]);
    await page.screenshot({ path: `test-results/shots/hostile-${i}.png` });
  }
  await verified(page, hashes.find((x) => x.startsWith("#/statement/")) ?? "");
  await tried(page);
  await page.getByLabel("Language").selectOption("he");
  expect(await broken(page)).toEqual([]);
});

/** everything is each page on which red sees what blue said; of every kind there is one. */
async function everything(): Promise<string[]> {
  const red = nodes.red;
  const notices = (await red.get<{ notices: { id: string; party: string; line: string }[] }>("/v1/notices")).notices;
  const calls = (await red.get<{ calls: { entry: string; type: string }[] }>("/v1/calls")).calls;
  const teams = (await red.get<{ teams: { entry: string; undertakings: unknown[]; findings: unknown[]; members: unknown[] }[] }>("/v1/teams")).teams;
  const incidents = (await red.get<{ incidents: { entry: string }[] }>("/v1/incidents")).incidents;
  const statements = (await red.get<{ statements: { id: string; texts: { text: string }[] }[] }>("/v1/statements")).statements;
  const conflicts = (await red.get<{ conflicts: { id: string }[] }>("/v1/conflicts")).conflicts;
  const readBack = JSON.stringify(await red.get("/v1/notices/red-h?party=red"));
  expect(notices.filter((n) => n.party === "blue").length).toBeGreaterThan(1);
  expect(readBack).toContain('"differences":[{');
  expect(readBack).toContain('"unable":"');
  expect(calls.map((c) => c.type).sort()).toEqual(["distress", "hold", "query"]);
  expect(teams.map((x) => x.undertakings.length + x.findings.length + x.members.length)).toContain(3);
  expect(statements.map((s) => s.texts[0]?.text.length ?? 0).some((n) => n > 10_000)).toBe(true);
  return [
    ...["#/", "#/notices", "#/calls", "#/line", "#/desk", "#/record"],
    ...notices.map((n) => `#/notice/${encodeURIComponent(`${n.line}/${n.party}/${n.id}`)}`),
    ...calls.map((c) => `#/call/${encodeURIComponent(c.entry)}`),
    ...conflicts.map((c) => `#/conflict/${c.id}`),
    ...[...teams, ...incidents].map((x) => `#/review/${encodeURIComponent(x.entry)}`),
    ...statements.map((s) => `#/statement/${s.id}`),
  ];
}

/** verified judges the statement on its page. */
async function verified(page: Page, hash: string): Promise<void> {
  await page.goto(`${nodes.red.url}/console/${hash}`);
  await page.getByRole("button", { name: "Verify it here" }).click();
  await expect(page.locator(".verdict pre")).toContainText("<img src=x");
  expect(await broken(page), "the verdict").toEqual([]);
  await page.locator(".verdict").screenshot({ path: "test-results/shots/hostile-verdict.png" });
}

/** tried checks a plan that would be in conflict with theirs, and a file that somebody sent. */
async function tried(page: Page): Promise<void> {
  await page.goto(`${nodes.red.url}/console/#/file`);
  await page.getByLabel("Id", { exact: true }).fill("red-try");
  await page.getByLabel("Words for people").fill(`<img src=x onerror=x> ${"W".repeat(150)}`);
  await page.getByLabel("Positions, a line each: latitude longitude").fill("34.4 36.4");
  await page.getByLabel("Radius, metres").fill("4000");
  for (const [label, minutes] of [["From (UTC)", 40], ["Until (UTC)", 100]] as const) await page.getByLabel(label).fill(soon(minutes).slice(0, 16));
  await expect(page.locator(".checked .echo")).toBeVisible();
  await expect(page.locator(".checked .would")).toContainText("blue-hostile");
  expect(await broken(page), "a plan that is tried").toEqual([]);
  await page.screenshot({ path: "test-results/shots/hostile-tried.png" });
  await page.evaluate((text) => {
    const data = new DataTransfer();
    data.items.add(new File([text], "sent.txt", { type: "text/plain" }));
    document.querySelector(".filing")?.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
  }, hostile);
  await expect(page.locator(".dropped")).toContainText("<img src=x");
  expect(await broken(page), "a file that is dropped").toEqual([]);
}
