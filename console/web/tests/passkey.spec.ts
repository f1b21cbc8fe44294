// Officers come in with passkeys, kept by an authenticator that the browser pretends to have: registered with an
// invitation, used to sign in, and one officer releases what another prepared.
import AxeBuilder from "@axe-core/playwright";
import { expect, test, type Browser, type Page } from "@playwright/test";
import { pair, type Desk, type Pair } from "./nodes";

let nodes: Pair;
test.beforeAll(async () => {
  nodes = await pair();
});
test.afterAll(() => nodes.end());

/** home is the address to which passkeys belong: they are of a name, not of a number. */
const home = (d: Desk) => d.url.replace("127.0.0.1", "localhost");

/** enrolled is an officer with a passkey and nothing else, signed in by it. */
async function enrolled(browser: Browser, d: Desk, name: string, theme: "light" | "dark"): Promise<Page> {
  d.officer(name, "supervisor");
  const { invitation } = JSON.parse(d.run("officer", "invite", name, "--json")) as { invitation: string };
  const context = await browser.newContext({ colorScheme: theme });
  const page = await context.newPage();
  const devices = await context.newCDPSession(page);
  await devices.send("WebAuthn.enable");
  await devices.send("WebAuthn.addVirtualAuthenticator", {
    options: { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
  });
  await page.goto(`${home(d)}/console/`);
  await expect(page.getByRole("heading", { name: "Sign in", exact: true })).toBeVisible(); // nobody is let in without
  const found = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]).analyze();
  expect(found.violations.filter((v) => v.impact === "serious" || v.impact === "critical").map((v) => v.id)).toEqual([]);
  await page.screenshot({ path: `test-results/shots/sign-in-${theme === "dark" ? "night" : "day"}.png` });
  await page.getByLabel(/^Invitation code/).fill(invitation);
  await page.getByLabel(/^What holds the passkey/).fill("desk computer");
  await page.getByRole("button", { name: "Register", exact: true }).click();
  await expect(page.getByRole("status")).toContainText(name);
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await expect(page.getByRole("heading", { name: "What needs me now" })).toBeVisible();
  await expect(page.locator(".topbar")).toContainText(name);
  return page;
}

test("two officers enrol, sign in, and the second releases what the first prepared", async ({ browser }) => {
  const first = await enrolled(browser, nodes.red, "first of red", "light");
  const second = await enrolled(browser, nodes.red, "second of red", "dark");
  nodes.red.file("red-p", "flight", { type: "Point", coordinates: [36.5, 35.5] }, 300, 360, { radius_m: 2000 });
  await first.getByRole("link", { name: "Notices", exact: true }).click();
  await first.getByRole("link", { name: "red-p", exact: true }).click();
  await first.getByRole("main").getByLabel("Reason").fill("not needed");
  await first.getByRole("button", { name: "Cancel it" }).click();
  await first.getByRole("link", { name: "The desk (1)" }).click();
  await expect(first.getByText("Another officer releases what you prepared.")).toBeVisible();
  await second.getByRole("link", { name: "The desk (1)" }).click();
  await expect(second.locator(".proposal")).toContainText("first of red");
  await second.getByRole("button", { name: "Release it" }).click();
  await expect(second.getByRole("button", { name: "Release it" })).toHaveCount(0);
  const list = await nodes.red.get<{ notices: { id: string; state: string }[] }>("/v1/notices?picture=all");
  expect(list.notices.find((n) => n.id === "red-p")?.state).toBe("cancelled");

  await test.step("who signs out is out, and comes in again by the passkey", async () => {
    await first.getByRole("button", { name: /Sign out/ }).click();
    await expect(first.getByRole("button", { name: "Sign in with a passkey" })).toBeVisible();
    expect(await first.evaluate(async () => (await fetch("/v1/session")).status)).toBe(401);
    await first.getByRole("button", { name: "Sign in with a passkey" }).click();
    await expect(first.getByRole("heading", { name: "What needs me now" })).toBeVisible();
  });
  await first.context().close();
  await second.context().close();
});
