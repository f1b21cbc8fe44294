// By keyboard alone: no call of the mouse in this file, and no focus put anywhere by the test.
import { expect, test, type Page } from "@playwright/test";
import { typed } from "../src/live/typed";
import { open, pair, show, type Pair } from "./nodes";

let nodes: Pair;
test.beforeAll(async () => {
  nodes = await pair();
});
test.afterAll(() => nodes.end());

type Stop = { name: string; tag: string; frame: boolean; seen: boolean; at: string; /** It stands after the stop before. */ after: boolean };

/** stop says what has the focus, whether that is seen, and that it is not covered. */
function stop(page: Page): Promise<Stop> {
  return page.evaluate(() => {
    const x = document.activeElement as HTMLElement;
    const style = getComputedStyle(x);
    const r = x.getBoundingClientRect();
    const [cx, cy] = [(r.left + r.right) / 2, Math.min(r.bottom - 2, r.top + 12)];
    const top = document.elementFromPoint(cx, cy);
    // What has the focus can change what stands before it, as the rings of a notice do: the stops themselves are compared.
    const w = window as typeof window & { stops?: Element[] };
    const before = (w.stops ??= []).findLast((s) => s.isConnected && s !== x);
    w.stops.push(x);
    const label = x.getAttribute("aria-label") ?? (x as HTMLInputElement).labels?.[0]?.textContent ?? x.textContent ?? x.title;
    return {
      name: label.trim().replace(/\s+/g, " ").slice(0, 80),
      tag: x.tagName,
      frame: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
      seen: cx > 0 && cy > 0 && cx < innerWidth && cy < innerHeight && (x === top || x.contains(top)),
      at: x.tagName === "BODY" ? "" : [...document.querySelectorAll("*")].indexOf(x).toString(),
      after: !before || Boolean(before.compareDocumentPosition(x) & Node.DOCUMENT_POSITION_FOLLOWING),
    };
  });
}

/** tab goes on with the key of the tabulator until something has the focus. */
async function tab(page: Page, to: RegExp | string, key = "Tab"): Promise<void> {
  const names: string[] = [];
  for (let i = 0; i < 150; i++) {
    await page.keyboard.press(key);
    const s = await stop(page);
    names.push(s.name);
    if (typeof to === "string" ? s.name === to : to.test(s.name)) return;
  }
  throw new Error(`${to} is not reached: ${names.join(" | ")}`);
}

const focused = async (page: Page) => (await stop(page)).name;

/** moment is a time as officers type it: day, hour and minute. */
const moment = (minutes: number) => {
  const iso = new Date(Date.now() + minutes * 60_000).toISOString();
  return iso.slice(8, 10) + iso.slice(11, 13) + iso.slice(14, 16) + "Z";
};

async function file(page: Page, id: string, from: number, to: number): Promise<void> {
  await tab(page, "File a notice");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("main")).toBeFocused();
  await tab(page, "Id");
  await page.keyboard.type(id);
  for (const [field, minutes] of [["From (UTC)", from], ["Until (UTC)", to]] as const) {
    await tab(page, field);
    await page.keyboard.type(moment(minutes));
  }
  await tab(page, /^Positions/);
  await page.keyboard.type("35.5 36.1");
  await tab(page, "Radius, metres");
  await page.keyboard.type("9000");
  await tab(page, "File it");
  await page.keyboard.press("Enter");
  await expect(page.getByText(`Filed ${id}.`)).toBeVisible();
  expect(await focused(page)).toBe("File it");
}

