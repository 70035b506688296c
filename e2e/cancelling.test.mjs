// Cancelling: the dialog, the days left, the credit to the cent, and what has ended after it (SEED-47 to SEED-69).

import assert from "node:assert/strict";
import { after } from "node:test";
import { AGENT, BEGIN, SALES, cents, daysOf, open, says, saysNot, tests } from "./lib.mjs";

const house = await open();
after(() => house.close());
const { one, each } = tests(house);

const SQL = "DG7GMGF0FKZV:0002:DG7GMGF0HFR6";
const THREE = "DG7GMGF0FKZV:0003:DG7GMGF098T7";
const WINDOWS = "DG7GMGF0DVT9:0001:DG7GMGF0643M";
const CONNECTOR = "DG7GMGF0D515:0001:DG7GMGF0L5AS";
const SUSE = "DZH318Z0SLES:0001:DZH318Z056TL";
const VIRTUAL_MACHINE = "DZH318Z0BQ4Z:002L:DZH318Z0THEK";

const dialog = (page) => page.locator("dialog[open]");
const folded = (page, order) => page.locator("details", { has: page.locator("summary", { hasText: order.number }) });

/** The dialog of a purchase, by the way the seeds name: the customer, Software, the purchase, Cancel. */
async function opened(page, w, order) {
  await page.goto(order.base);
  await page.locator("nav.tabs").getByRole("link", { name: w("section-software"), exact: true }).click();
  await folded(page, order).locator("summary").click();
  await folded(page, order).getByRole("link", { name: w("cancel") }).click();
  await dialog(page).waitFor();
  return dialog(page);
}

/** Price of one, quantity and sum of an order with one line, as its page shows them. */
async function priced(page, order) {
  await page.goto(`${order.base}/orders/${order.id}`);
  const cells = page.locator('main table').first().locator("tbody td.sum");
  return { quantity: BigInt((await cells.nth(0).innerText()).trim()), unit: cents(await cells.nth(1).innerText()), sum: cents(await cells.nth(2).innerText()) };
}

/** Rule 7.6: the price of one, divided by the days of the term, times the days that were not used, cut, times the quantity. */
function prorated({ unit, quantity }, placed, cancelled, years) {
  const last = new Date(Date.UTC(placed.getUTCFullYear() + years, placed.getUTCMonth(), placed.getUTCDate() - 1));
  return ((unit * daysOf(cancelled, last)) / daysOf(placed, last)) * quantity;
}

async function submitted(shown, w) {
  await shown.getByLabel(w("cancel-acknowledge")).check();
  await shown.getByRole("button", { name: w("submit"), exact: true }).click();
  await shown.getByRole("heading", { name: w("cancelled-title") }).waitFor();
}

const days = (w, count) => w("cancel-days-left", { days: w("days", { count }) });

each("SEED-47, SEED-48, SEED-56, SEED-59, SEED-60, SEED-65, SEED-66: a subscription is cancelled in the dialog, for the days that were not used", async ({ as, w }) => {
  await house.set(BEGIN);
  const page = await as(AGENT);
  const order = await house.buy(page, house.customer("SE"), { item: SQL, quantity: 3 });
  const placed = await house.now();
  const now = await house.advance("P17D");
  const price = await priced(page, order);
  const credit = prorated(price, placed, now, 1);
  const shown = await opened(page, w, order);
  await says(shown, days(w, 43));
  await says(shown, w("cancel-important"));
  await says(shown, w("cancel-important-text"));
  const month = w.like("cancel-next-invoice").exec((await shown.innerText()).replace(/\s+/g, " "))?.[1];
  assert.ok({ en: /^Feb\S* 2020$/, de: /^(Feb\S*|0?2[./]) ?2020$/, sv: /^feb\S* 2020$/ }[w.language].test(month ?? ""), `the month of the invoice: ${month}`);
  assert.equal(cents(await shown.locator("li.row p.sum").last().innerText()), credit, "the credit, worked out again");
  const submit = shown.getByRole("button", { name: w("submit"), exact: true });
  assert.ok(await submit.isDisabled(), "not before the Important message was acknowledged");
  await shown.getByLabel(w("cancel-acknowledge")).check();
  assert.ok(await submit.isEnabled());
  await shown.getByLabel(w("cancel-acknowledge")).uncheck();
  assert.ok(await submit.isDisabled());
  await submitted(shown, w);
  await says(shown, w("cancelled-lead", { order: order.number }));
  await says(shown, w("cancelled-delay"));
  assert.equal(cents(await shown.locator("li.row strong").innerText()), credit);
  await page.keyboard.press("Escape");
  await folded(page, order).locator(".badge.bad", { hasText: w("line-state-cancelled") }).waitFor();
  await page.goto(`${order.base}/orders/${order.id}`);
  const charges = page.locator('section[aria-labelledby="charged"]');
  assert.equal(cents(await charges.locator("tbody tr", { hasText: w("charge-cancelimmediate") }).locator("td.sum").innerText()), -credit);
  assert.equal(cents(await charges.locator("tfoot").innerText()), price.sum - credit);
});

