// The activity log: who opened a key, who downloaded (SEED-41 to SEED-46).

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after } from "node:test";
import { AGENT, open, says, saysNot, tests } from "./lib.mjs";

const house = await open();
after(() => house.close());
const { one, each } = tests(house);

const ITEM = "DG7GMGF0FKZV:0002:DG7GMGF0HFR6";
const DAY = "2020-01-24";

/** Something to read about: a key that was opened and a file that was downloaded, both on the first day. */
const bought = await (async () => {
  const page = await house.as(AGENT);
  const order = await house.buy(page, house.customer("SE"), { item: ITEM });
  const text = await (await page.context().request.get(`${house.url}${order.software}?version=2022`)).text();
  const medium = /name="medium" value="([^"]+)"/.exec(text)[1];
  assert.equal((await house.post(page, `${order.software}/key`, { version: "2022" })).status(), 200);
  const sent = await house.post(page, `${order.software}/download`, { version: "2022", medium });
  assert.equal(sent.status(), 303, await sent.text());
  const file = await page.context().request.get(new URL(sent.headers().location, house.url).href);
  assert.equal(file.status(), 200);
  await page.context().close();
  return order;
})();
await house.advance("P3D");

async function sieve(page, w, values) {
  await page.getByLabel(w("log-from"), { exact: true }).fill(values.from);
  await page.getByLabel(w("log-to"), { exact: true }).fill(values.to);
  if (values.kind !== undefined) await page.getByLabel(w("log-action"), { exact: true }).selectOption(values.kind);
  await page.getByRole("button", { name: w("products-show"), exact: true }).click();
  await page.waitForLoadState();
}

each("SEED-44: sign in, the gear in the upper right, Activity log", async ({ as, w }) => {
  const page = await as(AGENT);
  await page.goto("/");
  const gear = page.locator("details.gear summary");
  const box = await gear.boundingBox();
  assert.ok(box.x > 1280 * 0.85 && box.y < 120, `the gear is at ${box.x}, ${box.y}`);
  assert.equal(await gear.getAttribute("title"), w("frame-settings"));
  await gear.click();
  await page.getByRole("link", { name: w("way-activity"), exact: true }).click();
  assert.equal(await page.getByRole("heading", { level: 1 }).innerText(), w("way-activity"));
});

async function rowOf(page, w, kind, id) {
  await page.goto("/activity");
  await sieve(page, w, { from: DAY, to: DAY, kind });
  // Opening a key is one entry; a download is one where it begins and one where it is complete.
  assert.equal(await page.locator("main tbody tr").count(), kind === "download_software" ? 2 : 1);
  const row = page.locator("main tbody tr").first();
  await says(row, w(id));
  await says(row, house.customer("SE").name);
  await says(row, w("side-partner"));
  assert.equal(await row.locator("time").getAttribute("datetime"), "2020-01-24T10:00:00Z");
  await row.locator("summary").click();
  return row;
}

each("SEED-41, SEED-46: the log lists who opened keys, by name", async ({ as, w }) => {
  const page = await as(AGENT);
  const row = await rowOf(page, w, "get_software_key", "operation-get-software-key");
  await says(row, bought.id);
  await says(row.locator("td.address"), /admin\.?\s?agent/i);
});

each("SEED-42: the log lists downloads of software", async ({ as, w }) => {
  const page = await as(AGENT);
  const row = await rowOf(page, w, "download_software", "operation-download-software");
  await says(row, bought.id);
  await says(row, "SQL_Server_2022_");
});

each("SEED-42, SEED-46: whoever pressed Download is named beside the download", async ({ as, w }) => {
  const page = await as(AGENT);
  const row = await rowOf(page, w, "download_software", "operation-download-software");
  await says(row.locator("td.address"), /admin\.?\s?agent/i);
});

