// What was bought: keys, downloads and links, at the partner's door and at the customer's (SEED-20 to SEED-40).

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { after } from "node:test";
import { AGENT, SALES, cents, open, says, saysNot, tests } from "./lib.mjs";

const house = await open();
after(() => house.close());
const { one, each } = tests(house);

const SQL = "DG7GMGF0FKZV:0002:DG7GMGF0HFR6";
const CONNECTOR = "DG7GMGF0D515:0001:DG7GMGF0L5AS";
const TITLE = "SQL Server Enterprise - 2 Core License Pack - 1 year";
const CHOICE = "version=2022&language=en-US&bits=64&type=ISO+%28Windows%29";
const SMALL = "version=2019&language=en-US&bits=32&type=EXE+%28Windows%29";
const CLIPBOARD = { permissions: ["clipboard-read", "clipboard-write"] };

/** One purchase for the whole file, of the customer whose people can sign in. */
const bought = await (async () => {
  const page = await house.as(AGENT);
  const order = await house.buy(page, house.customer("SE"), { item: SQL, quantity: 2 });
  await page.context().close();
  return order;
})();
const own = bought.software.replace(bought.base, "");

const dialog = (page) => page.locator("dialog[open]");
const fetched = async (link) => {
  const answer = await fetch(link);
  const body = Buffer.from(await answer.arrayBuffer());
  return { status: answer.status, body };
};
/** Presses Copy link and gives the link of the dialog. */
async function copied(page, w) {
  await page.getByRole("button", { name: w("link-copy") }).first().click();
  const link = await dialog(page).getByLabel(w("link-label")).inputValue();
  await dialog(page).getByRole("button", { name: w("close"), exact: true }).click();
  await page.locator("dialog").waitFor({ state: "detached" });
  return link;
}

each("SEED-20, SEED-23, SEED-24: Software lists what was bought, and a product in the list can be expanded", async ({ as, w }) => {
  const page = await as(AGENT);
  await page.goto("/customers");
  await page.getByRole("link", { name: house.customer("SE").name, exact: true }).click();
  await page.getByRole("navigation", { name: w("customer-sections", { name: house.customer("SE").name }) }).getByRole("link", { name: w("section-software"), exact: true }).click();
  assert.equal(await page.getByRole("heading", { level: 1 }).innerText(), w("section-software"));
  const folded = page.locator("details", { has: page.locator("summary", { hasText: bought.number }) });
  await says(folded.locator("summary"), TITLE);
  await says(folded.locator("summary"), w("line-state-fulfilled"));
  await folded.locator("summary").click();
  await says(folded.locator("dl").first(), w("order-number"));
  // The choice of SEED-25 opens right there, with labels of its own although it came later.
  await folded.locator("[data-expand]").waitFor();
  assert.equal(await folded.getByRole("heading", { name: w("software-select") }).count(), 1);
  await folded.getByLabel(w("software-version"), { exact: true }).selectOption("2019");
  await folded.getByRole("button", { name: w("submit"), exact: true }).click();
  await page.waitForURL(/version=2019/);
  assert.equal(await page.getByLabel(w("software-version"), { exact: true }).inputValue(), "2019");
});

each("SEED-25, SEED-26, SEED-27: Version, Language, Bitness and File type/OS; Submit shows what fits, with Get keys and downloads", async ({ as, w }) => {
  const page = await as(AGENT);
  await page.goto(bought.software);
  assert.equal(await page.getByRole("heading", { name: w("software-select"), exact: true }).count(), 1);
  await saysNot(page.locator("main"), w("key-get"));
  await page.getByLabel(w("software-version"), { exact: true }).selectOption("2022");
  await page.getByLabel(w("software-language"), { exact: true }).selectOption("sv-SE");
  await page.getByLabel(w("software-bits"), { exact: true }).selectOption("64");
  await page.getByLabel(w("software-type"), { exact: true }).selectOption("ISO (Windows)");
  await page.getByRole("button", { name: w("submit"), exact: true }).click();
  const results = page.locator("#results");
  assert.equal(await results.getByRole("heading", { level: 2 }).innerText(), w("software-get"));
  await says(results, "SQL_Server_2022_sv-SE_x64_practice.iso");
  assert.equal(await results.getByRole("button", { name: w("download") }).count(), 1, "one file fits");
  assert.equal(await results.getByRole("button", { name: w("key-get"), exact: true }).count(), 1);
  assert.ok(await results.evaluate((part) => part.getBoundingClientRect().top < innerHeight), "the result is in view");
  // A choice that fits nothing says what there is.
  await page.getByLabel(w("software-version"), { exact: true }).selectOption("2022");
  await page.getByLabel(w("software-bits"), { exact: true }).selectOption("32");
  await page.getByRole("button", { name: w("submit"), exact: true }).click();
  await says(results, w("software-no-such"));
  await says(results, w.like("software-there-is"));
});