each("SEED-66: perpetual software is credited in full", async ({ as, w }) => {
  await house.set(BEGIN);
  const page = await as(AGENT);
  const order = await house.buy(page, house.customer("DE"), { item: CONNECTOR, quantity: 2 });
  await house.advance("P60D");
  const price = await priced(page, order);
  const shown = await opened(page, w, order);
  await says(shown, days(w, 0));
  assert.equal(cents(await shown.locator("li.row p.sum").last().innerText()), price.sum);
  await submitted(shown, w);
  await page.goto(`${order.base}/orders/${order.id}`);
  assert.match((await page.locator('section[aria-labelledby="charged"] tfoot').innerText()), /\b0[.,]00/);
});

each("SEED-66: three years, on the last day of the window", async ({ as, w }) => {
  await house.set(BEGIN);
  const page = await as(AGENT);
  const order = await house.buy(page, house.customer("DE"), { item: THREE, quantity: 7 });
  const placed = await house.now();
  const now = await house.advance("P60D");
  const credit = prorated(await priced(page, order), placed, now, 3);
  const shown = await opened(page, w, order);
  assert.equal(cents(await shown.locator("li.row p.sum").last().innerText()), credit);
});

each("SEED-49, SEED-63, SEED-64: once the window has passed the dialog says so, offers a customer support request, and nothing to submit", async ({ as, w }) => {
  await house.set(BEGIN);
  const page = await as(AGENT);
  page.guard.allow(/status of 409/);
  const order = await house.buy(page, house.customer("SE"), { item: WINDOWS });
  const promised = await house.promised(page, order);
  await house.advance("P61D");
  const shown = await opened(page, w, order);
  const window = w("refusal-window-days", { count: 60 });
  await says(shown.locator(".notice.problem"), w.like("refusal-window-closed", { window }));
  assert.equal(await shown.getByRole("button", { name: w("submit"), exact: true }).count(), 0);
  await says(shown, w("cancel-more-information"));
  const support = await shown.getByRole("link", { name: w("cancel-support-request"), exact: true }).getAttribute("href");
  const asked = new URL(support, house.url);
  assert.equal(asked.pathname, "/support/new");
  assert.equal(asked.searchParams.get("order"), order.number);
  assert.equal(asked.searchParams.get("customer"), house.customer("SE").id);
  const sent = await house.post(page, `${order.software}/cancel`, promised);
  assert.equal(sent.status(), 409, "whoever sends it all the same");
  await page.goto(order.software);
  await says(page.locator("h1"), w("line-state-fulfilled"));
});

/** Somebody who may cancel, and is not the agent who asked. */
const COLLEAGUE = "account.admin@norrsken.example";
let colleague = null;
async function asColleague(as) {
  colleague ??= (async () => {
    const page = await house.as("global.admin@norrsken.example");
    await page.goto("/users");
    await page.getByRole("row", { name: COLLEAGUE }).getByRole("link").click();
    await page.getByLabel("Admin agent", { exact: true }).check();
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await says(page.getByRole("status"), "Saved.");
    await page.context().close();
  })();
  await colleague;
  return as(COLLEAGUE);
}

