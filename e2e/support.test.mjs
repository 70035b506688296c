// Requests for support: the form, its files, and the conversation with the operator (SEED-64, SEED-70 to SEED-76).

import assert from "node:assert/strict";
import { after } from "node:test";
import { AGENT, SALES, open, says, saysNot, tests } from "./lib.mjs";

const house = await open();
after(() => house.close());
const { one, each } = tests(house);

const OPERATOR = house.data.operator.upn;
const SQL = "DG7GMGF0FKZV:0002:DG7GMGF0HFR6";
const MEGABYTE = 1024 * 1024;
/** A picture of one point. */
const PICTURE = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");
const png = (name = "screen.png") => ({ name, mimeType: "image/png", buffer: PICTURE });
const txt = (name = "notes.txt") => ({ name, mimeType: "text/plain", buffer: Buffer.from("It stops at 40 %.\n") });

const field = (page, w, id) => page.getByLabel(w(id), { exact: true });
const submit = (page, w) => page.getByRole("button", { name: w("support-submit"), exact: true }).click();
/** Where the page of a request is. */
const REQUEST = /\/support\/[0-9a-f-]{36}/;

/** Fills in a question about something technical. */
async function asks(page, w, title) {
  await page.goto("/support/new");
  await field(page, w, "support-type").selectOption({ label: w("support-topic-technical") });
  await field(page, w, "support-title").fill(title);
  await field(page, w, "support-description-text").fill(`${title}: it stops halfway, every time.`);
  await field(page, w, "support-phone").fill("+46 90 123 45");
}

/** The number of a request, as the page says it once it is filed. */
async function number(page, w) {
  await page.waitForURL(REQUEST);
  const said = w.like("support-raised").exec((await page.locator(".notice.done").innerText()).replace(/\s+/g, " "));
  assert.ok(said, "the page says that the request was submitted, and its number");
  return said[1].replace(/\.$/, "");
}

each("SEED-70: the link of the dialog that cancels opens Report a problem with Partner Center, filled in", async ({ as, w }) => {
  const page = await as(AGENT);
  const customer = house.customer("SE");
  const order = await house.buy(page, customer, { item: SQL });
  await page.goto(order.software);
  await page.locator("a.danger[data-dialog]").first().click();
  const dialog = page.locator("dialog[open]");
  await dialog.getByRole("link", { name: w("cancel-exception"), exact: true }).click();
  await page.waitForURL(/\/support\/new\?/);
  assert.equal(await page.getByRole("heading", { level: 1 }).innerText(), w("support-new-title"));
  assert.equal(await page.locator("dialog").count(), 0, "it is a page of its own");
  assert.equal(await field(page, w, "support-type").locator("option:checked").innerText(), w("support-topic-refund"));
  assert.equal(await field(page, w, "support-tenant").inputValue(), customer.id);
  assert.equal(await field(page, w, "support-purchase").inputValue(), order.number);
  assert.match(await field(page, w, "support-amount").inputValue(), /^\d+\.\d{2}$/);
  assert.match(await field(page, w, "support-title").inputValue(), w.like("support-refund-title"));
  assert.equal(await field(page, w, "support-email").inputValue(), AGENT);
  // What is left is the reason and a phone number.
  await field(page, w, "support-reason").fill("Ordered for the wrong customer.");
  await field(page, w, "support-phone").fill("+46 90 123 45");
  await submit(page, w);
  await number(page, w);
  await says(page.locator("main"), order.number);
  await says(page.locator("main"), "Ordered for the wrong customer.");
});

each("SEED-71: Type of problem offers CSP Purchase/Refund on behalf of customers, to those who ask for customers", async ({ as, w }) => {
  const page = await as(AGENT);
  await page.goto("/support");
  await page.getByRole("link", { name: w("support-new"), exact: true }).click();
  const offered = await field(page, w, "support-type").locator("option").allInnerTexts();
  assert.equal(offered[0], w("support-choose"), "nothing is chosen for anybody");
  assert.ok(offered.includes(w("support-topic-refund")));
  await field(page, w, "support-type").selectOption({ label: w("support-topic-refund") });
  assert.ok(await field(page, w, "support-tenant").isVisible());
  assert.ok(!(await field(page, w, "support-description-text").isVisible()));
  await field(page, w, "support-type").selectOption({ label: w("support-topic-technical") });
  assert.ok(!(await field(page, w, "support-tenant").isVisible()));
  assert.ok(await field(page, w, "support-description-text").isVisible());
  const sales = await as(SALES);
  await sales.goto("/support/new");
  const less = await field(sales, w, "support-type").locator("option").allInnerTexts();
  assert.ok(less.includes(w("support-topic-technical")) && !less.includes(w("support-topic-refund")));
});

