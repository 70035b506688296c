// The operator's console at work that takes a while: it shows how far it is, can be left and come back to, and says how it
// ended.

import assert from "node:assert/strict";
import { after } from "node:test";
import { AGENT, BEGIN, camt, narrow, open, says, shot, tests, violations } from "./lib.mjs";

const house = await open();
after(() => house.close());
const { each } = tests(house);

const OPERATOR = house.data.operator.upn;
const SQL = "DG7GMGF0FKZV";
const KEYS = 100000;

/** A file of keys that are in no other. */
function keys(letter) {
  const rows = ["ProductId,Key"];
  for (let number = 0; number < KEYS; number += 1) {
    const text = `${letter}${number.toString(36)}`.toUpperCase().padStart(32, "0");
    rows.push(`${SQL},${text.match(/.{4}/g).join("-")}`);
  }
  return { name: "keys.csv", mimeType: "text/csv", buffer: Buffer.from(rows.join("\n")) };
}

const CONNECTOR = "DG7GMGF0D515:0001:DG7GMGF0L5AS";
/** A month for each language, so that each bills one of its own. */
const MONTHS = { en: ["2020-01", "2020-02-16"], de: ["2020-02", "2020-03-16"], sv: ["2020-03", "2020-04-16"] };

each("a bank's statement is read: what names an invoice is entered for it, the rest is given to whoever paid or put aside", async ({ as, w, language }) => {
  const [period, day] = MONTHS[language];
  await house.set(BEGIN);
  await house.set(`${period}-24T10:00:00Z`);
  const agent = await as(AGENT);
  await house.buy(agent, house.customer("SE"), { item: CONNECTOR, quantity: 1 });
  await house.set(`${day}T10:00:00Z`);
  await house.command("invoice", "run", "--period", period);
  await agent.goto(`${house.url}/billing`);
  const row = agent.locator("tbody tr").first();
  const number = await row.getByRole("link").innerText();

  const page = await as(OPERATOR, { bypassCSP: true });
  page.guard.allow(/status of 422/);
  await page.goto(`${house.url}/operator/payments`);
  const file = page.locator("#file");
  await file.setInputFiles({ name: "list.csv", mimeType: "text/csv", buffer: Buffer.from("date;amount") });
  assert.equal(await file.evaluate((own) => own.validationMessage), w("op-file-kind", { kinds: await file.getAttribute("accept") }), "told before it is sent");
  await file.setInputFiles({ name: "list.xml", mimeType: "text/xml", buffer: Buffer.from("date;amount") });
  await page.getByRole("button", { name: w("bank-read-do"), exact: true }).click();
  await page.locator("#file-fault").waitFor();
  await says(page.locator("#file-fault"), "camt.053");
  const bank = `${language}1`;
  const buffer = Buffer.from(camt([[bank, "100.00", `Faktura ${number}`], [`${language}2`, "50.00", "Tack"], [`${language}3`, "1.00", "Ränta"]], day));
  await page.locator("#file").setInputFiles({ name: "statement.xml", mimeType: "text/xml", buffer });
  await page.getByRole("button", { name: w("bank-read-do"), exact: true }).click();
  await page.waitForURL(/done=read/);
  await says(page.locator(".notice.done"), w("bank-read", { fresh: 3, known: 0, others: 0 }).trim());
  await says(page.locator("main"), w("bank-for", { partner: "Norrsken Programvara AB", documents: number }));
  await says(page.locator("main"), w("bank-names-none"));
  for (const theme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme: theme });
    await shot(page, `${language}-${theme}`, "operator-payments");
    assert.deepEqual(await violations(page), []);
  }
  await page.emulateMedia({ colorScheme: "light" });
  await page.getByRole("button", { name: w("bank-recognised"), exact: true }).click();
  await says(page.locator(".notice.done"), w("bank-entered-many", { count: 1 }));
  await agent.reload();
  await says(agent.locator("main"), number);

  // What nobody is: told at its row, with what was typed; then given to the partner by its name.
  const waiting = page.locator("ul.rows > li");
  assert.equal(await waiting.count(), 2);
  await waiting.first().locator("summary").click();
  await waiting.first().locator('input[name="paid_by"]').fill("Nobody");
  await waiting.first().getByRole("button", { name: w("bank-enter"), exact: true }).click();
  await page.locator('[id^="paid-fault"]').waitFor();
  assert.equal(await waiting.first().locator('input[name="paid_by"]').inputValue(), "Nobody");
  await narrow(page);
  await shot(page, `${language}-narrow`, "operator-payments");
  await page.setViewportSize({ width: 1280, height: 900 });
  await waiting.first().locator('input[name="paid_by"]').fill("norrsken programvara ab");
  await waiting.first().getByRole("button", { name: w("bank-enter"), exact: true }).click();
  await says(page.locator(".notice.done"), w("bank-done-entered", { partner: "Norrsken Programvara AB" }));
  await waiting.first().locator("summary").click();
  await waiting.first().getByRole("button", { name: w("bank-aside"), exact: true }).click();
  await says(page.locator(".notice.done"), w("bank-done-aside"));
  await says(page.locator("main"), w("bank-none-waiting"));

  // Taken back, it waits again.
  await page.getByRole("link", { name: w("bank-view-entered"), exact: true }).click();
  const entered = page.locator("ul.rows > li", { hasText: `${bank}-` });
  await entered.locator("summary").click();
  await entered.getByRole("button", { name: w("bank-take-back"), exact: true }).click();
  await says(page.locator(".notice.done"), w("bank-done-taken-back"));
  await says(entered, w("bank-undone"));
  await page.getByRole("link", { name: w("bank-view-waiting", { count: 1 }), exact: true }).click();
  await says(page.locator("ul.rows"), number);
  await page.getByRole("button", { name: w("bank-recognised"), exact: true }).click();
  await says(page.locator(".notice.done"), w("bank-entered-many", { count: 1 }));
});