each("a request for money back that waits stops the dialog; a colleague withdraws it there, and cancels", async ({ as, w }) => {
  await house.set(BEGIN);
  const page = await as(AGENT);
  const customer = house.customer("SE");
  const order = await house.buy(page, customer, { item: CONNECTOR });
  const price = await priced(page, order);
  const request = await house.askBack(page, customer, order);
  await page.goto(request);
  const number = await page.locator("dl.facts code").innerText();
  const other = await asColleague(as);
  const shown = await opened(other, w, order);
  await says(shown, w.like("cancel-waits-for", { number, name: "admin agent" }));
  await says(shown, w("cancel-withdraw-lead"));
  assert.equal(await shown.getByRole("link", { name: w("cancel-support-request") }).count(), 0, "asking twice leads nowhere");
  assert.equal(await shown.getByRole("button", { name: w("submit"), exact: true }).count(), 0, "nothing to submit yet");
  const here = other.url();
  await shown.getByRole("button", { name: w("cancel-withdraw"), exact: true }).click();
  await shown.getByLabel(w("cancel-acknowledge")).waitFor();
  assert.equal(other.url(), here, "it is the same dialog");
  assert.equal(await other.locator("dialog").count(), 1);
  assert.ok(await shown.evaluate((part) => part.contains(document.activeElement)), "and the focus stayed in it");
  await says(shown, days(w, 60));
  assert.equal(cents(await shown.locator("li.row p.sum").last().innerText()), price.sum);
  await submitted(shown, w);
  await says(shown, w("cancelled-lead", { order: order.number }));
  await page.goto(`${order.base}/orders/${order.id}`);
  await says(page.locator("h1"), w("order-status-cancelled"));
  // Whoever asked reads that it is closed, why, and by whom.
  await page.goto("/support");
  await says(page.getByRole("row", { name: number }), w("support-unread"));
  await page.goto(request);
  await says(page.locator("h1"), w("support-state-closed"));
  await says(page.locator("main"), w("support-withdrawn"));
  await says(page.locator("main"), "account admin");
});

one("without JavaScript, too, a request for money back is withdrawn before the order is cancelled", async ({ as }) => {
  await house.set(BEGIN);
  const page = await as(AGENT, { javaScriptEnabled: false });
  const customer = house.customer("US");
  const order = await house.buy(page, customer, { item: CONNECTOR });
  await house.askBack(page, customer, order);
  await page.goto(`${order.software}/cancel`);
  await page.getByRole("button", { name: "Withdraw the request", exact: true }).click();
  await page.getByLabel(/I have read the Important message/).check();
  await page.getByRole("button", { name: "Submit", exact: true }).click();
  await says(page.locator("main"), `Order ${order.number} was cancelled.`);
});

each("SEED-57, SEED-61, SEED-62: the drop-down has the orders of the product, newest first; each is cancelled on its own, after its own tick", async ({ as, w }) => {
  await house.set(BEGIN);
  const page = await as(AGENT);
  const customer = house.customer("DE");
  const other = await house.buy(page, customer, { item: CONNECTOR });
  const first = await house.buy(page, customer, { item: WINDOWS, quantity: 1 });
  await house.advance("P5D");
  const second = await house.buy(page, customer, { item: WINDOWS, quantity: 2 });
  let shown = await opened(page, w, first);
  const choice = shown.getByLabel(w("order-number"), { exact: true });
  const numbers = (await choice.locator("option").allInnerTexts()).map((own) => own.split(" · ")[0]);
  assert.ok(numbers.indexOf(second.number) < numbers.indexOf(first.number) && numbers.includes(second.number), "newest first");
  assert.ok(!numbers.includes(other.number), "only orders of this product");
  assert.equal(await choice.inputValue(), first.id, "the order one came from is chosen");
  await says(shown, days(w, 55));
  await shown.getByLabel(w("cancel-acknowledge")).check();
  await choice.selectOption(second.id);
  await says(shown.locator(".notice.done").filter({ hasText: days(w, 60) }), days(w, 60));
  assert.ok(!(await shown.getByLabel(w("cancel-acknowledge")).isChecked()), "another order, another tick");
  await submitted(shown, w);
  await says(shown, w("cancelled-lead", { order: second.number }));
  await page.goto(`${first.base}/orders/${first.id}`);
  await says(page.locator("h1"), w("order-status-completed"));
  shown = await opened(page, w, first);
  assert.ok(await shown.getByRole("button", { name: w("submit"), exact: true }).isDisabled());
  await submitted(shown, w);
  await page.goto(`${first.base}/orders`);
  for (const own of [first, second]) await says(page.locator("tbody tr", { hasText: own.number }), w("order-status-cancelled"));
  await says(page.locator("tbody tr", { hasText: other.number }), w("order-status-completed"));
});