each("SEED-72: the form has Impact, each with the time of the first answer, and Title", async ({ as, w }) => {
  const page = await as(AGENT);
  page.guard.allow(/status of 422/);
  await page.goto("/support/new");
  const impacts = [["critical", 2], ["moderate", 4], ["minimal", 8]];
  const wanted = impacts.map(([word, hours]) => w("support-impact-answer", { impact: w(`support-impact-${word}`), hours }));
  assert.deepEqual((await field(page, w, "support-impact").locator("option").allInnerTexts()).sort(), wanted.sort());
  await asks(page, w, "");
  await field(page, w, "support-impact").selectOption("critical");
  await submit(page, w);
  assert.equal(await page.locator("#title-fault").innerText(), w("field-required"));
  assert.equal(await field(page, w, "support-impact").inputValue(), "critical");
  await field(page, w, "support-title").fill("Nobody can sign in");
  await submit(page, w);
  await number(page, w);
  assert.match(await page.locator("h1").innerText(), /^Nobody can sign in/);
  await says(page.locator("dl.facts"), w("support-impact-critical"));
});

each("SEED-73: Description asks for customer, order, reason and amount; each is complained about at its field, and nothing typed is lost", async ({ as, w }) => {
  const page = await as(AGENT);
  page.guard.allow(/status of 422/);
  const customer = house.customer("SE");
  const order = await house.buy(page, customer, { item: SQL });
  await page.goto("/support/new?topic=refund");
  await field(page, w, "support-title").fill("Money back");
  await field(page, w, "support-phone").fill("+46 90 123 45");
  await submit(page, w);
  const items = ["tenant", "purchase", "reason", "amount"];
  for (const name of items) {
    assert.equal(await page.locator(`#${name}-fault`).innerText(), w("field-required"), name);
    assert.equal(await page.locator(`#${name}`).getAttribute("aria-describedby"), `${name}-fault`);
  }
  await says(page.getByRole("alert"), w("field-summary", { count: 4 }));
  assert.equal(await field(page, w, "support-title").inputValue(), "Money back");
  const typed = { tenant: "nobody.example", purchase: "no-such-order", reason: "Bought twice.", amount: "much" };
  for (const [name, text] of Object.entries(typed)) await field(page, w, `support-${name}`).fill(text);
  await submit(page, w);
  assert.equal(await page.locator("#tenant-fault").innerText(), w("support-customer-unknown"));
  for (const [name, text] of Object.entries(typed)) assert.equal(await field(page, w, `support-${name}`).inputValue(), text);
  await field(page, w, "support-tenant").fill(customer.id);
  await submit(page, w);
  assert.equal(await page.locator("#purchase-fault").innerText(), w("support-order-unknown"));
  await field(page, w, "support-purchase").fill(order.number);
  await submit(page, w);
  assert.match(await page.locator("#amount-fault").innerText(), w.like("support-amount-wrong"));
  await field(page, w, "support-amount").fill("100.00");
  await submit(page, w);
  await number(page, w);
  for (const id of items) await says(page.locator("main"), w(`support-${id}`));
  await says(page.locator("main"), "Bought twice.");
});

each("SEED-74: Contact takes name, e-mail address and phone number", async ({ as, w }) => {
  const page = await as(AGENT);
  page.guard.allow(/status of 422/);
  await asks(page, w, "Who is called back?");
  assert.notEqual(await field(page, w, "support-name").inputValue(), "", "one's own name stands there already");
  await field(page, w, "support-name").fill("Astrid Berg");
  await field(page, w, "support-email").fill("astrid");
  await field(page, w, "support-phone").fill("");
  await submit(page, w);
  assert.equal(await page.locator("#contact_email-fault").innerText(), w("field-mail"));
  assert.equal(await page.locator("#contact_phone-fault").innerText(), w("field-required"));
  assert.equal(await field(page, w, "support-name").inputValue(), "Astrid Berg");
  await field(page, w, "support-email").fill("astrid@norrsken.example");
  await field(page, w, "support-phone").fill("+46 90 678 90");
  await submit(page, w);
  await number(page, w);
  for (const own of ["Astrid Berg", "astrid@norrsken.example", "+46 90 678 90"]) await says(page.locator("dl.facts"), own);
});