each("a month is compared from each side, its differences are explained, and it is closed and opened again", async ({ as, w, language }) => {
  const [period, day] = MONTHS[language];
  await house.set(`${day}T10:00:00Z`);
  await house.command("invoice", "run", "--period", period);
  const page = await as(OPERATOR, { bypassCSP: true });
  page.guard.allow(/status of 422/);
  await page.goto(`${house.url}/operator/billing`);
  await page.getByRole("link", { name: w("way-close"), exact: true }).click();
  await page.locator("#period").selectOption(period);
  await page.getByRole("button", { name: w("close-choose"), exact: true }).click();
  await says(page.locator("#month"), w("close-state-new"));
  const month = await page.locator("#period option:checked").innerText();

  // What the vendor bills: a wrong file is told, the right one counts.
  const bill = (rows) => ({ name: "bill.csv", mimeType: "text/csv", buffer: Buffer.from(`ProductId,SkuId,ChargeType,Quantity,Subtotal,Currency\n${rows}`) });
  await page.locator("#file").setInputFiles(bill("DG7GMGF0AAAA,0001,New,1.5,10.00,EUR\n"));
  await page.getByRole("button", { name: w("bank-read-do"), exact: true }).click();
  await page.locator("#file-fault").waitFor();
  await says(page.locator("#file-fault"), "1.5");
  await page.locator("#file").setInputFiles(bill("DG7GMGF0AAAA,0001,New,3,1234.50,EUR\nDG7GMGF0AAAA,0001,cancelImmediate,1,-411.50,EUR\n"));
  await page.getByRole("button", { name: w("bank-read-do"), exact: true }).click();
  await says(page.locator(".notice.done"), w("close-done-vendor", { month }));
  await page.getByRole("button", { name: w("close-compare"), exact: true }).click();
  await says(page.locator(".notice.done"), w("close-done-compared", { month }));
  await says(page.locator("#month"), w("close-state-open"));
  await says(page.locator("main"), w("gap-vendor-otherwise"));
  await says(page.locator("main"), w("close-numbers", { expected: 0, found: 3 }));
  for (const theme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme: theme });
    await shot(page, `${language}-${theme}`, "operator-close");
    assert.deepEqual(await violations(page), []);
  }
  await page.emulateMedia({ colorScheme: "light" });
  await narrow(page);
  await shot(page, `${language}-narrow`, "operator-close");
  await page.setViewportSize({ width: 1280, height: 900 });

  // A reason that says nothing comes back; then every difference is explained, by keyboard alone.
  const waiting = page.locator('section[aria-labelledby="gaps"] ul.rows > li');
  await waiting.first().locator("summary").focus();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await page.keyboard.type("so");
  await page.keyboard.press("Enter");
  await page.locator('[id^="reason-fault"]').waitFor();
  assert.equal(await waiting.first().locator('input[name="reason"]').inputValue(), "so");
  for (let left = await waiting.count(); left > 0; left -= 1) {
    const own = waiting.first();
    if (!(await own.locator("details").getAttribute("open") !== null)) await own.locator("summary").click();
    await own.locator('input[name="reason"]').fill("ordered for ourselves");
    await own.getByRole("button", { name: w("close-explain"), exact: true }).click();
    await says(page.locator(".notice.done"), w("close-done-explained"));
    await page.waitForFunction((count) => document.querySelectorAll('section[aria-labelledby="gaps"] ul.rows > li').length === count, left - 1);
  }
  await says(page.locator("main"), w("close-none-open"));
  await page.getByRole("link", { name: w("close-view-explained"), exact: true }).click();
  await says(page.locator("main"), w("close-reason", { reason: "ordered for ourselves" }));
  await page.getByRole("button", { name: w("close-do", { month }), exact: true }).click();
  await says(page.locator(".notice.done"), w("close-done-closed", { month }));
  await says(page.locator("#month"), w("close-state-closed"));
  assert.equal(await page.getByRole("button", { name: w("close-compare"), exact: true }).count(), 0);
  await shot(page, `${language}-light`, "operator-closed");
  await page.locator("details.ask summary").click();
  await page.locator("#reopen").fill("a partner was left out");
  await page.locator("details.ask button").click();
  await says(page.locator(".notice.done"), w("close-done-reopened", { month }));
});

