// Two officers at two consoles, each at the own node: a conflict is filed, seen, taken and worked out; a
// hold is called and answered; a node is killed under the open page.
import AxeBuilder from "@axe-core/playwright";
import { expect, test, type Page } from "@playwright/test";
import { open, pair, type Pair } from "./nodes";

let nodes: Pair;
test.beforeAll(async () => {
  nodes = await pair();
});
test.afterAll(() => nodes.end());

const shots = "test-results/shots";
const dark = { colorScheme: "dark" } as const;

test("a conflict is seen at both desks and worked out", async ({ browser }) => {
  const red = await open(browser, nodes.red);
  const blue = await open(browser, nodes.blue, "", dark);
  nodes.red.file("red-1", "flight", { type: "LineString", coordinates: [[35.9, 35.6], [36.4, 35.4]] }, 120, 180, { half_width_m: 5000, title: "survey" });

  await test.step("blue sees what it owes before it is late, receives it, and owes the next step", async () => {
    const owes = blue.locator(".owes", { hasText: "red-1" });
    await expect(owes).toContainText("owed here: received by an officer");
    await owes.getByRole("button", { name: "I have received it" }).click();
    await expect(owes).toContainText("owed here: read back");
  });

  await test.step("blue types a plan, checks it and files it", async () => {
    await blue.getByRole("link", { name: "File a notice" }).click();
    await blue.getByLabel("Id", { exact: true }).fill("blue-1");
    const at = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString().slice(0, 16);
    await blue.getByLabel("From (UTC)").fill(at(130));
    await blue.getByLabel("Until (UTC)").fill(at(170));
    await blue.getByLabel("Positions, a line each: latitude longitude").fill("35.5 36.1");
    await blue.getByLabel("Radius, metres").fill("9000");
    await expect(blue.locator(".would")).toContainText("blue-1 (blue) and red-1 (red)");
    await blue.getByRole("button", { name: "Check it" }).click();
    await expect(blue.locator(".echo")).toContainText("35.50000 N 36.10000 E");
    await expect(blue.locator(".would")).toContainText("red-1");
    await expect(red.locator(".alarm", { hasText: "blue-1" })).toHaveCount(0);
    await blue.screenshot({ path: `${shots}/file-night.png` });
    await blue.getByRole("button", { name: "File it" }).click();
    await expect(blue.getByText("Filed blue-1.")).toBeVisible();
  });

  const conflict = red.locator(".alarm", { hasText: "do not keep their separation" });
  await expect(conflict).toBeVisible();
  await expect(blue.locator(".alarm", { hasText: "do not keep their separation" })).toBeVisible();

  await test.step("red takes it and proposes a way apart", async () => {
    await conflict.getByRole("link", { name: "Open" }).click();
    await red.getByRole("main").getByRole("button", { name: "Take it" }).click();
    await expect(red.getByText("desk of red (supervisor)")).toBeVisible();
    await red.getByRole("button", { name: "Ways apart" }).click();
    await expect(red.locator(".ways li").first()).toContainText(/(later|earlier|aside|up|down) by/);
    await red.screenshot({ path: `${shots}/conflict-day.png` });
    await red.locator(".ways li", { hasText: "blue" }).first().getByRole("button", { name: "Propose this" }).click();
    await expect(red.locator(".proposal")).toContainText("not answered");
  });

  await test.step("blue accepts it, and the two are apart", async () => {
    await blue.locator(".alarm", { hasText: "proposes that" }).getByRole("link", { name: "Open" }).first().click();
    await blue.getByRole("button", { name: "Accept", exact: true }).click();
    await expect(red.getByRole("heading", { name: /Conflict: apart/ })).toBeVisible();
    await red.screenshot({ path: `${shots}/apart-day.png` });
  });
  await red.context().close();
  await blue.context().close();
});

test("the past is shown as the node knew it", async ({ browser }) => {
  const page = await open(browser, nodes.red);
  await expect(page.locator(".profile .bar")).not.toHaveCount(0);
  await page.getByLabel("Moment shown").focus();
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("ArrowLeft");
  await expect(page.getByText("The past, as this node knew it")).toBeVisible();
  await expect(page.locator(".profile .bar")).toHaveCount(0);
  await page.getByRole("button", { name: "Now", exact: true }).click();
  await expect(page.locator(".profile .bar")).not.toHaveCount(0);
  await page.context().close();
});

test("a hold is heard at once and answered", async ({ browser }) => {
  const red = await open(browser, nodes.red);
  const blue = await open(browser, nodes.blue);
  await red.getByRole("link", { name: "Call: stop and call (hold)" }).click();
  await red.getByLabel("Words").fill("people on the road at 35.41 N 35.95 E");
  await red.getByRole("button", { name: "Say it" }).click();
  const hold = blue.locator(".alarm.level-1", { hasText: "people on the road" });
  await expect(hold).toBeVisible();
  await expect(blue).toHaveTitle(/^⚠ /);
  await blue.screenshot({ path: `${shots}/hold-day.png` });
  await hold.getByRole("link", { name: "Open" }).click();
  await blue.getByRole("button", { name: "Holding", exact: true }).click();
  await expect(red.getByRole("main")).toContainText("holding");
  await red.getByRole("button", { name: "Lift the hold" }).click();
  await expect(blue.getByRole("main")).toContainText("lifted");
  await red.context().close();
  await blue.context().close();
});