each("SEED-75: Add files attaches files, and can be left out", async ({ as, w }) => {
  const page = await as(AGENT);
  await asks(page, w, "With files");
  await field(page, w, "support-add-files").setInputFiles([png(), txt()]);
  await submit(page, w);
  await number(page, w);
  const files = page.getByRole("list", { name: w("support-files"), exact: true }).getByRole("link");
  assert.deepEqual(await files.allInnerTexts(), ["screen.png", "notes.txt"]);
  const sent = await page.context().request.get(house.url + await files.first().getAttribute("href"));
  assert.deepEqual(await sent.body(), PICTURE);
  assert.match(sent.headers()["content-disposition"], /^attachment/);
  assert.equal(sent.headers()["x-content-type-options"], "nosniff");
  await asks(page, w, "Without files");
  await submit(page, w);
  await number(page, w);
  assert.equal(await files.count(), 0);
});

each("SEED-75: a file that is too large is refused before anything is sent", async ({ as, w }) => {
  const page = await as(AGENT);
  await asks(page, w, "Too large");
  const files = field(page, w, "support-add-files");
  await files.setInputFiles({ name: "large.txt", mimeType: "text/plain", buffer: Buffer.alloc(10 * MEGABYTE + 1, "a") });
  const said = await files.evaluate((own) => own.validationMessage);
  assert.equal(said, await files.getAttribute("data-wrong"));
  assert.notEqual(said, "");
  const sent = [];
  page.on("request", (own) => { if (own.method() === "POST") sent.push(own.url()); });
  await submit(page, w);
  await page.waitForTimeout(300);
  assert.deepEqual(sent, [], "nothing was sent");
  assert.equal(await field(page, w, "support-title").inputValue(), "Too large");
  // Another kind of file is refused there as well.
  await files.setInputFiles({ name: "tool.exe", mimeType: "application/octet-stream", buffer: Buffer.from("MZ") });
  assert.equal(await files.evaluate((own) => own.validationMessage), await files.getAttribute("data-kind"));
  await submit(page, w);
  await page.waitForTimeout(300);
  assert.deepEqual(sent, [], "nor is that");
  await files.setInputFiles(txt());
  await submit(page, w);
  await number(page, w);
});

each("SEED-75: what is not what its name says, or too large, is refused by the server", async ({ as, w }) => {
  const page = await as(AGENT, { javaScriptEnabled: false });
  page.guard.allow(/status of 422/);
  const program = { name: "holiday.png", mimeType: "image/png", buffer: Buffer.concat([Buffer.from("MZ\x90\x00", "latin1"), Buffer.alloc(512)]) };
  const large = { name: "large.txt", mimeType: "text/plain", buffer: Buffer.alloc(10 * MEGABYTE + 1, "a") };
  for (const [file, said] of [[program, w("support-file-kind", { name: "holiday.png" })], [large, w.like("support-file-too-large", { name: "large.txt" })]]) {
    await asks(page, w, "Look at this");
    await field(page, w, "support-add-files").setInputFiles(file);
    await submit(page, w);
    await says(page.locator("#files-fault"), said);
    await says(page.locator("#files-again"), w("support-files-again"));
    assert.equal(await field(page, w, "support-title").inputValue(), "Look at this");
  }
  await page.goto("/support");
  await saysNot(page.locator("main"), "Look at this");
});

each("SEED-75: while files are sent the page says how much has arrived, and then it is the request", async ({ as, w }) => {
  const page = await as(AGENT);
  await asks(page, w, "A large file");
  await field(page, w, "support-add-files").setInputFiles({ name: "large.txt", mimeType: "text/plain", buffer: Buffer.alloc(2 * MEGABYTE, "a") });
  const line = page.locator("[data-sending]");
  assert.ok(!(await line.isVisible()));
  const wire = await page.context().newCDPSession(page);
  await wire.send("Network.enable");
  await wire.send("Network.emulateNetworkConditions", { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 512 * 1024 });
  const posted = [];
  page.on("request", (own) => { if (own.method() === "POST") posted.push(own.url()); });
  await submit(page, w);
  await line.waitFor();
  await says(line, w("upload-sending"));
  const further = async (than) => (await page.waitForFunction((than) => {
    const { value } = document.querySelector("[data-sending] progress");
    return value > than && value < 1 && value;
  }, than, { polling: 50 })).jsonValue();
  const first = await further(0);
  assert.match(await line.locator("[data-percent]").innerText(), /^[1-9]\d?\s?%$/);
  await submit(page, w);
  await further(first);
  await number(page, w);
  assert.equal(posted.length, 1, "it was sent once");
  await says(page.getByRole("list", { name: w("support-files"), exact: true }), "large.txt");
});