each("SEED-55, SEED-58: customers are found by name, Microsoft ID and domain; order ids stand in the order history", async ({ as, w }) => {
  const page = await as(AGENT);
  const customer = house.customer("DE");
  const order = await house.buy(page, customer, { item: CONNECTOR });
  for (const text of [customer.name.slice(0, 5), customer.id, customer.domain]) {
    await page.goto("/customers");
    await page.getByLabel(w("customers-find"), { exact: true }).fill(text);
    await page.locator("main form").getByRole("button", { name: w("frame-search"), exact: true }).click();
    await says(page.locator("main table"), customer.domain);
    assert.equal(await page.locator("main tbody tr").count(), 1, text);
  }
  const shown = await opened(page, w, order);
  await shown.locator("summary", { hasText: w("cancel-have-ready") }).click();
  for (const text of [customer.name, customer.id, customer.domain, "External Connector"]) await says(shown, text);
  await shown.locator("details a").click();
  assert.equal(await page.getByRole("heading", { level: 1 }).innerText(), w("section-orders"));
  await page.getByLabel(w("order-number"), { exact: true }).fill(order.number);
  await page.getByRole("button", { name: w("products-show"), exact: true }).click();
  assert.equal(await page.locator("main tbody tr").count(), 1);
  await page.getByRole("link", { name: order.number, exact: true }).click();
  await says(page.locator("main"), order.id);
});

each("SEED-67, SEED-68, SEED-69: keys and links of what was cancelled are over for partner and customer; it stays listed, and the acknowledgement is on record", async ({ as, w }) => {
  await house.set(BEGIN);
  const page = await as(AGENT);
  page.guard.allow(/status of 409/);
  const order = await house.buy(page, house.customer("SE"), { item: SQL });
  const choice = "version=2019&language=en-US&bits=32&type=EXE+%28Windows%29";
  await page.goto(`${order.software}?${choice}`);
  await page.getByRole("button", { name: w("key-get"), exact: true }).click();
  await dialog(page).locator("summary").click();
  const key = await dialog(page).locator("#key-text").innerText();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: w("link-copy") }).click();
  const link = await dialog(page).getByLabel(w("link-label")).inputValue();
  await page.keyboard.press("Escape");
  assert.equal((await fetch(link, { headers: { range: "bytes=0-9" } })).status, 206);
  await submitted(await opened(page, w, order), w);
  assert.ok([404, 410].includes((await fetch(link)).status), "the link is over at once");
  await page.goto(`${order.base}/software`);
  await says(folded(page, order).locator("summary"), w("line-state-cancelled"));
  await folded(page, order).locator("summary").click();
  assert.equal(await folded(page, order).getByRole("link", { name: w("cancel") }).count(), 0);
  await page.goto(`${order.software}?${choice}`);
  await says(page.locator("main"), w("software-was-cancelled"));
  await saysNot(page.locator("main"), w("key-get"));
  await says(page.locator("main table"), w("link-standing-revoked"));
  const sent = await house.post(page, `${order.software}/key`, { version: "2019" });
  assert.equal(sent.status(), 409);
  assert.ok(!(await sent.text()).includes(key), "the key is shown to nobody any more");
  const customer = await as("global.admin@fjallvind.onmicrosoft.com");
  customer.guard.allow(/status of 409/);
  await customer.goto(`${order.software.replace(order.base, "")}?${choice}`);
  await says(customer.locator("main"), w("software-was-cancelled"));
  assert.equal((await house.post(customer, `${order.software.replace(order.base, "")}/key`, { version: "2019" })).status(), 409);
  await page.goto("/activity?kind=update_order");
  const row = page.locator("main tbody tr").first();
  await row.locator("summary").click();
  await says(row, w("fact-acknowledged"));
});

