// What is said by people at two consoles: a distress call with its place, a hold by numbers that is looked at again, what
// a unit said, and a notice that is changed.
import { expect, test, type Page } from "@playwright/test";
import { open, pair, type Desk, type Pair } from "./nodes";

let nodes: Pair;
test.beforeAll(async () => {
  nodes = await pair();
});
test.afterAll(() => nodes.end());

const shots = "test-results/shots";

/** notice opens the page of a notice from the list of all. */
async function notice(page: Page, d: Desk, id: string): Promise<void> {
  await page.goto(`${d.url}/console/#/notices`);
  await page.getByRole("main").getByRole("link", { name: id, exact: true }).click();
  await expect(page.getByRole("heading", { name: `red: ${id}` })).toBeVisible();
}

test("a distress call says where, when and how many, and is translated", async ({ browser }) => {
  const red = await open(browser, nodes.red, "", { colorScheme: "dark", viewport: { width: 1440, height: 1100 } });
  const blue = await open(browser, nodes.blue, "");
  await red.getByRole("link", { name: "Call: stop and call (hold)" }).click();
  await red.getByRole("radio", { name: "Distress" }).check();
  await red.getByLabel("Words").fill("an aircraft is down in the sea");
  await red.getByLabel("Position").fill("somewhere north");
  await expect(red.getByText("Not a position")).toBeVisible();
  await red.getByLabel("Position").fill("35 24.6 N 035 30.0 E");
  await expect(red.getByText("35.41000N 35.50000E")).toBeVisible();
  await red.getByLabel("Last seen (UTC)").fill(new Date(Date.now() - 600_000).toISOString().slice(11, 16));
  await red.getByLabel("Persons (empty: not known)").fill("15");
  await red.getByLabel("What happened").fill("lost from sight");
  await red.screenshot({ path: `${shots}/distress-form-night.png` });
  await red.getByRole("button", { name: "Say it" }).click();

  await blue.locator(".alarm.level-1", { hasText: "an aircraft is down" }).getByRole("link", { name: "Open" }).click();
  for (const text of ["35.41000N 35.50000E", "15", "lost from sight"]) await expect(blue.getByRole("main")).toContainText(text);
  await blue.getByRole("button", { name: "I have received it" }).click();
  await blue.getByText("Add a translation").first().click();
  await blue.getByLabel("Language").last().selectOption("he");
  await blue.getByLabel("The translation").fill("כלי טיס נפל לים");
  await blue.getByRole("button", { name: "Put it beside the original" }).click();
  await expect(red.getByRole("main")).toContainText("כלי טיס נפל לים");
  await expect(red.getByRole("main")).toContainText("desk of blue");
  await blue.screenshot({ path: `${shots}/distress-day.png`, fullPage: true });
  await red.getByRole("button", { name: "End the call" }).click();
  await expect(blue.getByRole("main")).toContainText("ended");
  await red.context().close();
  await blue.context().close();
});

test("a hold by numbers is answered by one, and looked at again", async ({ browser }) => {
  const red = await open(browser, nodes.red, "");
  const blue = await open(browser, nodes.blue, "", { locale: "he", viewport: { width: 1440, height: 1100 } });
  await red.getByRole("link", { name: "Call: stop and call (hold)" }).click();
  await red.getByLabel("Numbered phrase").selectOption({ index: 1 });
  await red.getByRole("button", { name: "Say it" }).click();
  await red.waitForURL(/#\/call\/./); // the form has the same heading
  const entry = decodeURIComponent(new URL(red.url()).hash.split("/").at(-1) ?? "");
  await blue.goto(`${nodes.blue.url}/console/#/call/${encodeURIComponent(entry)}`);
  await expect(blue.locator("blockquote .shown[lang=he]").first()).toContainText(/[א-ת]/);
  await blue.locator(".stepsbox select").selectOption({ index: 1 });
  await blue.screenshot({ path: `${shots}/hold-by-numbers-hebrew.png`, fullPage: true });
  await blue.locator(".stepsbox .steps button").nth(1).click();
  await expect(red.getByRole("main")).toContainText("CANNOT HOLD");
  const then = new Date(Date.now() + 2 * 3_600_000).toISOString().slice(0, 16).replace("T", " ");
  await red.getByLabel("Looked at again (UTC; empty: in 30 minutes)").fill(then);
  await red.getByRole("button", { name: "It stands: look again then" }).click();
  await expect(red.getByRole("listitem").filter({ hasText: "Looked at again" })).toContainText(then.slice(11));
  await red.getByRole("button", { name: "Lift the hold" }).click();
  await expect(red.locator(".stepsbox")).toHaveCount(0);
  await red.context().close();
  await blue.context().close();
});

test("what a unit said reaches the other desk", async ({ browser }) => {
  const red = await open(browser, nodes.red, "");
  const blue = await open(browser, nodes.blue, "");
  nodes.red.file("red-u", "flight", { type: "Point", coordinates: [35.2, 34.6] }, 120, 180, { radius_m: 1000 });
  await notice(blue, nodes.blue, "red-u");
  await expect(blue.getByText("What the unit said")).toHaveCount(0);
  await blue.getByLabel("Unit that was told").fill("north patrol");
  await blue.getByLabel("How: radio, phone, in person").fill("radio");
  await blue.getByRole("button", { name: "Told a unit" }).click();
  await expect(blue.getByLabel("Unit", { exact: true })).toHaveValue("north patrol");
  await blue.getByLabel("Reason, where the unit is unable").fill("low fuel");
  await blue.getByRole("button", { name: "The unit is unable" }).click();
  await notice(red, nodes.red, "red-u");
  await expect(red.locator(".ladder")).toContainText("low fuel");
  await blue.getByRole("button", { name: "The unit confirms it" }).click();
  await expect(red.locator(".ladder .done", { hasText: "confirmed by the unit" })).toContainText("north patrol");
  await blue.screenshot({ path: `${shots}/unit-day.png`, fullPage: true });
  await red.context().close();
  await blue.context().close();
});

test("an own notice is changed, and keeps what the form has no field for", async ({ browser }) => {
  const red = await open(browser, nodes.red, "");
  const upper = { value: 240, unit: "FL", reference: "FL" };
  nodes.red.file("red-c", "flight", { type: "Point", coordinates: [36.2, 34.2] }, 300, 360, { radius_m: 1000, upper, frequency: "121.5 MHz" });
  await notice(red, nodes.red, "red-c");
  await red.getByRole("link", { name: "Change it" }).click();
  await expect(red.getByRole("heading", { name: "Change red-c" })).toBeVisible();
  await expect(red.getByLabel("Radius, metres")).toHaveValue("1000");
  await expect(red.getByLabel(/^Upper/)).toHaveAttribute("placeholder", "FL 240");
  await red.getByLabel("Radius, metres").fill("2000");
  await expect(red.locator(".echo")).toContainText("circle of 2.0 km");
  await expect(red.locator(".echo")).toContainText("flight level 240");
  await red.screenshot({ path: `${shots}/change-day.png` });
  await red.getByRole("button", { name: "File this version" }).click();
  await expect(red.getByRole("main")).toContainText("Version 2");
  const told = await nodes.blue.get<{ body: { frequency?: string; volumes: { properties: { radius_m: number; upper: object } }[] } }>(`/v1/notices/red-c?party=red`);
  expect(told.body.volumes[0]?.properties).toMatchObject({ radius_m: 2000, upper });
  expect(told.body.frequency).toBe("121.5 MHz");
  await red.getByRole("link", { name: "File a notice" }).click();
  await expect(red.getByLabel("Radius, metres")).toHaveValue("");
  await red.context().close();
});
