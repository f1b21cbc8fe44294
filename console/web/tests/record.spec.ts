// What is not done yet, what is said anew, and keys that are replaced: the page says how each stands.
import { expect, test } from "@playwright/test";
import { keysOf } from "../src/live/keys";
import { open, pair, type Desk, type Pair } from "./nodes";

let nodes: Pair;
test.beforeAll(async () => {
  nodes = await pair();
});
test.afterAll(() => nodes.end());

/** release lets a second officer of a desk release all that waits. */
async function release(d: Desk, token: string): Promise<void> {
  const { releases } = await d.get<{ releases: { id: string }[] }>("/v1/releases");
  expect(releases.length).toBeGreaterThan(0);
  for (const r of releases) {
    const answer = await fetch(`${d.url}/v1/releases/${r.id}/give`, { method: "POST", headers: { Authorization: `Bearer ${token}` } });
    expect(answer.status, await answer.text()).toBe(200);
  }
}

test("a cancel that waits for a second officer is not said to be done", async ({ browser }) => {
  nodes.red.file("red-1", "area", { type: "Point", coordinates: [36.4, 34.4] }, 300, 360, { radius_m: 3000 });
  const { line } = await nodes.red.get<{ line: string }>("/v1/notices/red-1?party=red");
  const page = await open(browser, nodes.red, `#/notice/${encodeURIComponent(`${line}/red/red-1`)}`);
  await page.getByLabel("Reason").fill("not needed");
  await page.getByRole("button", { name: "Cancel it" }).click();
  const outcome = page.locator(".outcome.warn");
  await expect(outcome).toContainText("Not done, and not said on the line yet");
  await outcome.getByRole("link", { name: "The desk" }).click();
  await expect(page.locator(".proposal", { hasText: "red-1" })).toContainText("Another officer releases what you prepared.");
  await page.context().close();
});

test("an item, a finding and an undertaking are said anew, and an undertaking reminds when it is told to", async ({ browser }) => {
  const day = new Date().toISOString().slice(0, 10);
  nodes.red.run("incident", "open", "two plans over one valley", "--from", `${day}T00:00:00Z`, "--until", `${day}T23:59:59Z`);
  const { incidents } = await nodes.red.get<{ incidents: { entry: string }[] }>("/v1/incidents");
  const page = await open(browser, nodes.red, `#/review/${encodeURIComponent(incidents[0]?.entry ?? "")}`);
  const word = page.locator(".word");

  await page.getByText("Add to the timeline").click();
  await page.getByLabel("What happened").fill("the survey was told");
  await page.getByLabel("When (UTC)").fill(`${day}T00:00`);
  await page.getByRole("button", { name: "Add to the timeline" }).click();
  await expect(word).toContainText("the survey was told");
  await word.getByText("Say it anew").click();
  await expect(word.getByLabel("What happened")).toHaveValue("the survey was told");
  await word.getByLabel("What happened").fill("the survey was told to blue");
  await word.getByRole("button", { name: "Say it anew" }).click();
  await expect(word.locator(".saying")).toHaveText("the survey was told to blue");
  await word.getByText("Other versions: 1").click();
  await expect(word).toContainText("the survey was told");

  const due = new Date(Date.now() + 72 * 3_600_000).toISOString().slice(0, 16);
  const remind = new Date(Date.now() + 24 * 3_600_000).toISOString().slice(0, 16);
  await page.getByText("Say who does what by when").click();
  await page.getByLabel("What is to be done").fill("look at the times");
  await page.getByLabel("Who there").fill("the chief of the desk");
  await page.getByLabel("By (UTC)").fill(due);
  await page.getByLabel(/^Remind both desks from/).fill(remind);
  await page.getByRole("button", { name: "Say who does what by when" }).click();
  await expect(word.filter({ hasText: "look at the times" })).toContainText("reminder from");
  const kept = await nodes.red.get<{ incidents: { undertakings: { remind: string }[] }[] }>("/v1/incidents");
  expect(kept.incidents[0]?.undertakings[0]?.remind.slice(0, 16)).toBe(remind);
  await page.screenshot({ path: "test-results/shots/anew-day.png", fullPage: true });
  await page.context().close();
});

test("a party key that is replaced waits for both officers, and the page says who compared it", async ({ browser }) => {
  const { red, blue } = nodes;
  red.run("key", "replace", "--plain-key", "-o", "next.json");
  const said = /^.*say: *(.*)$/m.exec(red.run("key", "list").split("\n").slice(1).join("\n"))?.[1] ?? "";
  red.run("agreement", "sign", "next.json", "-o", "next1.note");
  blue.run("agreement", "sign", "next1.note", "--heard", said, "-o", "next.note");
  red.run("agreement", "propose", "next.note");
  await release(red, red.officer("second of red", "supervisor"));

  const pages = [await open(browser, red, "#/line"), await open(browser, blue, "#/line")] as const;
  for (const [i, page] of pages.entries()) {
    const waits = page.locator(".proposal", { hasText: "Version 2 replaces the key of red" });
    await expect(waits).toContainText(i === 0 ? "Nobody compared it by voice yet." : "red: desk of red ↔ the supervisor of blue");
    await waits.getByLabel(/^Heard by voice/).fill("0000");
    await waits.getByLabel("With whom you spoke").fill(i === 0 ? "the supervisor of blue" : "the supervisor of red");
    await waits.getByRole("button", { name: "Enter what was heard" }).click();
    await expect(page.locator(".outcome.bad")).not.toBeEmpty();
    await waits.getByLabel(/^Heard by voice/).fill(said);
    await waits.getByRole("button", { name: "Enter what was heard" }).click();
    if (i === 0) await expect(waits).toContainText("red: desk of red ↔ the supervisor of blue");
    else await expect(waits).toHaveCount(0);
  }
  const [page] = pages;
  await expect(page.locator(".proposal", { hasText: "Version 2" })).toHaveCount(0);
  await page.getByText("Keys", { exact: true }).click();
  await expect(page.locator("table.keys").first().locator("tr", { hasText: "replaced" })).toHaveCount(1);
  await page.locator("table.keys").first().scrollIntoViewIfNeeded();
  await page.screenshot({ path: "test-results/shots/keys-day.png" });
  await Promise.all(pages.map((p) => p.context().close()));
});

test("the keys of a party are read from the versions of the agreement", () => {
  const note = (version: number, from: string, party: string, line: { key: string; from: string; revoked: string }[]) =>
    `parley/agreement/v1\n${JSON.stringify({ version, from, parties: [{ name: "red", party_key: party, line_keys: line, tls_keys: [] }] })}\n\n— red AAAA\n`;
  const was = { key: "l1", from: "", revoked: "" };
  const keys = keysOf("red", [note(1, "2026-01-01T00:00:00Z", "p1", [was]), note(2, "2026-02-01T00:00:00Z", "p2", [{ ...was, revoked: "2026-02-08T00:00:00Z" }, { key: "l2", from: "2026-02-01T00:00:00Z", revoked: "" }])]);
  expect(keys.map((k) => `${k.kind} ${k.key} ${k.from.slice(0, 10)} ${k.how} ${k.until.slice(0, 10)}`)).toEqual([
    "line l2 2026-02-01  ",
    "party p2 2026-02-01  ",
    "line l1 2026-01-01 revoked 2026-02-08",
    "party p1 2026-01-01 replaced 2026-02-01",
  ]);
  expect(keysOf("red", ["no note"])).toEqual([]);
});