each("SEED-50: what has no window is not offered to be cancelled", async ({ as, w }) => {
  await house.set(BEGIN);
  const page = await as(AGENT);
  for (const item of [SUSE, VIRTUAL_MACHINE]) {
    const order = await house.buy(page, house.customer("SE"), { item });
    await page.goto(`${order.base}/software`);
    assert.equal(await folded(page, order).count(), 0, "it is no software");
    await page.goto(`${order.base}/orders/${order.id}`);
    await says(page.locator("h1"), w("order-status-completed"));
    assert.equal(await page.locator("main").getByRole("link", { name: w("cancel") }).count(), 0);
    await page.goto(`${order.software}/cancel`);
    assert.equal(await page.getByRole("button", { name: w("submit"), exact: true }).count(), 0);
    await says(page.locator("main"), w.like("refusal-not-cancellable", { family: undefined }));
  }
});

one("SEED-53: cancelling is for Admin agents", async ({ as }) => {
  await house.set(BEGIN);
  const agent = await as(AGENT);
  const order = await house.buy(agent, house.customer("SE"), { item: WINDOWS });
  const promised = await house.promised(agent, order);
  for (const role of [SALES, "global.admin@norrsken.example", "helpdesk.agent@norrsken.example", "billing.admin@norrsken.example"]) {
    const page = await as(role);
    page.guard.allow(/status of 403/);
    for (const path of [order.base, `${order.base}/orders`, `${order.base}/orders/${order.id}`, `${order.base}/software`]) {
      await page.goto(path);
      assert.equal(await page.locator("main").getByRole("link", { name: /^Cancel/ }).count(), 0, `${role} ${path}`);
    }
    assert.equal((await page.goto(`${order.software}/cancel`)).status(), 403, role);
    const sent = await house.post(page, `${order.software}/cancel`, promised);
    assert.equal(sent.status(), 403, role);
  }
  await agent.goto(order.software);
  await says(agent.locator("h1"), "Active");
});

one("a cancellation without a mouse", async ({ as }) => {
  await house.set(BEGIN);
  const page = await as(AGENT);
  const order = await house.buy(page, house.customer("DE"), { item: CONNECTOR });
  await page.goto(order.software);
  const reach = async (selector) => {
    for (let steps = 0; steps < 60; steps += 1) {
      await page.keyboard.press("Tab");
      if (await page.evaluate((own) => document.activeElement?.matches(own) ?? false, selector)) return;
    }
    assert.fail(`${selector} is not reached with Tab`);
  };
  await reach("a.danger[data-dialog]");
  await page.keyboard.press("Enter");
  await dialog(page).waitFor();
  assert.ok(await dialog(page).evaluate((part) => part.contains(document.activeElement)), "the focus went into the dialog");
  await page.keyboard.press("Escape");
  await dialog(page).waitFor({ state: "detached" });
  assert.ok(await page.evaluate(() => document.activeElement.matches("a.danger[data-dialog]")), "and back to where it came from");
  await page.keyboard.press("Enter");
  await dialog(page).waitFor();
  await reach("dialog #acknowledged");
  await page.keyboard.press("Space");
  await reach("dialog #cancel-submit");
  await page.keyboard.press("Enter");
  await dialog(page).getByRole("heading", { name: "The purchase is cancelled" }).waitFor();
  assert.ok(await dialog(page).evaluate((part) => part.contains(document.activeElement)), "the focus stayed in the dialog");
  await page.keyboard.press("Escape");
  await page.locator("h1 .badge", { hasText: "Cancelled" }).waitFor();
});

one("a cancellation without JavaScript", async ({ as }) => {
  await house.set(BEGIN);
  const page = await as(AGENT, { javaScriptEnabled: false });
  page.guard.allow(/status of 409/);
  const first = await house.buy(page, house.customer("US"), { item: WINDOWS });
  const second = await house.buy(page, house.customer("US"), { item: WINDOWS });
  await page.goto(first.software);
  await page.locator("a.danger").click();
  await page.getByLabel("Order number", { exact: true }).selectOption(second.id);
  await page.getByRole("button", { name: "Show this order", exact: true }).click();
  assert.equal(await page.getByLabel("Order number", { exact: true }).inputValue(), second.id);
  // Submit without the tick: the browser stops it, and so does the server.
  await page.getByRole("button", { name: "Submit", exact: true }).click();
  assert.match(page.url(), /\/cancel\?/);
  const sent = await house.post(page, `${first.software}/cancel`, { order: second.id, of: second.id });
  assert.equal(sent.status(), 409);
  assert.ok((await sent.text()).includes("Tick that you read the Important message"));
  await page.getByLabel(/I have read the Important message/).check();
  await page.getByRole("button", { name: "Submit", exact: true }).click();
  await says(page.locator("main"), `Order ${second.number} was cancelled.`);
  await page.goto(first.software);
  await says(page.locator("h1"), "Active");
});