each("a long import of keys shows how far it is, can be left and come back to, and says what became of it", async ({ as, w, language }) => {
  const page = await as(OPERATOR, { bypassCSP: true });
  await page.goto(`${house.url}/operator/stock`);
  await page.locator("#file").setInputFiles(keys(language));
  await page.getByRole("button", { name: w("op-keys-add"), exact: true }).click();
  await page.waitForURL(/\/operator\/stock\/keys\/[^/]+$/, { waitUntil: "commit" });
  const watched = page.url();
  assert.equal(await page.locator("h1").innerText(), w("op-keys-importing"));
  const bar = page.getByRole("progressbar", { name: w("op-keys-importing"), exact: true });
  assert.equal(await bar.getAttribute("max"), String(KEYS));
  assert.deepEqual(await violations(page), []);
  await shot(page, `${language}-light`, "operator-watch");
  // Left, and come back to: the page looks again by itself until it is over.
  await page.goto(`${house.url}/operator/jobs`);
  await page.goto(watched);
  await page.waitForURL(/\/operator\/stock\?done=keys/, { timeout: 120000 });
  await says(page.locator(".notice.done"), w.like("op-keys-added"));
  await page.goto(watched);
  await page.waitForURL(/\/operator\/stock$/);
});

each("a change of the policies is looked at before it is planned, and taken back before it counts", async ({ as, w, language }) => {
  const page = await as(OPERATOR, { bypassCSP: true });
  page.guard.allow(/status of 422/);
  await page.goto(`${house.url}/operator/policies`);
  await page.getByRole("link", { name: w("op-plan"), exact: true }).click();
  const form = page.locator("form", { has: page.locator('input[value="cancellation"]') }).first();
  const day = { en: "2031-03-01", de: "2031-04-01", sv: "2031-05-01" }[language];
  await form.locator('input[name="length"]').fill("0");
  await form.getByRole("button", { name: w("op-plan-look"), exact: true }).click();
  await says(page.locator("#day-fault"), w("op-plan-day-wrong"));
  await form.locator('select[name="family"]').selectOption("subscription");
  await form.locator('input[name="day"]').fill(day);
  await form.locator('input[name="length"]').fill("30");
  await form.locator('select[name="credit"]').selectOption("prorated");
  await form.getByRole("button", { name: w("op-plan-look"), exact: true }).click();
  const preview = page.locator('section[aria-labelledby="preview"]');
  await says(preview, w("op-plan-preview"));
  await says(preview, w("op-window-days", { count: 30 }));
  for (const theme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme: theme });
    await shot(page, `${language}-${theme}`, "operator-plan");
    assert.deepEqual(await violations(page), []);
  }
  await page.emulateMedia({ colorScheme: "light" });
  await narrow(page);
  await shot(page, `${language}-narrow`, "operator-plan");
  await page.setViewportSize({ width: 1280, height: 900 });
  await preview.getByRole("button", { name: w("op-plan-put-down"), exact: true }).click();
  await says(page.locator(".notice.done"), w("op-plan-done"));
  const coming = page.locator('section[aria-labelledby="coming"]');
  await says(coming, w("op-window-days", { count: 30 }));
  await coming.getByRole("button", { name: w("op-plan-take-back") }).first().click();
  await says(page.locator(".notice.done"), w("op-plan-taken-back"));
  assert.equal(await coming.count(), 0);
});