each("SEED-45: a date range can be entered, and only what lies inside it is shown", async ({ as, w }) => {
  const page = await as(AGENT);
  await page.goto("/activity");
  await says(page.locator("main table"), w("operation-get-software-key"));
  await sieve(page, w, { from: DAY, to: DAY });
  await says(page.locator("main table"), w("operation-get-software-key"));
  for (const at of await page.locator("main tbody time").evaluateAll((all) => all.map((own) => own.dateTime))) assert.ok(at.startsWith(DAY), at);
  await sieve(page, w, { from: "2020-01-25", to: "2020-01-27", kind: "get_software_key" });
  await says(page.locator("main"), w("log-none"));
  await sieve(page, w, { from: "2019-12-01", to: "2020-01-23", kind: "" });
  assert.equal(await page.locator("main tbody tr").count(), 0);
  // What was entered stands in the fields again.
  assert.equal(await page.getByLabel(w("log-from"), { exact: true }).inputValue(), "2019-12-01");
});

one("SEED-43: the log is for Global admins, Account admins, Referrals admins, Marketing content admins and Admin agents", async ({ as }) => {
  const readers = ["global.admin", "account.admin", "referrals.admin", "marketing.content.admin", "admin.agent"];
  const others = ["sales.agent", "helpdesk.agent", "billing.admin", "user.management.admin", "mpn.partner.admin"];
  for (const role of [...readers, ...others]) {
    const page = await as(`${role}@norrsken.example`);
    page.guard.allow(/status of 403/);
    const allowed = readers.includes(role);
    assert.equal((await page.goto("/activity")).status(), allowed ? 200 : 403, role);
    if (allowed) await says(page.locator("main table"), house.customer("SE").name);
    else await saysNot(page.locator("main"), house.customer("SE").name);
    await page.locator("details.gear summary").click();
    assert.equal(await page.locator("details.gear").getByRole("link", { name: "Activity log", exact: true }).count(), allowed ? 1 : 0, role);
  }
});

one("whoever reads the log first after signing in is led there", async ({ fresh }) => {
  const page = await fresh();
  await page.goto("/activity");
  await page.waitForURL(/\/sign-in/);
  await house.signIn(page, "account.admin@harborpoint.example");
  assert.equal(new URL(page.url()).pathname, "/activity");
  await saysNot(page.locator("main"), house.customer("SE").name);
});

one("the log of one customer, and the customer's own", async ({ as }) => {
  const page = await as(AGENT);
  await page.goto(`${bought.base}/activity`);
  await says(page.locator("main table"), /key/i);
  const customer = await as("global.admin@fjallvind.onmicrosoft.com");
  await customer.goto("/");
  await customer.locator("details.gear summary").click();
  await customer.getByRole("link", { name: "Activity log", exact: true }).click();
  await says(customer.locator("main table"), /key/i);
});

one("the log can be taken away as a table, and as lines that can be verified", async ({ as }) => {
  const page = await as(AGENT);
  await page.goto("/activity");
  for (const [name, holds] of [["Export as CSV", "get_software_key"], ["Export to verify", "get_software_key"]]) {
    const starting = page.waitForEvent("download");
    await page.getByRole("link", { name, exact: true }).click();
    const download = await starting;
    assert.ok((await readFile(await download.path(), "utf8")).includes(holds), name);
    await download.delete();
  }
});

each("the log is asked for what one person did, and names its newest checkpoint", async ({ as, w }) => {
  const page = await as(AGENT);
  await page.goto(`/activity?from=${DAY}&to=${DAY}&kind=download_software`);
  const by = page.getByLabel(w("log-partner-user"), { exact: true });
  const name = await page.locator("main tbody tr td.address").first().innerText();
  const all = await page.locator("main tbody tr").count();
  const names = await by.locator("option").allInnerTexts();
  const mine = names.find((own) => own && name.includes(own.split(" (")[0]));
  assert.ok(mine, `${name} is not among ${names}`);
  await by.selectOption({ label: mine });
  await page.getByRole("button", { name: w("products-show"), exact: true }).click();
  assert.equal(await page.locator("main tbody tr").count(), all, `${mine} did all of it: ${names.join(", ")}; ${name}; ${page.url()}`);
  assert.equal(await by.locator("option:checked").innerText(), mine);
  const lead = page.locator("main p.hint").first();
  await says(lead, w.like("log-checkpoint"));
  assert.equal(await page.getByText(w("log-broken")).count(), 0);
});