each("SEED-28, SEED-29, SEED-30: Get Key opens a dialog with a key of 32 digits, which can be copied", async ({ as, w }) => {
  const page = await as(AGENT, CLIPBOARD);
  await page.goto(`${bought.software}?${CHOICE}`);
  const button = page.getByRole("button", { name: w("key-get"), exact: true });
  await button.click();
  const shown = dialog(page);
  await says(shown.getByRole("heading").first(), w("key-title", { version: "2022" }));
  assert.ok(await shown.evaluate((part) => part.contains(document.activeElement)), "the focus is in the dialog");
  await says(shown, w("key-opened"));
  await shown.locator("summary", { hasText: w("key-show") }).click();
  const key = await shown.locator("#key-text").innerText();
  assert.match(key, /^[A-Z0-9]{4}(-[A-Z0-9]{4}){7}$/);
  assert.equal(key.replaceAll("-", "").length, 32);
  await shown.getByRole("button", { name: w("key-copy"), exact: true }).click();
  await shown.getByRole("button", { name: w("copied"), exact: true }).waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), key);
  await page.keyboard.press("Escape");
  await page.locator("dialog").waitFor({ state: "detached" });
  assert.ok(await button.evaluate((part) => part === document.activeElement), "the focus is back where it was");
  assert.ok(!(await page.content()).includes(key), "the key is gone from the page");
  // Opened again it is the same key.
  await button.click();
  await dialog(page).locator("summary", { hasText: w("key-show") }).click();
  assert.equal(await dialog(page).locator("#key-text").innerText(), key);
});

each("SEED-31: Download starts the download, and the file is the one whose SHA-256 stands beside it", async ({ as, w }) => {
  const page = await as(AGENT);
  await page.goto(`${bought.software}?${CHOICE}`);
  const results = page.locator("#results");
  const sum = await results.locator("li code.address").innerText();
  const starting = page.waitForEvent("download");
  await results.getByRole("button", { name: w("download") }).click();
  const download = await starting;
  assert.equal(download.suggestedFilename(), "SQL_Server_2022_en-US_x64_practice.iso");
  const bytes = await readFile(await download.path());
  assert.equal(createHash("sha256").update(bytes).digest("hex"), sum.toLowerCase());
  await download.delete();
});

each("SEED-32: Copy link puts a link on the clipboard that works for whoever has it", async ({ as, w }) => {
  const page = await as(AGENT, CLIPBOARD);
  await page.goto(`${bought.software}?${CHOICE}`);
  await page.getByRole("button", { name: w("link-copy") }).first().click();
  const shown = dialog(page);
  const link = await shown.getByLabel(w("link-label")).inputValue();
  await says(shown, w("link-risks"));
  await shown.getByRole("button", { name: w("link-copy"), exact: true }).click();
  await shown.getByRole("button", { name: w("copied"), exact: true }).waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), link);
  const { status, body } = await fetched(link);
  assert.equal(status, 200);
  assert.equal(body.length, 3 * 1024 * 1024);
});

each("SEED-36: the risks of copying links and downloading are told, and the guide is one step away", async ({ as, w }) => {
  const page = await as(AGENT);
  await page.goto(`${bought.software}?${CHOICE}`);
  await says(page.locator("#results .notice"), w("link-risks"));
  await page.locator("#results .notice a").click();
  assert.equal(await page.getByRole("heading", { level: 1 }).innerText(), w("help-keys"));
});

each("SEED-37: from the Software page a purchase can be cancelled, with 100 % credit inside the window", async ({ as, w }) => {
  const page = await as(AGENT);
  const order = await house.buy(page, house.customer("DE"), { item: CONNECTOR, quantity: 2 });
  await page.goto(`${order.base}/software`);
  const folded = page.locator("details", { has: page.locator("summary", { hasText: order.number }) });
  await folded.locator("summary").click();
  await folded.getByRole("link", { name: w("cancel") }).click();
  const shown = dialog(page);
  await says(shown.getByRole("heading").first(), w.like("cancel-title"));
  await says(shown, "100 %");
  const paid = await page.context().request.get(`${house.url}${order.base}/orders/${order.id}`);
  const total = /<tfoot[^]*?<strong>([^<]+)</.exec(await paid.text())[1];
  assert.equal(cents(await shown.locator("li.row strong").innerText()), cents(total));
});

