// Azure reservations: bought, named, put on one Azure subscription, split, merged, exchanged and given back.

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

each("a reservation is exchanged and given back: every step is shown before, and what is shown is done", async ({ as, w, language }) => {
  const customer = house.customer(COUNTRIES[language]);
  const base = `/customers/${customer.id}`;
  const page = await as(AGENT, { bypassCSP: true });
  page.guard.allow(/status of 422/);
  await page.goto(`${base}/products?tab=azure`);
  const item = await page.locator('input[name="item"][value^="DZH318Z0BQ4Z:"]').first().getAttribute("value");
  await house.buy(page, customer, { item, quantity: 3 });
  await page.goto(`${base}/reservations`);
  const row = page.locator('section[aria-labelledby="own"] > ul > li').filter({ hasText: w("reservation-state-running") }).first();
  const opened = async () => {
    await page.goto(`${base}/reservations`);
    await row.locator("summary").click();
    await row.getByRole("link", { name: w.like("give-back") }).click();
    await page.waitForURL(/give-back$/);
  };
  await opened();
  const sum = page.locator('section[aria-labelledby="comes"]');

  // The operator says how much may come back in the customer's currency, where nobody has.
  if (await sum.count() === 0) {
    await shot(page, `${language}-light`, "give-back-unknown");
    const root = await as(house.data.operator.upn, { bypassCSP: true });
    root.guard.allow(/status of 422/);
    await root.goto(`${house.url}/operator/policies`);
    const form = root.locator("details.ask").last();
    await form.locator("summary").click();
    await root.getByLabel(w("op-cap-currency"), { exact: true }).fill("EUR");
    await root.getByLabel(w("op-cap-most"), { exact: true }).fill("45000");
    await root.getByLabel(w("op-cap-from-day"), { exact: true }).fill("2019-01-01");
    await form.getByRole("button", { name: w("save"), exact: true }).click();
    await root.locator("#problem").waitFor();
    assert.equal(await root.getByLabel(w("op-cap-most"), { exact: true }).inputValue(), "45000", "what was typed stays");
    await root.getByLabel(w("op-cap-from-day"), { exact: true }).fill("2020-12-31");
    await shot(root, `${language}-light`, "operator-policies-cap");
    assert.deepEqual(await violations(root), []);
    const today = (await house.now()).toISOString().slice(0, 10);
    await root.getByLabel(w("op-cap-from-day"), { exact: true }).fill(today);
    for (const currency of ["EUR", "SEK"]) {
      if (currency === "SEK") {
        await root.locator("details.ask").last().locator("summary").click();
        await root.getByLabel(w("op-cap-currency"), { exact: true }).fill("SEK");
        await root.getByLabel(w("op-cap-most"), { exact: true }).fill("500000");
        await root.getByLabel(w("op-cap-from-day"), { exact: true }).fill(today);
      }
      await root.locator("details.ask").last().getByRole("button", { name: w("save"), exact: true }).click();
      await root.waitForURL(/done=capped/);
      await says(root.locator(".notice.done"), w("op-caps-saved"));
    }
    await opened();
  }
  await page.getByLabel(w("give-back-quantity"), { exact: true }).fill("1");
  await page.getByRole("button", { name: w("give-back-reckon"), exact: true }).click();
  await page.waitForURL(/quantity=1/);
  await sum.waitFor();
  for (const theme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme: theme });
    await shot(page, `${language}-${theme}`, "give-back");
    assert.deepEqual(await violations(page), []);
  }
  await page.emulateMedia({ colorScheme: "light" });
  await narrow(page);
  await shot(page, `${language}-narrow`, "give-back");
  await page.setViewportSize({ width: 1280, height: 900 });
  await sum.getByRole("checkbox").check();
  await sum.getByRole("button", { name: w("give-back-do"), exact: true }).click();
  await page.waitForURL(/done=returned/);
  await says(page.locator(".notice.done"), w("reservation-done-returned"));
  await says(page.locator('section[aria-labelledby="own"]'), w("reservation-state-returned"));

  // The rest is exchanged for the same product for longer.
  await opened();
  await page.getByRole("link", { name: w("give-back-exchange"), exact: true }).click();
  await page.waitForURL(/way=exchange/);
  const choice = page.getByLabel(w("give-back-for"), { exact: true });
  const longest = await choice.locator("option").last().getAttribute("value");
  await choice.selectOption(longest);
  await page.getByLabel(w("give-back-count"), { exact: true }).fill("4");
  await page.getByRole("button", { name: w("give-back-reckon"), exact: true }).click();
  await sum.waitFor();
  await shot(page, `${language}-light`, "give-back-exchange");
  assert.deepEqual(await violations(page), []);
  await sum.getByRole("checkbox").focus();
  await page.keyboard.press("Space");
  await sum.getByRole("button", { name: w("give-back-do-exchange"), exact: true }).focus();
  await page.keyboard.press("Enter");
  await page.waitForURL(/done=exchanged/);
  await says(page.locator(".notice.done"), w("reservation-done-exchanged"));
});
