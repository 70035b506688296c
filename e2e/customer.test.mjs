// What a partner sees of one customer: its months of charges and credits, and its people.

import assert from "node:assert/strict";
import { after } from "node:test";
import { AGENT, BEGIN, SALES, cents, open, says, saysNot, tests } from "./lib.mjs";

const house = await open();
after(() => house.close());
const { one, each } = tests(house);

const SQL = "DG7GMGF0FKZV:0002:DG7GMGF0HFR6";
const CONNECTOR = "DG7GMGF0D515:0001:DG7GMGF0L5AS";
/** A customer for each language, so that nobody's month has another's figures. */
const OF = { en: house.customer("US"), de: house.customer("DE"), sv: house.customer("SE") };

const section = (page, w, id) => page.locator("nav.tabs").getByRole("link", { name: w(id), exact: true });

each("a customer's Billing has the charges and credits of a month, its sums, and the months before and after", async ({ as, w, language }) => {
  await house.set(BEGIN);
  const page = await as(AGENT);
  const customer = OF[language];
  const kept = await house.buy(page, customer, { item: CONNECTOR, quantity: 2 });
  const gone = await house.buy(page, customer, { item: SQL });
  await house.advance("P3D");
  await house.cancel(page, gone);
  await page.goto(kept.base);
  await section(page, w, "section-billing").click();
  const january = await page.getByRole("heading", { level: 1 }).innerText();
  assert.match(january, w.like("billing-title"));
  assert.match(january, /2020/);
  const charged = page.locator('section[aria-labelledby="charged"] tbody tr');
  assert.equal(await charged.count(), 3);
  const of = (order, kind) => charged.filter({ hasText: order.number }).filter({ hasText: w(`charge-${kind}`) });
  const amount = async (row) => cents(await row.locator("td.sum").innerText());
  const [first, second, back] = await Promise.all([of(kept, "new"), of(gone, "new"), of(gone, "cancelimmediate")].map(amount));
  assert.ok(first > 0n && second > 0n && back < 0n && -back < second, "three days were used");
  const sums = page.locator('section[aria-labelledby="sums"] tbody tr');
  assert.equal(await sums.count(), 1);
  assert.deepEqual((await sums.locator("td").allInnerTexts()).map(cents), [first + second, back, first + second + back]);
  // Its order is a click away.
  await of(gone, "cancelimmediate").getByRole("link", { name: gone.number, exact: true }).click();
  assert.equal(new URL(page.url()).pathname, `${gone.base}/orders/${gone.id}`);
  await page.goBack();

  const months = page.getByRole("navigation", { name: w("billing-months"), exact: true });
  const [earlier, later] = ["billing-earlier", "billing-later"].map((id) => months.getByRole("link", { name: w(id), exact: true }));
  assert.equal(await later.count(), 0, "no month to come");
  await earlier.click();
  assert.match(await page.getByRole("heading", { level: 1 }).innerText(), /2019/);
  await says(page.locator("main"), w("billing-none"));
  await later.click();
  assert.equal(await page.getByRole("heading", { level: 1 }).innerText(), january);
  assert.equal(await charged.count(), 3);
  // A month later there is another.
  await house.set("2020-02-10T10:00:00Z");
  await page.goto(`${kept.base}/billing`);
  assert.notEqual(await page.getByRole("heading", { level: 1 }).innerText(), january);
  await says(page.locator("main"), w("billing-none"));
  await earlier.click();
  assert.equal(await page.getByRole("heading", { level: 1 }).innerText(), january);
  assert.equal(await charged.count(), 3);
});