one("SEED-22: keys, files and links are for Admin agents; other roles get none of them", async ({ as }) => {
  const roles = ["global.admin", "sales.agent", "helpdesk.agent", "billing.admin", "user.management.admin", "account.admin", "referrals.admin", "marketing.content.admin", "mpn.partner.admin"];
  for (const role of roles) {
    const page = await as(`${role}@norrsken.example`);
    page.guard.allow(/status of 403/);
    const answer = await page.goto(`${bought.software}?${CHOICE}`);
    assert.equal(answer.status(), role === "global.admin" ? 200 : 403, role);
    await saysNot(page.locator("body"), "Get Key");
    await saysNot(page.locator("main"), "Copy link");
    if (role === "global.admin") await says(page.locator("main"), "Keys and downloads are for Admin agents.");
    for (const path of ["key", "link", "download"]) {
      const sent = await house.post(page, `${bought.software}/${path}`, { version: "2022" });
      assert.equal(sent.status(), 403, `${role} ${path}`);
    }
  }
});

each("SEED-33, SEED-34, SEED-35: a link is over after 50 downloads or 14 days, and the next one lives as long, as often as one likes", async ({ as, w, t, language }) => {
  const page = await as(AGENT);
  await page.goto(`${bought.software}?${SMALL}`);
  const first = await copied(page, w);
  const begun = await house.now();
  for (let count = 1; count <= 50; count += 1) {
    const { status } = await fetched(first);
    assert.equal(status, 200, `download ${count}`);
  }
  assert.notEqual((await fetched(first)).status, 200, "the fifty-first");
  await page.reload();
  await says(page.locator("main table tbody tr").first(), w("link-of", { used: 50, max: 50 }));
  await says(page.locator("main table tbody tr").first(), w("link-standing-used-up"));
  // Another two weeks, another fifty: again and again.
  for (let round = 1; round <= 3; round += 1) {
    await page.getByRole("button", { name: w("link-copy") }).first().click();
    await says(dialog(page), w("link-most", { count: 50 }));
    const until = await dialog(page).locator("time").getAttribute("datetime");
    const days = (new Date(until) - await house.now()) / 86400000;
    assert.ok(days >= 14 && days < 15, `${days} days`);
    const link = await dialog(page).getByLabel(w("link-label")).inputValue();
    assert.notEqual(link, first);
    assert.equal((await fetched(link)).status, 200);
    await house.advance("P13D");
    assert.equal((await fetched(link)).status, 200, "the day before it is still there");
    await house.advance("P2D");
    const over = await fetched(link);
    assert.ok([404, 410].includes(over.status), `${over.status} once it is over`);
    await page.goto(`${bought.software}?${SMALL}`);
    await says(page.locator("main table tbody tr").first(), w("link-standing-expired"));
  }
  // From the row of the one that ended, too.
  await page.locator("main table tbody tr").first().getByRole("button", { name: w("link-again") }).click();
  assert.equal((await fetched(await dialog(page).getByLabel(w("link-label")).inputValue())).status, 200);
  await page.goto(`${bought.software}?${SMALL}`);
  assert.equal(await page.locator("main table tbody tr").first().getByRole("button", { name: w("link-again") }).count(), 0);
  t.diagnostic(`${language}: from ${begun.toISOString()} to ${(await house.now()).toISOString()}`);
});

each("SEED-21, SEED-38, SEED-40: the customer's Global admin finds keys and downloads under Billing, Your products, Software", async ({ as, w }) => {
  const page = await as("global.admin@fjallvind.onmicrosoft.com", CLIPBOARD);
  await page.goto("/");
  await page.getByRole("link", { name: w("way-products"), exact: true }).first().click();
  await says(page.locator("main"), w("portal-billing"));
  assert.equal(await page.getByRole("heading", { level: 1 }).innerText(), w("way-products"));
  assert.equal(await page.getByRole("navigation", { name: w("way-products") }).getByRole("link", { name: w("section-software"), exact: true }).getAttribute("aria-current"), "page");
  const folded = page.locator("details", { has: page.locator("summary", { hasText: bought.number }) });
  await folded.locator("summary").click();
  assert.equal(await page.getByRole("link", { name: w("cancel") }).count(), 0, "cancelling is the partner's");
  await folded.getByRole("link", { name: w("software-open") }).click();
  await page.goto(`${page.url()}?${CHOICE}`);
  await page.getByRole("button", { name: w("key-get"), exact: true }).click();
  await says(dialog(page), w("key-give-customer"));
  await dialog(page).locator("summary", { hasText: w("key-show") }).click();
  assert.match(await dialog(page).locator("#key-text").innerText(), /^[A-Z0-9]{4}(-[A-Z0-9]{4}){7}$/);
  await dialog(page).getByRole("button", { name: w("close"), exact: true }).click();
  assert.equal((await fetched(await copied(page, w))).status, 200);
});