each("a form without files is filled in again when its session ended before it was sent", async ({ as, w }) => {
  const page = await as(AGENT);
  const title = `Signed out, no files (${w.language})`;
  await asks(page, w, title);
  const kept = (await page.context().cookies()).find((own) => own.httpOnly && /session/.test(own.name));
  await page.context().clearCookies({ name: kept.name });
  await submit(page, w);
  await page.waitForURL(/\/sign-in/);
  await page.context().addCookies([kept]);
  await page.goto(new URL(new URL(page.url()).searchParams.get("flow"), page.url()).href);
  await says(page.locator("[data-typed-back]"), w("frame-typed-back"));
  assert.equal(await field(page, w, "support-title").inputValue(), title);
  await submit(page, w);
  await number(page, w);
});

each("whoever was signed out while writing keeps what was typed, signs in elsewhere, and sends it then", async ({ as, w }) => {
  const page = await as(AGENT);
  const title = `Signed out (${w.language})`;
  await asks(page, w, title);
  await field(page, w, "support-add-files").setInputFiles({ name: "small.txt", mimeType: "text/plain", buffer: Buffer.from("a") });
  const kept = (await page.context().cookies()).find((own) => own.httpOnly && /session/.test(own.name));
  await page.context().clearCookies({ name: kept.name });
  await submit(page, w);
  const told = page.locator("[data-signed-out]");
  await told.waitFor();
  await says(told, w("upload-signed-out"));
  assert.equal(await field(page, w, "support-title").inputValue(), title);
  await page.context().addCookies([kept]);
  await submit(page, w);
  await number(page, w);
  await says(page.getByRole("list", { name: w("support-files"), exact: true }), "small.txt");
});

each("SEED-75: a file the server refuses is told at its field, in the form that was sent, and nothing typed is lost", async ({ as, w }) => {
  const page = await as(AGENT);
  page.guard.allow(/status of 422/);
  const title = `In its place (${w.language})`;
  await asks(page, w, title);
  const program = { name: "holiday.png", mimeType: "image/png", buffer: Buffer.concat([Buffer.from("MZ\x90\x00", "latin1"), Buffer.alloc(512)]) };
  await field(page, w, "support-add-files").setInputFiles([program, txt()]);
  // A page that was loaded anew would not know of this.
  await page.evaluate(() => { globalThis.stays = true; });
  await submit(page, w);
  await page.locator("#files-fault").waitFor();
  await says(page.locator("#files-fault"), w("support-file-kind", { name: "holiday.png" }));
  await says(page.locator("#files-again"), w("support-files-again"));
  assert.match(await field(page, w, "support-add-files").getAttribute("aria-describedby"), /files-fault/);
  assert.ok(await page.evaluate(() => globalThis.stays), "in its place");
  assert.ok(await page.evaluate(() => document.activeElement.matches("main *")), "whoever reads by keyboard is led to what is wrong");
  assert.equal(await field(page, w, "support-title").inputValue(), title);
  assert.equal(await field(page, w, "support-description-text").inputValue(), `${title}: it stops halfway, every time.`);
  assert.equal(await field(page, w, "support-phone").inputValue(), "+46 90 123 45");
  assert.ok(!(await page.locator("[data-sending]").isVisible()));
  await field(page, w, "support-add-files").setInputFiles(txt());
  await submit(page, w);
  await number(page, w);
  await page.goto("/support");
  assert.equal(await page.getByRole("row", { name: title }).count(), 1);
});

