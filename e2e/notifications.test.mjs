// What people are told, and how they read: the bell, the list behind it, and one's own settings.

import assert from "node:assert/strict";
import { after } from "node:test";
import { AGENT, BEGIN, SALES, open, says, saysNot, tests, words } from "./lib.mjs";

const house = await open();
after(() => house.close());
const { one, each } = tests(house);

const WINDOWS = "DG7GMGF0DVT9:0001:DG7GMGF0643M";
const HELPDESK = "helpdesk.agent@norrsken.example";

const bell = (page) => page.locator("a.bell");

/** Nothing is unread from before. */
async function quiet(page) {
  await house.post(page, "/notifications/read", {});
  await page.goto("/");
  assert.equal(await bell(page).locator(".count").count(), 0);
}

each("what a sales agent buys, the admin agent is told: the bell counts it, and it leads to the order", async ({ as, w }) => {
  const page = await as(AGENT);
  await quiet(page);
  const sales = await as(SALES);
  const order = await house.buy(sales, house.customer("SE"), { item: WINDOWS, quantity: 2 });
  await page.goto("/customers");
  assert.equal(await bell(page).locator(".count").innerText(), "1");
  // Whoever does not see the number hears it.
  await page.getByRole("link", { name: `${w("frame-notifications")} , ${w("frame-unread", { count: 1 })}` }).click();
  assert.equal(await page.getByRole("heading", { level: 1 }).innerText(), w("notice-title"));
  const row = page.locator("main li.row").first();
  await says(row, w("notice-kind-order-placed"));
  await says(row, w("notice-new"));
  await says(row, order.number);
  await says(row, house.customer("SE").name);
  await row.getByRole("button", { name: w.like("notice-open") }).click();
  await page.waitForURL(`**${order.base}/orders/${order.id}`);
  assert.equal(await bell(page).locator(".count").count(), 0, "what was opened is read");
  await page.goto("/notifications");
  await saysNot(page.locator("main li.row").first(), w("notice-new"));
});

each("all are marked as read with one button, without JavaScript, too", async ({ as, w }) => {
  const page = await as(AGENT, { javaScriptEnabled: false });
  await quiet(page);
  const sales = await as(SALES);
  for (let number = 0; number < 2; number += 1) await house.buy(sales, house.customer("US"), { item: WINDOWS });
  await page.goto("/notifications");
  assert.equal(await bell(page).locator(".count").innerText(), "2");
  await page.getByRole("button", { name: w("notice-read-all"), exact: true }).click();
  await says(page.getByRole("status"), w("notice-all-read"));
  assert.equal(await bell(page).locator(".count").count(), 0);
  assert.equal(await page.locator("main li.row .badge").count(), 0);
  assert.equal(await page.getByRole("button", { name: w("notice-read-all"), exact: true }).count(), 0);
});

one("nobody opens what another was told", async ({ as }) => {
  const page = await as(AGENT);
  await quiet(page);
  await house.buy(await as(SALES), house.customer("SE"), { item: WINDOWS });
  await page.goto("/notifications");
  const open = await page.locator("main li.row form").first().getAttribute("action");
  const other = await as(SALES);
  assert.equal((await house.post(other, open, {})).status(), 404);
  await page.reload();
  assert.equal(await bell(page).locator(".count").innerText(), "1", "and it stays unread");
});

one("My settings: language and time zone change what every page shows", async ({ as }) => {
  await house.set(BEGIN);
  const order = await house.buy(await as(SALES), house.customer("SE"), { item: WINDOWS });
  const page = await as(HELPDESK);
  page.guard.allow(/status of 422/);
  const at = `${order.base}/orders/${order.id}`;
  const choose = async (w, language, zone) => {
    await page.goto("/settings");
    await page.getByLabel(w("settings-language"), { exact: true }).selectOption(language);
    await page.getByLabel(w("settings-zone"), { exact: true }).fill(zone);
    await page.getByRole("button", { name: w("save"), exact: true }).click();
    await page.waitForURL(/done=saved/);
    const own = words(language);
    await says(page.getByRole("status").first(), own("settings-saved"));
    assert.equal(await page.locator("html").getAttribute("lang"), language);
    return own;
  };
  let w = await choose(words("en"), "sv", "Europe/Stockholm");
  await page.goto(at);
  await says(page.locator("main"), "11:00");
  await says(page.getByRole("navigation").first(), w("way-customers"));
  w = await choose(w, "de", "Pacific/Auckland");
  await page.goto(at);
  await says(page.locator("main"), "23:00");
  await saysNot(page.locator("main"), "11:00");
  assert.equal(await page.locator("html").getAttribute("lang"), "de");
  // An example is shown and nothing is kept; what is no time zone is told, and stays as typed.
  await page.goto("/settings");
  const example = page.locator("section p[role=status]");
  const before = await example.innerText();
  const zone = page.getByLabel(w("settings-zone"), { exact: true });
  await zone.fill("America/New_York");
  await page.getByRole("button", { name: w("settings-show-example"), exact: true }).click();
  assert.notEqual(await example.innerText(), before);
  await page.goto("/settings");
  assert.equal(await zone.inputValue(), "Pacific/Auckland");
  await zone.fill("Middle/Earth");
  await page.getByRole("button", { name: w("save"), exact: true }).click();
  assert.equal(await page.locator("#zone-fault").innerText(), w("settings-zone-wrong"));
  assert.equal(await zone.inputValue(), "Middle/Earth");
});

each("My settings: mails are chosen by kind, save that somebody signed in from a new place", async ({ as, w }) => {
  const page = await as(AGENT);
  const box = (kind) => page.getByLabel(w.like(`notice-kind-${kind}`));
  await page.goto("/notifications");
  await page.getByRole("link", { name: w("notice-what-is-mailed"), exact: true }).click();
  assert.equal(new URL(page.url()).pathname, "/settings");
  assert.ok(await box("sign-in-new-place").isChecked());
  assert.ok(await box("sign-in-new-place").isDisabled());
  assert.equal(await box("stock-low").count(), 0, "what partners are never told is not offered");
  const save = async () => {
    await page.getByRole("button", { name: w("save"), exact: true }).click();
    await page.waitForURL(/done=saved/);
    await page.goto("/settings");
  };
  await box("order-placed").uncheck();
  await save();
  assert.ok(!(await box("order-placed").isChecked()));
  assert.ok(await box("order-cancelled").isChecked());
  // Whoever sends the form without it all the same.
  await house.post(page, "/settings", { language: "", zone: "" });
  await page.goto("/settings");
  assert.ok(!(await box("order-cancelled").isChecked()));
  assert.ok(await box("sign-in-new-place").isChecked());
  // The list has it in any case.
  await quiet(page);
  await house.buy(await as(SALES), house.customer("SE"), { item: WINDOWS });
  await page.goto("/");
  assert.equal(await bell(page).locator(".count").innerText(), "1");
  await page.goto("/settings");
  for (const kind of ["order-placed", "keys-waiting", "window-closing", "order-cancelled", "request-answered"]) await box(kind).check();
  await save();
  assert.ok(await box("order-placed").isChecked());
});