test("a plan is filed, acknowledged, and a conflict settled at both desks", async ({ browser }) => {
  const red = await open(browser, nodes.red);
  const blue = await open(browser, nodes.blue);
  await file(red, "red-k", 90, 150);
  await test.step("the page is closed, and the focus is back where it was", async () => {
    await red.keyboard.press("Escape");
    await expect(red.getByRole("main")).toHaveCount(0);
    expect(await focused(red)).toBe("File a notice");
  });
  await file(blue, "blue-k", 100, 140);
  await blue.keyboard.press("Escape");

  await test.step("red goes to its list at once, sees what is unseen, and stays at its place in the list", async () => {
    await expect(red.locator(".alarm", { hasText: "do not keep their separation" })).toBeVisible();
    await red.reload();
    await expect(red.locator(".alarm", { hasText: "do not keep their separation" })).toBeVisible();
    await red.keyboard.press("Tab");
    expect(await focused(red)).toBe("Skip to what needs me now");
    await red.keyboard.press("Enter");
    await expect(red.locator("#now-title")).toBeFocused();
    const before = await red.locator(".alarm:not(.seen)").count();
    await tab(red, "Seen");
    await red.keyboard.press("Enter");
    await expect(red.locator(".alarm.seen")).toHaveCount(1);
    expect(await red.locator(".alarm:not(.seen)").count()).toBe(before - 1);
    await expect(red.locator(".now ol > li").first()).toBeFocused();
  });

  await test.step("red opens the conflict, takes it, and proposes a way apart", async () => {
    while (!(await red.evaluate(() => document.activeElement?.closest(".alarm")?.textContent?.includes("do not keep their separation")))) await tab(red, "Open");
    if ((await focused(red)) !== "Open") await tab(red, "Open");
    await red.keyboard.press("Enter");
    await expect(red.getByRole("main")).toBeFocused();
    await tab(red, "Take it");
    await red.keyboard.press("Enter");
    await expect(red.getByRole("main").getByRole("button", { name: "Take it" })).toHaveCount(0);
    expect(await red.evaluate(() => Boolean(document.activeElement?.closest("main")))).toBe(true);
    await tab(red, "Ways apart");
    await red.keyboard.press("Enter");
    await expect(red.locator(".ways li").first()).toBeVisible();
    expect(await focused(red)).toBe("Ways apart");
    await expect(red.locator(".ways button[aria-disabled=true]")).toHaveCount(0); // a button that says it is off takes no key
    await tab(red, "Propose this");
    await red.keyboard.press("Enter");
    await expect(red.locator(".proposal")).toContainText("not answered");
  });

  await test.step("both settle it as joint", async () => {
    for (const page of [red, blue]) {
      if (page === blue) {
        await expect(blue.locator(".alarm", { hasText: "proposes that" }).first()).toBeVisible();
        await blue.keyboard.press("Control+k");
        await blue.keyboard.type("⚡ red-k");
        await blue.keyboard.press("Enter");
        await expect(blue.getByRole("main")).toBeFocused();
      }
      await tab(page, /^Reason/);
      while (!(await page.evaluate(() => document.activeElement?.closest("form")?.textContent?.includes("Settle: joint")))) await tab(page, /^Reason/);
      await page.keyboard.type("one crew flies both");
      await page.keyboard.press("Enter");
      await expect(page.getByRole("main")).toContainText("one crew flies both");
      expect(await page.evaluate(() => document.activeElement?.tagName)).not.toBe("BODY");
    }
    await expect(red.getByRole("heading", { name: /Conflict: joint/ })).toBeVisible();
  });
  await red.close();
  await blue.close();
});

test("times are read as officers type them", () => {
  const after = Date.UTC(2026, 0, 30, 17, 30);
  for (const [text, want] of [
    ["1730", "2026-01-30T17:30"], ["17:30Z", "2026-01-30T17:30"], ["1630z", "2026-01-30T16:30"], ["1629", "2026-01-31T16:29"], ["0005", "2026-01-31T00:05"],
    ["311200", "2026-01-31T12:00"], ["29 1200", "2026-03-29T12:00"], ["301200Z", "2026-03-30T12:00"],
    ["2026-11-30 17:30Z", "2026-11-30T17:30"], ["2026-11-30T1730", "2026-11-30T17:30"],
    ["2026-02-30 10:00", ""], ["2460", ""], ["17", ""], ["noon", ""], ["", ""], ["32 1200", ""],
  ] as const) expect(typed(text, after), text).toBe(want);
  for (const [text, want] of [["1730", "2026-01-30T17:30"], ["1731", "2026-01-29T17:31"], ["051200", "2026-01-05T12:00"], ["02 1800", "2026-01-02T18:00"]] as const) {
    expect(typed(text, after, true), text).toBe(want);
  }
});

test("what goes with the focus on it gives that up before any other key is taken", async ({ page }) => {
  await show(page, nodes.red, "#/file");
  const went = await page.evaluate(async () => {
    const button = document.createElement("button");
    document.querySelector("main article")?.prepend(button);
    button.focus();
    await new Promise((done) => setTimeout(done));
    const had = document.activeElement === button;
    button.remove();
    await null; // no key, no frame, no other task comes between
    return had && document.activeElement?.closest("main") !== null;
  });
  expect(went).toBe(true);
});

test("the palette gives the focus back", async ({ page }) => {
  await show(page, nodes.red);
  await tab(page, "Calls");
  await page.keyboard.press("Control+k");
  expect(await focused(page)).toMatch(/^Go to/);
  await page.keyboard.press("Escape");
  expect(await focused(page)).toBe("Calls");
});

for (const hash of ["", "#/file", "#/notices", "#/calls", "#/call", "#/line", "#/desk", "#/record", "#/answers", "#/sites", "#/voice", "#/log", "#/audit"]) {
  test(`every stop is seen and none holds the keyboard: ${hash || "the map"}`, async ({ page }) => {
    await show(page, nodes.red, hash);
    await page.waitForTimeout(400);
    const wrong: string[] = [];
    const order: string[] = [];
    let around = false;
    for (let i = 0; i < 150 && !around; i++) {
      await page.keyboard.press("Tab");
      const s = await stop(page);
      around = s.at === "" || s.at === order[0];
      if (around) break;
      if (!s.after) wrong.push(`out of order: ${s.tag} ${s.name}`);
      order.push(s.at);
      if (!s.frame) wrong.push(`no frame: ${s.tag} ${s.name}`);
      if (!s.seen) wrong.push(`not seen: ${s.tag} ${s.name}`);
    }
    expect(wrong).toEqual([]);
    expect(around, "the keyboard comes round").toBe(true);
    await page.keyboard.press("Shift+Tab");
    await page.keyboard.press("Shift+Tab");
    expect((await stop(page)).at, "backwards as well").not.toBe("");
  });
}