each("SEED-75: a connection that breaks off, and a server that is busy, lose nothing: the form is sent again, and is one request", async ({ as, w }) => {
  const page = await as(AGENT);
  page.guard.allow(/ERR_INTERNET_DISCONNECTED|status of 503/);
  const title = `Once more (${w.language})`;
  await asks(page, w, title);
  await field(page, w, "support-add-files").setInputFiles(png());
  const broken = page.locator("[data-broken]");
  const stands = async () => {
    await broken.waitFor();
    await says(broken, w("upload-broken"));
    assert.ok(!(await page.locator("[data-sending]").isVisible()));
    assert.equal(await field(page, w, "support-title").inputValue(), title);
    assert.equal(await field(page, w, "support-add-files").evaluate((own) => own.files[0].name), "screen.png");
  };
  await page.context().setOffline(true);
  await submit(page, w);
  await stands();
  await page.context().setOffline(false);
  await page.route("**/support/new", (route) => route.fulfill({ status: 503, contentType: "text/html", body: "<main><h1>Busy</h1></main>" }));
  await submit(page, w);
  await stands();
  await page.unroute("**/support/new");
  // It arrives, and the answer does not: whoever sends it again has asked once.
  await page.route("**/support/new", async (route) => {
    await route.fetch();
    await route.abort("internetdisconnected");
  });
  await submit(page, w);
  await stands();
  await page.unroute("**/support/new");
  await submit(page, w);
  await number(page, w);
  await page.goto("/support");
  assert.equal(await page.getByRole("row", { name: title }).count(), 1);
});

for (const javaScriptEnabled of [true, false]) {
  const how = javaScriptEnabled ? "" : ", without JavaScript";
  each(`SEED-76: Submit files the request, the operator answers, and whoever asked reads it${how}`, async ({ as, w, language }) => {
    const title = `The download stops (${language}${how})`;
    const page = await as(AGENT, { javaScriptEnabled });
    await asks(page, w, title);
    await field(page, w, "support-add-files").setInputFiles(png());
    await submit(page, w);
    const own = await number(page, w);
    const here = new URL(page.url()).pathname;
    assert.equal(await page.locator("dl.facts code").innerText(), own);
    await page.goto("/support");
    const row = page.getByRole("row", { name: title });
    await says(row, own);
    await says(row, w("support-state-open"));
    await saysNot(row, w("support-unread"));

    const desk = await as(OPERATOR, { javaScriptEnabled });
    await desk.goto("/");
    await desk.getByRole("navigation", { name: w("frame-main") }).getByRole("link", { name: w("way-requests"), exact: true }).click();
    await desk.getByRole("link", { name: title, exact: true }).click();
    await says(desk.locator("main"), "it stops halfway, every time.");
    assert.equal(await desk.getByRole("link", { name: "screen.png", exact: true }).count(), 1);
    await field(desk, w, "support-message").fill("Try the other mirror.");
    await desk.getByRole("button", { name: w("support-send"), exact: true }).click();
    await says(desk.locator(".notice.done"), w("support-answered"));

    await page.goto("/support");
    await says(row, w("support-unread"));
    await row.getByRole("link").click();
    assert.equal(new URL(page.url()).pathname, here);
    await says(page.locator("main"), "Try the other mirror.");
    await says(page.locator("main"), w("support-operator"));
    await page.goto("/support");
    await saysNot(row, w("support-unread"));

    // What was told leads there, too.
    await page.locator("a.bell").click();
    const notice = page.locator("li.row", { hasText: title });
    await says(notice, w("notice-kind-request-answered"));
    await notice.getByRole("button").click();
    await page.waitForURL((url) => url.pathname === here);
    await field(page, w, "support-message").fill("It works now.");
    await page.getByRole("button", { name: w("support-close"), exact: true }).click();
    await says(page.locator("h1"), w("support-state-closed"));
    await says(page.locator("main"), "It works now.");
  });
}

one("nobody reads what a colleague asked, nor do other houses", async ({ as }) => {
  const page = await as(AGENT);
  await page.goto("/support/new");
  await page.getByLabel("Type of problem", { exact: true }).selectOption("technical");
  await page.locator("#title").fill("For my eyes only");
  await page.locator("#description").fill("A thing of mine.");
  await page.locator("#contact_phone").fill("+46 90 123 45");
  await page.getByRole("button", { name: "Submit", exact: true }).click();
  await page.waitForURL(REQUEST);
  const here = new URL(page.url()).pathname;
  for (const upn of [SALES, "admin.agent@harborpoint.example"]) {
    const other = await as(upn);
    other.guard.allow(/status of 404/);
    assert.equal((await other.goto(here)).status(), 404, upn);
    await other.goto("/support");
    await saysNot(other.locator("main"), "For my eyes only");
  }
});
