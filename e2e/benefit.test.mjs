// Azure Hybrid Benefit: a list of machines reckoned, bought for, recorded, and what a cancellation takes away.

import assert from "node:assert/strict";
import { after } from "node:test";
import { AGENT, cents, narrow, open, says, shot, tests, violations } from "./lib.mjs";

const house = await open();
after(() => house.close());
const { each } = tests(house);

const WINDOWS = "DG7GMGF0DVT9:0001:DG7GMGF0643M";
/** A customer for each language, so that none sees another's licences. */
const COUNTRIES = { en: "US", de: "DE", sv: "SE" };
const LIST = "web, Standard_D4s_v3, northeurope, 3\ndb, Standard_D16s_v3, northeurope\nbuild, Standard_F8s_v2, northeurope, 1, 200\n";

each("SEED-8: what the benefit saves is worked out for the customer's own machines, recorded, and warned about", async ({ as, w, language }) => {
  const page = await as(AGENT);
  const customer = house.customer(COUNTRIES[language]);
  const bought = await house.buy(page, customer, { item: WINDOWS, quantity: 3 });
  await page.goto(`${bought.base}/benefit`);
  await says(page.locator("main"), w("benefit-lead"));
  await page.getByRole("textbox", { name: w("benefit-list"), exact: true }).fill(LIST);
  await page.getByRole("combobox", { name: w.like("benefit-region") }).selectOption("northeurope");
  await page.getByRole("button", { name: w("benefit-calculate"), exact: true }).click();
  await page.locator("#result").waitFor();
  // Twenty-four cores: the database's sixteen and eight for a web server save most.
  await says(page.locator("main"), w("benefit-best"));
  const machines = page.locator('section[aria-labelledby="machines"] tbody tr');
  assert.equal(await machines.count(), 3);
  await says(machines.nth(1), "Windows Server Standard");
  await says(machines.nth(2), w("benefit-not-covered"));
  const saves = (await machines.locator("td:last-child").allInnerTexts()).map(cents);
  assert.ok(saves[0] > 0n && saves[1] > saves[0] && saves[2] === 0n, `${saves}`);
  for (const theme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme: theme });
    await shot(page, `${language}-${theme}`, "benefit-result");
    if (language === "en") assert.deepEqual(await violations(page), []);
  }
  await narrow(page);
  await shot(page, `${language}-narrow`, "benefit-result");
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.emulateMedia({ media: "print", colorScheme: "light" });
  assert.ok(!(await page.locator("#calculator").isVisible()) && await page.locator("#result").isVisible(), "what is printed is the sheet alone");
  await shot(page, `${language}-light`, "benefit-sheet");
  await page.emulateMedia({ media: null });

  // The table has what the page has.
  const [saved] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: w("benefit-csv"), exact: true }).click(),
  ]);
  assert.match(saved.suggestedFilename(), /^hybrid-benefit-\d{4}-\d\d-\d\d\.csv$/);

  // What lacks goes into the cart.
  await page.locator('section[aria-labelledby="lacks"] form button').click();
  await page.waitForURL(/products/);
  await page.goto(`${bought.base}/cart`);
  await says(page.locator("main"), "Windows Server Standard - 8 Core License Pack");

  // Recorded, the machines are in use, and the dialog of the cancellation says what it takes away.
  await page.goto(`${bought.base}/benefit`);
  await page.getByRole("textbox", { name: w("benefit-list"), exact: true }).fill(LIST);
  await page.getByRole("combobox", { name: w.like("benefit-region") }).selectOption("northeurope");
  await page.getByLabel(w("benefit-migrated"), { exact: true }).check();
  await page.getByRole("button", { name: w("benefit-calculate"), exact: true }).click();
  await page.locator('form[action$="/record"] button').click();
  await page.waitForURL(/done=recorded/);
  await says(page.locator(".notice.done"), w("benefit-done-recorded"));
  const uses = page.locator('section[aria-labelledby="uses"] tbody tr');
  assert.equal(await uses.count(), 2);
  await page.goto(`${bought.software}/cancel`);
  await says(page.locator(".notice.careful").first(), "24");

  // A use is ended by its own form.
  await page.goto(`${bought.base}/benefit`);
  await uses.first().getByRole("button").click();
  await page.waitForURL(/done=ended/);
  await says(page.locator(".notice.done"), w("benefit-done-ended"));
});

each("a list with mistakes is kept, and every mistake is told with its line, without JavaScript too", async ({ as, w }) => {
  const page = await as(AGENT, { javaScriptEnabled: false });
  page.guard.allow(/status of 422/);
  await page.goto(`/customers/${house.customer("BR").id}/benefit`);
  const list = page.getByRole("textbox", { name: w("benefit-list"), exact: true });
  await list.fill("Name;Size;Hours\na;Standard_D4s_v3;-1\nb;;1\nc;Standard_D4s_v3\n");
  await page.getByRole("button", { name: w("benefit-calculate"), exact: true }).click();
  const told = page.locator('section[aria-labelledby="calculator"] [role=alert] li');
  assert.equal(await told.count(), 3);
  assert.match(await list.inputValue(), /^Name;Size;Hours/);
  await page.setInputFiles("#file", { name: "list.csv", mimeType: "text/csv", buffer: Buffer.from("Name,Size\r\nB\u00fcro,Standard_D2s_v3\r\n", "latin1") });
  await page.getByRole("button", { name: w("benefit-calculate"), exact: true }).click();
  await says(page.locator('section[aria-labelledby="machines"]'), "Büro");
});