/** pure fails on what axe finds serious in the page beside the map. */
async function pure(page: Page): Promise<void> {
  const found = await new AxeBuilder({ page }).include("main").withTags(["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]).analyze();
  const bad = found.violations.filter((v) => v.impact === "serious" || v.impact === "critical");
  expect(bad.map((v) => `${v.id}: ${v.nodes.map((n) => n.html).join(" | ")}`)).toEqual([]);
}

test("both sides look back on an incident, and the page verifies it", async ({ browser }) => {
  const red = await open(browser, nodes.red);
  const blue = await open(browser, nodes.blue, "", dark);
  const day = new Date().toISOString().slice(0, 10);
  nodes.red.file("red-back", "area", { type: "Point", coordinates: [35.2, 34.6] }, 120, 180, { radius_m: 1000 });
  await red.getByRole("link", { name: /^The record/ }).click();
  await red.getByText("Open an incident or a joint team").click();
  await red.getByLabel("Words for people").fill("two plans over one valley");
  await red.getByLabel("From (UTC)").fill(`${day}T00:00`);
  await red.getByLabel("Until (UTC)").fill(`${day}T23:59`);
  await red.getByLabel("Notices, by id").fill("red-back");
  await red.getByRole("button", { name: "Open the incident" }).click();
  await expect(red.getByRole("heading", { name: /Incident: two plans/ })).toBeVisible();
  const add = red.locator("summary", { hasText: "Add to the timeline" });
  await add.click();
  await red.getByLabel("What happened").fill("the survey was told");
  await red.getByLabel("When (UTC)").fill(`${day}T00:01`);
  await red.getByRole("button", { name: "Add to the timeline" }).click();
  await expect(red.locator(".word")).toContainText("one side’s word");

  await blue.locator(".alarm", { hasText: "two plans over one valley" }).getByRole("link", { name: "Open" }).click();
  await blue.locator(".word").getByLabel("Our own version").fill("it was told later");
  await blue.getByRole("button", { name: "Dispute it" }).click();
  await expect(red.locator(".word")).toContainText("it was told later");
  await expect(red.locator(".word")).toContainText("disputed");
  await blue.getByRole("button", { name: "We agree" }).click();
  await expect(red.locator(".word.standing-agreed")).toBeVisible();
  await blue.screenshot({ path: `${shots}/incident-night.png` });

  await red.getByRole("button", { name: "Verify it here" }).click();
  await expect(red.locator(".verdict")).toContainText("consistent; signers not identified", { timeout: 60_000 });
  await red.locator(".verdict summary").click();
  await expect(red.locator(".verdict .rows")).toContainText("incident");
  await red.locator(".verdict").scrollIntoViewIfNeeded();
  await red.screenshot({ path: `${shots}/verify-day.png` });
  await pure(red);
  await red.context().close();
  await blue.context().close();
});

test("the watch is handed over, and a second officer releases", async ({ browser }) => {
  const red = await open(browser, nodes.red);
  const second = await open(browser, nodes.red, "", { token: nodes.red.officer("second of red", "supervisor") });
  await red.getByRole("link", { name: /^The desk/ }).click();
  await red.getByRole("button", { name: "Take the watch" }).click();
  await red.getByLabel("To (name of the officer)").fill("second of red");
  await red.getByRole("button", { name: "Hand the watch over" }).click();
  await expect(red.getByText("Open and handed over with it")).toBeVisible();
  await second.getByRole("link", { name: /^The desk/ }).click();
  await second.screenshot({ path: `${shots}/handover-day.png` });
  await second.getByRole("button", { name: "Accept the watch" }).click();
  await expect(red.getByRole("button", { name: "Hand the watch over" })).toHaveCount(0);
  await expect(second.getByRole("button", { name: "Hand the watch over" })).toBeVisible();

  nodes.red.file("red-2", "flight", { type: "Point", coordinates: [37.5, 36.5] }, 300, 360, { radius_m: 2000 });
  await red.goto(`${nodes.red.url}/console/#/notices`);
  await red.getByRole("link", { name: "red-2", exact: true }).click();
  await red.getByRole("main").getByLabel("Reason").fill("not needed");
  await red.getByRole("button", { name: "Cancel it" }).click();
  await expect(red.locator(".alarm", { hasText: "red-2" })).toBeVisible();
  const waits = second.locator(".proposal", { hasText: "red-2" });
  await expect(waits).toBeVisible();
  await second.screenshot({ path: `${shots}/release-day.png` });
  await pure(second);
  await waits.getByRole("button", { name: "Release it" }).click();
  await expect(red.getByRole("main")).toContainText("cancelled");

  await test.step("a statement is put on the line and refused", async () => {
    const about = ["--title", "The valley", "--text", "en=Both fly there by turns.", "-o"];
    nodes.red.run("statement", "draft", ...about, "valley.json");
    nodes.red.run("statement", "sign", "valley.json", "-o", "valley.note");
    await second.getByRole("link", { name: /^The record/ }).click();
    await second.getByLabel("Put a signed file on the line").setInputFiles(`${nodes.red.home}/valley.note`);
    await red.getByRole("link", { name: "The desk (1)" }).click();
    await red.getByRole("button", { name: "Release it" }).click();
    const blue = await open(browser, nodes.blue, "", dark);
    await blue.getByRole("link", { name: "The record (1)" }).click();
    await blue.getByRole("link", { name: "The valley" }).click();
    await expect(blue.getByRole("main")).toContainText("parley statement agree");
    await blue.screenshot({ path: `${shots}/statement-night.png` });
    await blue.getByLabel("Reason").fill("the text is not ours");
    await blue.getByRole("button", { name: "Refuse" }).click();
    await expect(blue.getByRole("heading", { name: /The valley refused/ })).toBeVisible();
    await pure(blue);
    await blue.context().close();
  });
  await red.context().close();
  await second.context().close();
});

test("the line page: charts, files without a network, suspension, and the page for the telephone", async ({ browser }) => {
  const red = await open(browser, nodes.red);
  const blue = await open(browser, nodes.blue);
  nodes.red.file("red-voice", "area", { type: "Point", coordinates: [35.2, 34.8] }, 120, 180, { radius_m: 1000 });
  for (const page of [red, blue]) await page.getByRole("link", { name: "The line", exact: true }).click();
  await expect(red.locator(".chart canvas")).toHaveCount(5);
  await red.locator(".charts").scrollIntoViewIfNeeded();
  await red.screenshot({ path: `${shots}/line-day.png` });
  const [download] = await Promise.all([red.waitForEvent("download"), red.getByRole("button", { name: "Write files for the other party" }).click()]);
  await blue.getByLabel("Read files of the other party").setInputFiles(await download.path());
  await expect(blue.getByText("nothing new")).toBeVisible();
  await pure(red);

  await red.getByRole("main").getByLabel("Reason").fill("an order");
  await red.getByRole("button", { name: "Suspend the line" }).click();
  await expect(blue.locator(".topbar")).toContainText("line suspended");
  await red.getByRole("main").getByLabel("Reason").fill("withdrawn");
  await red.getByRole("button", { name: "Resume the line" }).click();
  await expect(blue.locator(".topbar")).toContainText("line up");

  await red.goto(`${nodes.red.url}/console/#/notices`);
  await red.getByRole("link", { name: "red-voice", exact: true }).click();
  await red.locator("summary", { hasText: "By telephone" }).click();
  await red.getByRole("button", { name: "Make the page" }).click();
  await expect(red.locator(".voicepage")).toContainText("red-voice");
  await red.emulateMedia({ media: "print" });
  await expect(red.locator(".topbar")).toBeHidden();
  await expect(red.locator(".ladder")).toBeHidden();
  await red.screenshot({ path: `${shots}/voice-print.png`, fullPage: true });
  await red.context().close();
  await blue.context().close();
});

test("the page says when its node is gone, keeps the draft, and comes back", async ({ browser }) => {
  const page = await open(browser, nodes.blue);
  await page.getByRole("link", { name: "File a notice" }).click();
  await page.getByLabel("Words for people").fill("half written");
  await page.evaluate(() => (location.hash = "#/call"));
  await page.getByLabel("Words").fill("typed before");
  await nodes.blue.kill();
  await expect(page.locator(".notlive")).toContainText("NOT LIVE");
  await page.getByLabel("Words").fill("typed before, and while the node was gone");
  await page.getByRole("button", { name: "Say it" }).click();
  await expect(page.locator(".outcome.bad")).toBeVisible();
  await page.evaluate(() => (location.hash = "#/file"));
  await page.screenshot({ path: `${shots}/not-live.png` });
  await page.context().setOffline(true); // until the node has what it missed
  nodes.red.file("red-meanwhile", "area", { type: "Point", coordinates: [35.2, 34.2] }, 90, 200, { radius_m: 2000 });
  nodes.blue.serve();
  nodes.blue.run("line", "status", "--up", "--wait", "60s");
  await expect.poll(() => nodes.blue.run("notice", "list")).toContain("red-meanwhile");
  await page.context().setOffline(false);
  await expect(page.locator(".notlive")).toHaveCount(0, { timeout: 30_000 });
  const meanwhile = page.locator(".meanwhile");
  await expect(meanwhile).toContainText("red: red-meanwhile");
  await page.screenshot({ path: `${shots}/meanwhile.png` });
  await meanwhile.getByRole("button", { name: "Seen" }).click();
  await expect(meanwhile).toHaveCount(0);
  await page.reload();
  await expect(page.getByLabel("Words for people")).toHaveValue("half written");
  await page.goto(`${nodes.blue.url}/console/#/call`);
  await expect(page.getByLabel("Words")).toHaveValue("typed before, and while the node was gone");
  await page.context().close();
});
