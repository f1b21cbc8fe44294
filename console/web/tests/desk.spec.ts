// What a desk does beside notices and calls: answers that wait, lists of sites, what passed by telephone, the channels
// that reach people, and the logs. Each is done in the page, and looked for at the other desk.
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import AxeBuilder from "@axe-core/playwright";
import { expect, test, type Locator, type Page } from "@playwright/test";
import { open, pair, type Pair } from "./nodes";

// Several pages each, looked at in three ways. Later tests read what earlier ones left: tried again, all begin anew.
test.describe.configure({ mode: "serial", timeout: 300_000 });

let nodes: Pair;
test.beforeAll(async () => {
  nodes = await pair({
    // Of red's flights blue sees only that they are there, and past one question a day an officer answers.
    terms: (draft) => draft.replace('"flight": "full"', '"flight": "alert"').replace(/("released_by_officer_after_per_day": *)\d+/g, "$11"),
    before: (d) => {
      if (d.party !== "red") return;
      const hook = join(d.home, "page");
      writeFileSync(hook, `#!/bin/sh\ncat > "$1/told"\n`);
      chmodSync(hook, 0o755);
      const channels = [{ name: "pager", hook: { program: hook, args: [d.home] } }, { name: "broken", hook: { program: "/bin/false", args: [] } }];
      writeFileSync(join(d.dir, "alerts.json"), JSON.stringify({ channels }));
    },
  });
});
test.afterAll(() => nodes.end());

const shots = "test-results/shots";