each("a customer's Users: somebody is added, given another role, stopped and let in again", async ({ as, fresh, w, language }) => {
  const page = await as(AGENT);
  const customer = OF[language];
  await page.goto(`/customers/${customer.id}`);
  await section(page, w, "section-users").click();
  await page.getByRole("link", { name: w("users-add"), exact: true }).click();
  await says(page.locator("p.whose"), customer.name);
  const upn = `eva@${customer.domain}`;
  await page.getByLabel(w("users-name"), { exact: true }).fill("Eva Ek");
  await page.getByLabel(w("sign-in-name"), { exact: true }).fill(upn);
  await page.getByLabel(w("role-customer-global-admin"), { exact: true }).check();
  assert.equal(await page.locator("#role-global_admin").count(), 0, "the partner's own roles are not given here");
  await page.getByRole("button", { name: w("users-add-do"), exact: true }).click();
  await says(page.locator("main"), w("users-password-careful"));
  await says(page.locator("main"), upn);
  const password = await page.locator("code.secret").innerText();
  await page.getByRole("link", { name: w("users-password-back"), exact: true }).click();
  const row = page.getByRole("row", { name: upn });
  await says(row, w("role-customer-global-admin"));
  await says(row, w("users-active"));
  await says(row, w("users-factor-missing"));

  // The password lets in, to choose another.
  const eva = await fresh();
  eva.guard.allow(/status of 401/);
  const signs = async () => {
    await eva.goto("/sign-in");
    await eva.locator("#upn").fill(upn);
    await eva.locator("#password").fill(password);
    await eva.locator('form[action="/sign-in"] button[type=submit]').click();
  };
  await signs();
  await says(eva.locator("h1"), w("password-title-first"));

  await row.getByRole("link", { name: "Eva Ek", exact: true }).click();
  await page.getByLabel(w("role-customer-global-admin"), { exact: true }).uncheck();
  await page.getByLabel(w("role-customer-billing-admin"), { exact: true }).check();
  await page.getByRole("button", { name: w("users-save"), exact: true }).click();
  await says(page.getByRole("status"), w("users-saved"));
  await page.locator("summary", { hasText: w("users-disable") }).click();
  await page.getByRole("button", { name: w("users-disable-do"), exact: true }).click();
  await says(page.locator("main"), w("users-disabled"));
  await signs();
  assert.match(eva.url(), /\/sign-in/, "whoever is stopped does not get in");
  await page.getByRole("button", { name: w("users-enable-do"), exact: true }).click();
  await saysNot(page.locator("main"), w("users-disabled"));
  await page.getByRole("link", { name: w("users-all"), exact: true }).click();
  await says(row, w("role-customer-billing-admin"));
  await signs();
  await says(eva.locator("h1"), w("password-title-first"));
});

one("Billing and Users are for those whose work it is", async ({ as }) => {
  const base = `/customers/${house.customer("DE").id}`;
  const other = await as("admin.agent@harborpoint.example");
  other.guard.allow(/status of 404/);
  for (const path of ["/billing", "/users", "/users/new"]) assert.equal((await other.goto(base + path)).status(), 404, path);
  // Sales agents see what was charged, helpdesk agents the people, too, and neither changes anybody.
  for (const [upn, opens] of [[SALES, ["/billing"]], ["helpdesk.agent@norrsken.example", ["/billing", "/users"]]]) {
    const page = await as(upn);
    page.guard.allow(/status of 403/);
    await page.goto(base);
    const offered = await page.locator("nav.tabs a").evaluateAll((list) => list.map((own) => own.getAttribute("href")));
    for (const path of ["/billing", "/users", "/users/new"]) {
      assert.equal((await page.goto(base + path)).status(), opens.includes(path) ? 200 : 403, `${upn} ${path}`);
      assert.equal(offered.includes(base + path), opens.includes(path), `${upn} ${path}`);
      assert.equal(await page.locator(`main a[href$="/users/new"]`).count(), 0);
    }
  }
});

each("a name that is hardly a legal one is asked back once, and nothing typed is lost", async ({ as, w, language }) => {
  const page = await as(AGENT);
  page.guard.allow(/status of 422/);
  await page.goto("/customers/new");
  const domain = `hardly${language}`;
  const typed = { company: `${domain}.com`, domain, first_name: "Ada", last_name: "Ek", email: `ada@${domain}.example`, line1: "Gatan 1", postal_code: "211 20", city: "Malmö" };
  for (const [field, value] of Object.entries(typed)) await page.fill(`#${field}`, value);
  await page.selectOption("#country", "SE");
  const send = page.locator('form[action="/customers/new"] button[type=submit]');
  await send.click();
  assert.equal(await page.locator("#company-fault").innerText(), w("customer-name-doubt-domain"));
  for (const [field, value] of Object.entries(typed)) assert.equal(await page.inputValue(`#${field}`), value, field);
  await page.getByLabel(w("customer-name-is-right", { name: typed.company }), { exact: true }).check();
  await send.click();
  await says(page.locator("main"), typed.company);
  assert.equal(await page.locator("#company-fault").count(), 0);
  // It is found by the middle of its name, and by what it is.
  await page.goto("/customers");
  await page.getByLabel(w("customers-find"), { exact: true }).fill(domain.slice(2));
  await page.getByLabel(w("customers-country"), { exact: true }).selectOption("SE");
  await page.getByLabel(w("agreement-title"), { exact: true }).selectOption({ index: 2 });
  await page.getByRole("search", { name: w("sieve") }).getByRole("button", { name: w("frame-search"), exact: true }).click();
  const rows = page.locator("main tbody tr");
  assert.equal(await rows.count(), 1);
  await says(rows.first(), typed.company);
  assert.equal(await page.getByLabel(w("customers-country"), { exact: true }).inputValue(), "SE", "the filters stay");
  await page.getByLabel(w("customers-country"), { exact: true }).selectOption("US");
  await page.getByRole("search", { name: w("sieve") }).getByRole("button", { name: w("frame-search"), exact: true }).click();
  await says(page.locator("main"), w("customers-none-found"));
});
