// Azure reservations: bought, named, put on one Azure subscription, split and merged again.

import assert from "node:assert/strict";
import { after } from "node:test";
import { AGENT, narrow, open, says, shot, tests, violations } from "./lib.mjs";

const house = await open();
after(() => house.close());
const { each } = tests(house);

/** A customer for each language, so that none sees another's reservations. */
const COUNTRIES = { en: "US", de: "DE", sv: "SE" };
const AZURE = "5b2d8c3e-0f1a-4d6b-9c7e-2a3b4c5d6e7f";

each("SEED-5: a reservation is acquired, provisioned and managed for a customer", async ({ as, w, language }) => {
  const page = await as(AGENT);
  page.guard.allow(/status of 422/);
  const customer = house.customer(COUNTRIES[language]);
  const base = `/customers/${customer.id}`;
  await page.goto(`${base}/products?tab=azure`);
  const item = await page.locator('input[name="item"][value^="DZH318Z0BQ4Z:"]').first().getAttribute("value");
  await house.buy(page, customer, { item, quantity: 5 });

  // The Azure subscription it shall be for; what is no id is kept and told.
  await page.goto(`${base}/reservations`);
  await page.getByText(w("azure-add"), { exact: true }).click();
  const id = page.getByRole("textbox", { name: w("azure-id"), exact: true });
  await id.fill("production");
  await page.locator("#azure_name").fill("Production");
  await page.getByRole("button", { name: w("azure-add-do"), exact: true }).click();
  await says(page.locator("#azure-id-problem"), w("reservation-guid"));
  assert.equal(await page.locator("#azure_name").inputValue(), "Production");
  await id.fill(AZURE);
  await page.getByRole("button", { name: w("azure-add-do"), exact: true }).click();
  await says(page.locator(".notice.done"), w("reservation-done-added"));
  await page.locator('section[aria-labelledby="azure"]').getByRole("button", { name: w.like("azure-register") }).click();
  await says(page.locator(".notice.done"), w("reservation-done-registered"));

  const own = page.locator('section[aria-labelledby="own"] > ul > li');
  assert.equal(await own.count(), 1);
  const change = async (row, fill) => {
    await row.locator("summary").click();
    await fill(row);
  };
  await change(own.first(), async (row) => {
    await row.locator('input[name="name"]').fill("Web servers");
    await row.locator("select").selectOption(AZURE);
    await row.getByRole("button", { name: w("save"), exact: true }).click();
  });
  await says(page.locator(".notice.done"), w("reservation-done-changed"));
  await says(own.first(), "Production");
  await change(own.first(), async (row) => {
    await row.locator('input[name="part"]').fill("2");
    await row.getByRole("button", { name: w("reservation-split"), exact: true }).click();
  });
  await says(page.locator(".notice.done"), w("reservation-done-split"));
  assert.equal(await own.count(), 2);

  await own.first().locator("summary").click();
  for (const theme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme: theme });
    await shot(page, `${language}-${theme}`, "reservations-managed");
    assert.deepEqual(await violations(page), []);
  }
  await page.emulateMedia({ colorScheme: "light" });
  await narrow(page);
  await shot(page, `${language}-narrow`, "reservations-managed");
  await page.setViewportSize({ width: 1280, height: 900 });

  // Ticked by keyboard and merged again.
  for (const box of await page.locator('input[name="own"]').all()) {
    await box.focus();
    await page.keyboard.press("Space");
  }
  await page.getByRole("button", { name: w("reservation-merge"), exact: true }).focus();
  await page.keyboard.press("Enter");
  await page.waitForURL(/done=merged/);
  await says(page.locator(".notice.done"), w("reservation-done-merged"));
  assert.equal(await own.count(), 1);
  await says(own.first(), "5");
  // It can be given back by no button here.
  assert.equal(await page.locator('a[href$="/cancel"]').count(), 0);
});