/** looked takes the page as it is by day, by night and in Hebrew, and lets axe look at it. */
async function looked(page: Page, name: string): Promise<void> {
  const bad = async () => {
    const found = await new AxeBuilder({ page }).include("main").withTags(["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]).analyze();
    return found.violations.filter((v) => v.impact === "serious" || v.impact === "critical").map((v) => `${v.id}: ${v.nodes.map((n) => n.html).join(" | ")}`);
  };
  await page.screenshot({ path: `${shots}/${name}-day.png` });
  expect(await bad()).toEqual([]);
  await page.getByRole("button", { name: "Night", exact: true }).click();
  await page.screenshot({ path: `${shots}/${name}-night.png` });
  expect(await bad()).toEqual([]);
  await page.getByRole("button", { name: "Day", exact: true }).click();
  await page.getByLabel("Language").selectOption("he");
  await expect(page.getByRole("main").getByRole("heading", { level: 2 })).toHaveText(/[\u0590-\u05ff]/);
  await page.screenshot({ path: `${shots}/${name}-hebrew.png` });
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
  await page.locator(".settings select").selectOption("en");
  await expect(page.getByLabel("Language")).toHaveValue("en");
}

const main = (page: Page): Locator => page.getByRole("main");
const circle = (lon: number, lat: number) => ({ type: "Point", coordinates: [lon, lat] });

type Answers = { answers: { conflict: { id: string }; decision: { state: string; reason?: string } }[] };

test("an answer that waits is released, another refused, and the other party is told of the one alone", async ({ browser }) => {
  const { red, blue } = nodes;
  red.file("red-hidden", "flight", circle(35.95, 35.41), 300, 420, { radius_m: 5000, title: "survey" });
  await expect.poll(async () => (await red.get<{ line: string; delivered?: string }>("/v1/notices/red-hidden?party=red")).delivered, { timeout: 60_000 }).toBeTruthy();
  for (const n of [1, 2, 3]) blue.file(`blue-q${n}`, "flight", circle(35.91 + n / 100, 35.45), 310, 400, { radius_m: 5000 });
  await expect.poll(async () => (await red.get<Answers>("/v1/answers")).answers.length, { timeout: 60_000 }).toBe(2);

  const page = await open(browser, red, "");
  const alarm = page.locator(".alarm", { hasText: "blue-q2" });
  await expect(alarm).toContainText("is not told");
  await expect(alarm.getByRole("button", { name: "Take it" })).toHaveCount(0); // which would tell
  await alarm.getByRole("link", { name: "Open" }).click();
  await expect(main(page).getByRole("heading", { name: /Answers that wait/ })).toBeVisible();
  await expect(main(page)).toContainText("red-hidden");
  await expect(main(page).locator(".answer")).toHaveCount(2);
  await looked(page, "answers");

  const refused = page.locator(".answer", { hasText: "blue-q3" });
  await refused.getByLabel(/^Why not/).fill("the third in an hour");
  await refused.getByRole("button", { name: "Refuse" }).click();
  await expect(refused).toContainText("refused");
  await expect(refused).toContainText("the third in an hour");
  await expect(refused.getByRole("button", { name: "Refuse" })).toHaveCount(0);
  const third = page.locator(".alarm", { hasText: "blue-q3" });
  await expect(third).not.toContainText("is not told"); // it waits for nobody
  await expect(third.getByRole("button", { name: "Take it" })).toHaveCount(0); // and taking it would tell still
  await expect(third.getByRole("link", { name: "Open" })).toHaveAttribute("href", "#/answers");

  const waits = page.locator(".answer", { hasText: "blue-q2" });
  await waits.getByRole("link", { name: "open" }).click();
  await expect(main(page)).toContainText("blue is not told of this.");
  await expect(main(page).getByRole("button", { name: "Take it" })).toHaveCount(0);
  await main(page).getByRole("button", { name: "Tell blue that there is a conflict" }).click();
  await expect(main(page).getByText("blue is not told of this.")).toHaveCount(0);
  await expect(main(page).getByRole("button", { name: "Take it" })).toBeVisible();

  const told = async () => JSON.stringify(await blue.get("/v1/conflicts"));
  await expect.poll(told, { timeout: 60_000 }).toContain("blue-q2");
  expect(await told()).not.toContain("blue-q3");
  expect(await told()).not.toContain("survey");
  expect((await red.get<Answers>("/v1/answers")).answers.map((a) => a.decision)).toMatchObject([{ state: "refused", reason: "the third in an hour" }]);
  await page.context().close();
});

test("a planner sees the answers that wait, and is offered no button that the node refuses him", async ({ browser }) => {
  const page = await open(browser, nodes.red, "#/answers", { token: nodes.red.officer("planner of red", "planner") });
  await expect(page.locator(".answer", { hasText: "blue-q3" })).toBeVisible();
  await expect(main(page).getByRole("button")).toHaveCount(0);
  const now = page.locator(".now");
  await expect(now.locator(".alarm").first()).toBeVisible();
  for (const name of ["Take it", "Received", "Seen", "False alarm"]) await expect(now.getByRole("button", { name })).toHaveCount(0);
  const [conflict] = (await nodes.red.get<{ conflicts: { id: string; b: { notice: string } }[] }>("/v1/conflicts")).conflicts.filter((c) => c.b.notice === "blue-q2");
  await page.goto(`${nodes.red.url}/console/#/conflict/${conflict?.id}`);
  await expect(main(page).getByRole("button", { name: "Ways apart" })).toBeVisible();
  for (const name of ["Take it", "Settle: joint"]) await expect(main(page).getByRole("button", { name })).toHaveCount(0);
  await page.context().close();
});

const rows = "id,name,lat,lon,radius_m,type,contact\nclinic-1,Clinic,35.2,36.9,200,hospital,+15550100\nclinic-2,School,35.3,36.9,200,school,+15550100\nclinic-3,Camp,35.4,,200,camp,+15550100\n";

test("a list of sites comes from a file, is received, confirmed, and what was removed stands apart", async ({ browser }) => {
  const { red, blue } = nodes;
  const page = await open(browser, red, "#/sites");
  const list = page.locator(".proposal", { hasText: "own sites" });
  await expect(list).toContainText("Nothing on this list.");
  await main(page).getByText("A list of sites of red from a file").click();
  await main(page).getByLabel("The file, CSV or GeoJSON").setInputFiles({ name: "list.csv", mimeType: "text/csv", buffer: Buffer.from(rows) });
  await main(page).getByRole("button", { name: "Check it" }).click();
  await expect(main(page)).toContainText("Checked, and not filed.");
  await expect(main(page).locator("li.refused")).toContainText("clinic-3");
  expect((await red.get<{ lists: { sites: unknown[] }[] }>("/v1/sites?party=red")).lists[0]?.sites).toEqual([]);
  await page.reload(); // the file is still there
  await expect(main(page)).toContainText("list.csv");
  await main(page).getByRole("button", { name: "Import it" }).click();
  await expect(list).toContainText("clinic-2");
  await expect(main(page).locator("li.refused")).toContainText("missing");

  const there = await open(browser, blue, "#/sites");
  const theirs = there.locator(".proposal", { hasText: "sites of the other party" });
  await expect(theirs).toContainText("clinic-2");
  await theirs.getByRole("button", { name: "I have received every change listed here" }).click();
  await expect(theirs).toContainText("Received that were not before: 2");
  await expect(theirs).toContainText("Received by desk of blue");
  await looked(there, "sites");
  await expect(list).toContainText("Received by desk of blue (supervisor)");

  await list.getByLabel("Remark (may be empty)").fill("seen on Monday");
  await list.getByRole("button", { name: "Confirm clinic-1" }).click();
  const again = list.locator("details", { hasText: "Confirmed again" });
  await again.locator("summary").click();
  await expect(again).toContainText("seen on Monday");
  await expect.poll(async () => JSON.stringify(await blue.get("/v1/sites?party=red&since=2020-01-01T00:00:00Z")), { timeout: 60_000 }).toContain("seen on Monday");
  await list.getByRole("button", { name: "Confirm all that are due" }).click();
  await expect(list.locator(".outcome")).not.toBeEmpty();

  const gone = rows.split("\n").slice(0, 2).join("\n") + "\n";
  await main(page).getByLabel("The file, CSV or GeoJSON").setInputFiles({ name: "second.csv", mimeType: "text/csv", buffer: Buffer.from(gone) });
  await main(page).getByLabel("Remove own sites that no row names").check();
  await main(page).getByLabel("Reason").fill("closed");
  await main(page).getByRole("button", { name: "Import it" }).click();
  await expect(main(page).getByText("removal waits for a second officer").first()).toBeVisible();
  await looked(page, "sites-own");
  const second = red.officer("second of red", "supervisor");
  const { releases } = await red.get<{ releases: { id: string }[] }>("/v1/releases");
  for (const r of releases) {
    const answer = await fetch(`${red.url}/v1/releases/${r.id}/give`, { method: "POST", headers: { Authorization: `Bearer ${second}` } });
    expect(answer.status, await answer.text()).toBe(200);
  }
  await expect(theirs.locator("details", { hasText: "Removed" })).toContainText("clinic-2");
  await expect(theirs.locator("ul").first()).not.toContainText("clinic-2");
  await page.context().close();
  await there.context().close();
});

test("a marked copy is listed, and a list is laid to whom it was given", async ({ browser }) => {
  const { red } = nodes;
  red.run("site", "list", "--for", "the relief office", "--level", "alert", "--out", join(red.home, "copy.geojson"));
  const page = await open(browser, red, "#/sites");
  await main(page).getByText("Marked copies that were given").click();
  await expect(main(page)).toContainText("the relief office");
  await main(page).getByLabel("Whose copy was a list made from? (a file)").setInputFiles({ name: "found.csv", mimeType: "text/csv", buffer: Buffer.from("35.2,36.9\n") });
  await expect(main(page)).toContainText("Its marks speak clearly for no copy.");
  await page.context().close();
  const planner = await open(browser, red, "#/sites", { token: red.officer("other planner of red", "planner") });
  await expect(planner.locator(".proposal", { hasText: "own sites" })).toBeVisible();
  await expect(main(planner).getByText("Marked copies that were given")).toHaveCount(0);
  await planner.context().close();
});

type Heard = { spoken: { way: string; state?: string; held_as?: string; other: string; answer?: string; notice?: string; closed?: object }[] };

test("what passed by telephone is entered late at both desks, and closed", async ({ browser }) => {
  const { red, blue } = nodes;
  blue.file("blue-said", "area", circle(37.2, 33.41), 300, 420, { radius_m: 4000 });
  const { line } = await blue.get<{ line: string }>("/v1/notices/blue-said?party=blue");
  const here = await open(browser, blue, `#/notice/${encodeURIComponent(`${line}/blue/blue-said`)}`);
  await main(here).getByText("It was passed by voice: enter it").click();
  const enter = main(here).getByRole("button", { name: "Enter that it was passed" });
  await expect(enter).toBeDisabled();
  const earlier = new Date(Date.now() - 5 * 60_000).toISOString().slice(0, 16);
  await main(here).getByLabel("When you spoke (UTC)").fill(earlier);
  await main(here).getByLabel("Who there heard it").fill("watch of red");
  await main(here).getByLabel("the same").check();
  await enter.click();
  await expect(main(here).locator(".ladder")).toContainText("passed by voice");
  await expect.poll(async () => JSON.stringify((await red.get<{ ladder: object[] }>("/v1/notices/blue-said?party=blue")).ladder), { timeout: 60_000 }).toContain("passed by voice");

  // A hold, with what was said to it.
  blue.run("line", "hold", "people of ours on the road");
  const { calls } = await blue.get<{ calls: { entry: string; type: string }[] }>("/v1/calls");
  const hold = calls.find((c) => c.type === "hold")?.entry ?? "";
  await here.goto(`${blue.url}/console/#/call/${encodeURIComponent(hold)}`);
  await main(here).getByText("It was passed by voice: enter it").click();
  await main(here).getByLabel("When you spoke (UTC)").fill(new Date().toISOString().slice(0, 16));
  await main(here).getByLabel("Who there heard it").fill("watch of red");
  await main(here).getByLabel("the same").check();
  await main(here).getByLabel("What was said to it").selectOption("holding");
  await main(here).getByRole("button", { name: "Enter that it was passed" }).click();
  await expect(main(here).locator(".passed")).toContainText("watch of red");

  // Red enters what nothing fits.
  const page = await open(browser, red, "#/voice");
  const heardText = (check: string) => {
    const at = (minutes: number) => { const x = new Date(Date.now() + minutes * 60_000); return `day ${x.getUTCDate()}, time ${x.toISOString().slice(11, 13)}${x.toISOString().slice(14, 16)} ZULU`; };
    return `kind: area, air\nnotice: blue-far\nversion: 1\nposition 1: 33 24.600 N 038 57.000 E${check}\nradius: 4000 m\nfrom: ${at(60 * 24)}\nuntil: ${at(60 * 25)}\nwho speaks: watch of blue\n`;
  };
  const text = main(page).getByLabel("As it was written down, a line for each field, with its check group");
  await text.fill(heardText(", check whiskey papa lima"));
  await main(page).getByLabel("When you spoke (UTC)").fill(earlier);
  await main(page).getByRole("button", { name: "Enter it" }).click();
  await expect(main(page)).toContainText("says not what you read");
  await page.reload();
  await expect(text).toHaveValue(/whiskey papa lima/);
  await text.fill(heardText(""));
  await main(page).getByRole("button", { name: "Enter it" }).click();
  await expect(main(page)).toContainText("Held as theirs, known by voice alone.");
  const box = page.locator(".spoken.open");
  await expect(box).toContainText("watch of blue");
  await looked(page, "voice");
  const alarm = page.locator(".alarm", { hasText: "heard by voice" });
  await page.goto(`${red.url}/console/#/line`);
  await alarm.getByRole("link", { name: "Open" }).first().click();
  await expect.poll(async () => (await blue.get<Heard>("/v1/voice")).spoken.find((s) => s.way === "heard")?.held_as, { timeout: 60_000 }).toMatch(/^voice-/);

  // Whoever did not hear it cannot close it; whoever did says why.
  await here.goto(`${blue.url}/console/#/voice`);
  await expect(here.locator(".spoken.open")).toContainText("watch of blue");
  await expect(here.locator(".spoken.open").getByRole("button", { name: "Close it" })).toHaveCount(0);
  await box.getByLabel("Reason").fill("it was another desk");
  await box.getByRole("button", { name: "Close it" }).click();
  await expect(box).toHaveCount(0);
  await expect(main(page)).toContainText("it was another desk");
  await expect.poll(async () => (await blue.get<Heard>("/v1/voice?open=true")).spoken, { timeout: 60_000 }).toEqual([]);
  expect((await red.get<Heard>("/v1/voice")).spoken.find((s) => s.way === "passed" && s.answer)).toMatchObject({ answer: "holding", other: "watch of red" });
  await page.context().close();
  await here.context().close();
});

type Channels = { channels: { name: string; delivered_at?: string; failed_at?: string }[] };

test("each channel of alerts says how it stands, and its test how it went", async ({ browser }) => {
  const { red, blue } = nodes;
  const page = await open(browser, red, "#/desk");
  const channel = (name: string) => page.locator(".channel", { has: page.getByRole("heading", { name }) });
  await channel("pager").getByRole("button", { name: "Send a test over pager" }).click();
  await expect(channel("pager").locator(".outcome")).toHaveText("The test was delivered.");
  await channel("broken").getByRole("button", { name: "Send a test over broken" }).click();
  await expect(channel("broken").locator(".outcome")).toContainText("The test was not delivered:");
  await expect.poll(async () => (await red.get<Channels>("/v1/alerts")).channels.find((c) => c.name === "broken")?.failed_at, { timeout: 60_000 }).toBeTruthy(); // of the alarms before
  await page.reload();
  await expect(channel("broken")).toContainText("Last failed");
  await channel("broken").scrollIntoViewIfNeeded();
  await looked(page, "channels");
  await page.context().close();
  const planner = await open(browser, red, "#/desk", { token: red.officer("third planner of red", "planner") });
  await expect(planner.locator(".channel")).toHaveCount(2);
  await expect(planner.locator(".channel").getByRole("button")).toHaveCount(0);
  await planner.context().close();
  const there = await open(browser, blue, "#/desk");
  await expect(main(there)).toContainText("There is none: alarms reach the console alone.");
  await there.context().close();
});

test("the log has what both said and when it was delivered, and the audit log who was shown it", async ({ browser }) => {
  const { red } = nodes;
  const page = await open(browser, red, "#/record");
  await main(page).getByRole("link", { name: "Log of both transcripts" }).click();
  const { entries } = await red.get<{ entries: { party: string; delivered: string | null }[] }>("/v1/log?limit=100");
  const row = main(page).locator(".log li");
  await expect(row).toHaveCount(entries.length);
  await expect(row.filter({ hasText: "blue-said" }).first()).toContainText("notice");
  await expect(row.filter({ hasText: "blue-said" }).first()).toContainText("Delivered");
  await row.filter({ hasText: "red-hidden" }).first().getByText(/^Fields/).click();
  await expect(row.filter({ hasText: "red-hidden" }).first()).toContainText("(not told to the other)");
  await looked(page, "log");
  await main(page).getByLabel("Party").selectOption("blue");
  await expect(row).toHaveCount(entries.filter((e) => e.party === "blue").length);

  await main(page).getByRole("link", { name: "Audit log" }).click();
  await expect(row.first()).toContainText("/v1/");
  await main(page).getByLabel("Of this officer alone").fill("planner of red");
  await main(page).getByLabel("Of this officer alone").press("Enter");
  await expect(row.first()).toContainText("planner of red (planner)");
  await looked(page, "audit");
  await page.context().close();

  const planner = await open(browser, red, "#/log", { token: red.officer("last planner of red", "planner") });
  await expect(main(planner).locator(".log li").first()).toBeVisible();
  await expect(main(planner).getByRole("link", { name: "Audit log" })).toHaveCount(0);
  await planner.context().close();
});