each("SEED-38: the customer's Billing admin sees the list only; others of the customer's see nothing", async ({ as, w }) => {
  const page = await as("billing.admin@fjallvind.onmicrosoft.com");
  page.guard.allow(/status of 403/);
  await page.goto("/software");
  await says(page.locator("main"), bought.number);
  await page.goto(`${own}?${CHOICE}`);
  await says(page.locator("main"), w("software-who-customer"));
  await saysNot(page.locator("main"), w("key-get"));
  for (const path of ["key", "link", "download"]) {
    assert.equal((await house.post(page, `${own}/${path}`, { version: "2022" })).status(), 403, path);
  }
  const other = await as("user@fjallvind.onmicrosoft.com");
  other.guard.allow(/status of 403/);
  assert.equal((await other.goto("/software")).status(), 403);
  await saysNot(other.locator("main"), bought.number);
});

each("SEED-39: the partner's people are refused at the customer's door, and the customer's at the partner's", async ({ as, w }) => {
  const page = await as(AGENT);
  page.guard.allow(/status of 403/);
  for (const path of ["/software", own, `${own}?${CHOICE}`]) {
    assert.equal((await page.goto(path)).status(), 403, path);
    await says(page.locator("main"), w("trouble-not-allowed-title"));
    assert.ok(await page.locator("main a").count(), "there is a way on");
  }
  assert.equal((await house.post(page, `${own}/key`, { version: "2022" })).status(), 403);
  const customer = await as("global.admin@fjallvind.onmicrosoft.com");
  customer.guard.allow(/status of 403/);
  assert.equal((await customer.goto(bought.software)).status(), 403);
  const stranger = await as("global.admin@moewenwerft.onmicrosoft.com");
  stranger.guard.allow(/status of 404/);
  assert.equal((await stranger.goto(own)).status(), 404, "another customer's purchase");
});

one("a sales agent has no way to Software", async ({ as }) => {
  const page = await as(SALES);
  await page.goto(bought.base);
  assert.equal(await page.getByRole("link", { name: "Software", exact: true }).count(), 0);
});

one("Get Key, Copy link and Download without JavaScript", async ({ as }) => {
  const page = await as(AGENT, { javaScriptEnabled: false });
  await page.goto(`${bought.base}/software`);
  const folded = page.locator("details", { has: page.locator("summary", { hasText: bought.number }) });
  await folded.locator("summary").click();
  await folded.getByRole("link", { name: "Keys and downloads" }).click();
  await page.getByLabel("Version", { exact: true }).selectOption("2019");
  await page.getByLabel("Language", { exact: true }).selectOption("en-US");
  await page.getByLabel("Bitness", { exact: true }).selectOption("32");
  await page.getByLabel("File type/OS", { exact: true }).selectOption("EXE (Windows)");
  await page.getByRole("button", { name: "Submit", exact: true }).click();
  await page.getByRole("button", { name: "Get Key", exact: true }).click();
  await page.locator("summary", { hasText: "Show the key" }).click();
  assert.match(await page.locator("#key-text").innerText(), /^[A-Z0-9]{4}(-[A-Z0-9]{4}){7}$/);
  assert.equal(await page.locator("button[data-close]:visible, button[data-copy]:visible").count(), 0, "no button that does nothing");
  await page.getByRole("button", { name: "Copy link" }).first().click();
  const link = await page.getByLabel("The link").inputValue();
  assert.equal((await fetched(link)).status, 200);
  const starting = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download" }).first().click();
  await (await starting).delete();
});

one("a product that has no files says so, and its key can be had", async ({ as }) => {
  const page = await as(AGENT);
  const order = await house.buy(page, house.customer("DE"), { item: CONNECTOR });
  await page.goto(order.software);
  await page.getByRole("button", { name: "Submit", exact: true }).click();
  await says(page.locator("#results"), "This product has a key only; there is nothing to download.");
  await page.getByRole("button", { name: "Get Key", exact: true }).click();
  await dialog(page).locator("summary").click();
  assert.match(await dialog(page).locator("#key-text").innerText(), /^[A-Z0-9]{4}(-[A-Z0-9]{4}){7}$/);
});
