// Billing a month from the console, and what the partner then finds: the document, its files, what is to pay.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after } from "node:test";
import { AGENT, BEGIN, cents, open, says, saysNot, tests } from "./lib.mjs";

const house = await open();
after(() => house.close());
const { each } = tests(house);

const OPERATOR = house.data.operator.upn;
const CONNECTOR = "DG7GMGF0D515:0001:DG7GMGF0L5AS";
/** A month for each language, so that each bills one of its own. */
const MONTHS = { en: 0, de: 1, sv: 2 };

each("the operator looks what a month would come to and bills it; the partner opens it, takes its files and sees it paid", async ({ as, w, language }) => {
  await house.set(BEGIN);
  await house.advance(`P${MONTHS[language]}M`);
  const page = await as(AGENT);
  await house.buy(page, house.customer("SE"), { item: CONNECTOR, quantity: 1 });
  await house.advance("P1M");

  const desk = await as(OPERATOR);
  await desk.goto(`${house.url}/operator/billing`);
  await desk.getByRole("button", { name: w("run-look"), exact: true }).click();
  const told = desk.locator('section[aria-labelledby="told"]');
  await told.waitFor();
  const shown = await told.locator("p.sum").first().innerText();
  await page.goto(`${house.url}/billing`);
  const before = await page.locator("tbody tr").count();
  await desk.getByRole("button", { name: w("run-bill"), exact: true }).click();
  await desk.waitForLoadState();
  await says(told, shown);
  await desk.getByRole("button", { name: w("run-bill"), exact: true }).click();
  await desk.waitForLoadState();
  assert.equal(await told.locator("p.sum").count(), 0, "nothing is issued twice");

  await page.goto(`${house.url}/billing`);
  const rows = page.locator("tbody tr");
  assert.equal(await rows.count(), before + 1);
  await says(rows.first(), w("document-state-open"));
  const number = await rows.first().getByRole("link").innerText();
  await rows.first().getByRole("link").click();
  const gross = await page.locator('section[aria-labelledby="sums"] p.sum strong').innerText();
  assert.equal(cents(gross), cents(shown));
  // The page is set in the reader's language; programs find XML.
  const [saved] = await Promise.all([
    page.waitForEvent("download"),
    page.locator(".head").getByRole("link", { name: w("document-pdf"), exact: true }).click(),
  ]);
  assert.equal(saved.suggestedFilename(), `Invoice_${number}.pdf`);
  assert.equal((await readFile(await saved.path())).subarray(0, 5).toString(), "%PDF-");
  const refused = await page.context().request.get(`${house.url}/billing/${number}/documents/xrechnung`);
  assert.ok([200, 400].includes(refused.status()));

  // What is paid is seen at once.
  const partner = house.person(AGENT).partner_id;
  const minor = cents(gross).toString().padStart(3, "0");
  const amount = `${minor.slice(0, -2)}.${minor.slice(-2)}`;
  const day = { en: "2020-02-20", de: "2020-03-20", sv: "2020-04-20" }[language];
  await house.command("invoice", "paid", "--partner", partner, "--amount", amount, "--currency", "SEK", "--on", day, "--reference", `BANK ${language}`);
  await page.reload();
  const payments = page.locator('section[aria-labelledby="settled"]');
  await says(payments, `BANK ${language}`);
  await says(payments, w("document-state-paid"));
  await page.goto(`${house.url}/billing`);
  await says(page.locator("main"), w("documents-settled"));
  await saysNot(page.locator("main"), w("document-state-overdue"));
});