one("Submit pressed twice cancels once, and going back does no harm", async ({ as }) => {
  await house.set(BEGIN);
  const page = await as(AGENT);
  const order = await house.buy(page, house.customer("US"), { item: WINDOWS });
  await page.goto(`${order.software}/cancel`);
  await page.getByLabel(/I have read the Important message/).check();
  await page.locator("#cancel-submit").dblclick();
  await page.getByRole("heading", { name: "The purchase is cancelled" }).waitFor();
  await page.goto(`${order.software}/cancel`);
  await says(page.locator("main"), "This is cancelled already.");
  await page.goto(`${order.base}/orders/${order.id}`);
  assert.equal(await page.locator('section[aria-labelledby="charged"] tbody tr').count(), 2, "a charge and a credit");
});

one("a credit that changed meanwhile is shown again before anything is cancelled", async ({ as, another }) => {
  await house.set(BEGIN);
  const page = await as(AGENT);
  page.guard.allow(/status of 409/);
  const order = await house.buy(page, house.customer("US"), { item: SQL });
  await house.advance("P3D");
  await page.goto(`${order.software}/cancel`);
  const before = cents(await page.locator("li.row strong").innerText());
  await page.getByLabel(/I have read the Important message/).check();
  await house.advance("P1D");
  await page.locator("#cancel-submit").click();
  const shown = page.locator("main");
  await says(shown.getByRole("alert"), / by now: .+ was promised until .+, and days have been used since/);
  assert.ok(cents(await shown.locator("li.row strong").innerText()) < before);
  const other = await another(page);
  await other.goto(order.software);
  await says(other.locator("h1"), "Active");
});

one("the same fields stand on a page or in a dialog, never in both: the label of the dialog ticks its own box", async ({ as }) => {
  await house.set(BEGIN);
  const page = await as(AGENT);
  const first = await house.buy(page, house.customer("US"), { item: SQL });
  const second = await house.buy(page, house.customer("US"), { item: SQL });
  // Opened as a page it stays one, whatever is chosen on it.
  await page.goto(`${first.software}/cancel`);
  await page.getByLabel("Order number", { exact: true }).selectOption(second.id);
  await page.waitForURL(/\/cancel\?.*order=/);
  assert.equal(await page.locator("dialog").count(), 0);
  await page.getByText(/I have read the Important message/).click();
  assert.ok(await page.locator("#cancel-submit").isEnabled());
  // Opened as a dialog it stays that.
  await page.goto(first.software);
  await page.locator("a.danger[data-dialog]").first().click();
  await dialog(page).waitFor();
  await dialog(page).getByLabel("Order number", { exact: true }).selectOption(second.id);
  await page.waitForFunction((id) => document.querySelector("dialog[open] input[name=of]")?.value === id, second.id);
  await dialog(page).getByText(/I have read the Important message/).click();
  assert.ok(await dialog(page).locator("#cancel-submit").isEnabled());
  const twice = await page.evaluate(() => {
    const ids = [...document.querySelectorAll("[id]")].map((own) => own.id);
    return ids.filter((id, at) => ids.indexOf(id) !== at);
  });
  assert.deepEqual(twice, [], "no id stands twice");
});

one("a session that ended before Submit leads to the sign-in, and nothing is cancelled", async ({ as }) => {
  await house.set(BEGIN);
  const page = await as(AGENT);
  const order = await house.buy(page, house.customer("US"), { item: WINDOWS });
  await page.goto(order.software);
  await page.locator("a.danger").click();
  await dialog(page).getByLabel(/I have read the Important message/).check();
  const kept = await page.context().cookies();
  await page.context().clearCookies();
  await dialog(page).locator("#cancel-submit").click();
  await page.waitForURL(/\/sign-in/);
  await page.context().addCookies(kept);
  await page.goto(order.software);
  await says(page.locator("h1"), "Active");
});
