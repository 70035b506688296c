// Buying: the catalogue as it is for one customer, the cart, the review, and what was bought (SEED-12 to SEED-19).

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after } from "node:test";
import { AGENT, ROOT, SALES, cents, open, says, saysNot, tests } from "./lib.mjs";

const house = await open();
after(() => house.close());
const { one, each } = tests(house);

const SQL = "DG7GMGF0FKZV:0002:DG7GMGF0HFR6";
const WINDOWS = "DG7GMGF0DVT9:0001:DG7GMGF0643M";
const SUSE = "DZH318Z0SLES:0001:DZH318Z056TL";
const VIRTUAL_MACHINE = "DZH318Z0BQ4Z:002L:DZH318Z0THEK";

const at = (country, rest = "") => `/customers/${house.customer(country).id}${rest}`;
const item = (page, id) => page.locator(".item", { has: page.locator("code", { hasText: id }) });

/** Empties the cart of whoever looks at it. */
async function emptied(page, country) {
  await page.goto(at(country, "/cart"));
  while (await page.locator('button[name="remove"]').count()) await page.locator('button[name="remove"]').first().click();
}

async function put(page, country, id, quantity = 1) {
  await page.goto(at(country, `/products?tab=${/^DZ/.test(id) ? "azure" : "software"}&q=${id.split(":")[0]}`));
  const own = item(page, id);
  await own.locator('input[name="quantity"]').fill(String(quantity));
  await own.locator("form button").click();
}

/** The numbers of the customer's orders, as the order history has them. */
async function orders(page, country) {
  const text = await (await page.context().request.get(`${house.url}${at(country, "/orders")}`)).text();
  return [...text.matchAll(/scope="row"><a href="[^"]+">([^<]+)</g)].map((own) => own[1]);
}

each("SEED-12: Azure reservations cannot be bought for a customer in Andorra", async ({ as, w, language }) => {
  const page = await as(AGENT);
  await page.goto(at("AD", "/products?tab=azure"));
  const andorra = new Intl.DisplayNames(language, { type: "region" }).of("AD");
  const notice = page.locator("section.notice.problem");
  await says(notice, w("unavailable-here", { market: andorra }));
  const own = item(page, VIRTUAL_MACHINE);
  await says(own, w("products-not-here"));
  assert.equal(await own.locator("form").count(), 0, "there is nothing to press");
  // Whoever sends the form all the same is told in the cart, and nothing can be bought.
  await emptied(page, "AD");
  const way = await (await page.context().request.get(`${house.url}${at("SE", "/products?tab=azure")}`)).text();
  const form = way.split("<form").find((text) => text.includes(`value="${VIRTUAL_MACHINE}"`));
  await house.post(page, at("AD", "/products"), { item: VIRTUAL_MACHINE, way: /<option value="([^"]+)"/.exec(form)[1], quantity: "1" });
  await page.goto(at("AD", "/cart"));
  await says(page.locator("main"), w.like("refusal-market-blocked", { item: VIRTUAL_MACHINE, code: "AD", country: andorra, family: w("family-reservation") }));
  assert.ok(await page.locator('button[formaction$="/buy"]').isDisabled(), "Buy cannot be pressed");
  const values = {};
  for (const name of ["cart", "seen", "totals", "quantity-0"]) values[name] = await page.locator(`main [name="${name}"]`).inputValue();
  const sent = await house.post(page, at("AD", "/cart/buy"), { ...values, po_number: "" });
  assert.equal(sent.status(), 409);
  assert.deepEqual(await orders(page, "AD"), [], "nothing was bought");
});

each("SEED-13: the 109 markets stand in an important notice, in three columns, in alphabetical order", async ({ as, w, language }) => {
  const page = await as(AGENT);
  await page.goto(at("SE", "/products?tab=azure"));
  const notice = page.locator("section.notice", { has: page.getByRole("heading", { name: w("unavailable-important"), exact: true }) });
  await notice.locator("summary").click();
  const columns = notice.locator(".three > div");
  const heads = await columns.locator("h3").allInnerTexts();
  assert.equal(heads.length, 3);
  if (language === "en") assert.deepEqual(heads, ["A to Gi", "Gr to Pal", "Pap to Z"]);
  const shown = [];
  for (let number = 0; number < 3; number += 1) {
    const names = await columns.nth(number).locator("li").allInnerTexts();
    assert.ok(names.length >= 35 && names.length <= 37, `${names.length} names in a column`);
    shown.push(...names);
  }
  assert.equal(shown.length, 109);
  const lines = readFileSync(join(ROOT, "data/unavailable-markets.csv"), "utf8").trim().split("\n");
  const fields = (line) => [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].map((own) => own[1].replace(/^"|"$/g, "").replace(/""/g, '"'));
  const place = fields(lines[0]).indexOf(`name_${language}`);
  const names = lines.slice(1).map((line) => fields(line)[place]);
  assert.deepEqual([...shown].sort(), [...names].sort(), "the names of the list");
  const { compare } = new Intl.Collator(language);
  assert.deepEqual(shown, [...shown].sort(compare), "in the order of the reader's language");
});

each("SEED-15: what is not on the list is not blocked by it", async ({ as }) => {
  const page = await as(AGENT);
  for (const country of ["SE", "DE", "BR", "AU"]) {
    await page.goto(at(country, "/products?tab=azure"));
    assert.equal(await page.locator("section.notice.problem").count(), 0, country);
    assert.equal(await item(page, VIRTUAL_MACHINE).locator("form").count(), 1, `${country}: it can be put into the cart`);
  }
});

each("SEED-16, SEED-17: Customers, a customer, Add products, and the steps on the screen end in an order", async ({ as, w }) => {
  const page = await as(AGENT);
  await emptied(page, "DE");
  await page.goto("/");
  await page.getByRole("navigation", { name: w("frame-main") }).getByRole("link", { name: w("way-customers"), exact: true }).click();
  await page.getByRole("link", { name: house.customer("DE").name, exact: true }).click();
  assert.equal(await page.getByRole("heading", { level: 1 }).innerText(), w("section-overview"));
  await page.locator("main .top").getByRole("link", { name: w("section-add-products"), exact: true }).click();
  await page.getByLabel(w("products-find")).fill("Windows Server Standard");
  await page.getByRole("button", { name: w("products-show"), exact: true }).click();
  const own = item(page, WINDOWS);
  await own.getByLabel(w("quantity"), { exact: true }).fill("3");
  await own.getByRole("button", { name: w("products-add") }).click();
  await says(page.locator("main"), w("products-added"));
  await page.getByRole("link", { name: w("products-cart", { count: 1 }) }).click();
  assert.equal(await page.getByRole("heading", { level: 1 }).innerText(), w("cart-title"));
  const row = page.locator("main tbody tr");
  assert.equal(await row.count(), 1);
  const [unit, amount] = [await row.locator("td.sum").nth(0).innerText(), await row.locator("td.sum").nth(1).innerText()];
  assert.equal(cents(amount), 3n * cents(unit));
  await says(row, w.like("terms-prorated"));
  await page.getByLabel(w("cart-po-number")).fill("PO-4711");
  await page.getByRole("button", { name: w("buy"), exact: true }).click();
  assert.equal(await page.getByRole("heading", { level: 1 }).innerText(), w("bought-title"));
  // The order is there, it is owed, and the number the customer gave stands on it.
  await page.locator("main tbody th a").click();
  await says(page.locator("main"), "PO-4711");
  const charge = page.locator('section[aria-labelledby="charged"]');
  await says(charge, w("charge-new"));
  assert.equal(cents(await charge.locator("tfoot").innerText()), cents(amount), "what is owed is what was shown");
});

each("SEED-18: prices exclude tax", async ({ as, w }) => {
  const page = await as(AGENT);
  for (const country of ["SE", "DE", "US"]) {
    await page.goto(at(country, "/products?q=SQL"));
    await says(page.locator(".item").first(), w("tax-excluded"));
  }
});

each("SEED-19: prices for Australia and Brazil include tax", async ({ as, w, language }) => {
  const page = await as(AGENT);
  for (const country of ["AU", "BR"]) {
    const market = new Intl.DisplayNames(language, { type: "region" }).of(country);
    await emptied(page, country);
    await put(page, country, SQL);
    await says(item(page, SQL), w("tax-included", { market }));
    await page.goto(at(country, "/cart"));
    await says(page.locator("main tbody"), w("tax-included", { market }));
    await saysNot(page.locator("main"), w("tax-excluded"));
    await page.locator('button[formaction$="/buy"]').click();
    await page.locator("main tbody th a").click();
    await says(page.locator("main tbody").first(), w("tax-in-it"));
  }
});

each("SEED-51, SEED-52: a SUSE plan says before it is bought that it can never be cancelled, with a link that explains", async ({ as, w }) => {
  const page = await as(AGENT);
  await emptied(page, "SE");
  await put(page, "SE", SUSE);
  await page.goto(at("SE", "/cart"));
  await says(page.locator("main tbody"), w("terms-never"));
  // Bought only by whoever says to know it, and the log keeps that.
  page.guard.allow(/status of 409/);
  await page.getByRole("button", { name: w("buy"), exact: true }).click();
  await says(page.locator("[role=alert]").first(), w("complaint-never-back"));
  await page.getByLabel(w("cart-never-back"), { exact: true }).check();
  await page.getByRole("button", { name: w("buy"), exact: true }).click();
  await page.waitForURL(/\/cart\/[0-9a-f-]+$/);
  await page.goto("/activity");
  await says(page.locator("main"), w("operation-create-order"));
  await put(page, "SE", SUSE);
  await page.goto(at("SE", "/cart"));
  await page.locator('main tbody a[href="/help/linux-plans"]').click();
  assert.equal(await page.getByRole("heading", { level: 1 }).innerText(), w("help-linux"));
});

one("a purchase without a mouse", async ({ as }) => {
  const page = await as(AGENT);
  await emptied(page, "US");
  await page.goto(at("US", "/products?q=SQL+Server+Enterprise"));
  const reach = async (selector) => {
    for (let steps = 0; steps < 80; steps += 1) {
      await page.keyboard.press("Tab");
      if (await page.evaluate((own) => document.activeElement?.matches(own) ?? false, selector)) {
        const ring = await page.evaluate(() => {
          const style = getComputedStyle(document.activeElement);
          return style.outlineStyle !== "none" || style.boxShadow !== "none";
        });
        assert.ok(ring, `${selector} shows that it has the focus`);
        return;
      }
    }
    assert.fail(`${selector} is not reached with Tab on ${page.url()}`);
  };
  await page.keyboard.press("Tab");
  assert.ok(await page.evaluate(() => document.activeElement.matches("a.skip")), "the first stop skips the navigation");
  await page.keyboard.press("Enter");
  await reach('.item input[name="quantity"]');
  await page.keyboard.press("ControlOrMeta+A");
  await page.keyboard.type("2");
  await page.keyboard.press("Enter");
  await page.waitForURL(/done=added/);
  await reach('a[href$="/cart"]');
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/cart$/);
  await reach('button[formaction$="/buy"]');
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/cart\/[0-9a-f-]{36}$/);
  await says(page.locator("main"), "Thank you. The order is placed.");
});

one("a purchase without JavaScript", async ({ as }) => {
  const page = await as(AGENT, { javaScriptEnabled: false });
  await emptied(page, "US");
  await put(page, "US", WINDOWS, 2);
  await page.goto(at("US", "/cart"));
  await page.locator('input[name="quantity-0"]').fill("4");
  await page.locator('button[name="save"]:not(.unseen)').click();
  await says(page.locator("main"), "The cart was saved.");
  await page.locator('button[formaction$="/buy"]').click();
  await says(page.locator("main"), "Thank you. The order is placed.");
});

one("Enter in the cart saves it; it neither removes a line nor buys", async ({ as }) => {
  const page = await as(AGENT);
  await emptied(page, "US");
  await put(page, "US", WINDOWS);
  await put(page, "US", SQL);
  const before = await orders(page, "US");
  await page.goto(at("US", "/cart"));
  await page.locator("#po_number").fill("PO-1");
  await page.locator("#po_number").press("Enter");
  await page.waitForLoadState();
  assert.deepEqual(await orders(page, "US"), before, "nothing was bought");
  await page.goto(at("US", "/cart"));
  assert.equal(await page.locator("main tbody tr").count(), 2, "both lines are still there");
  assert.equal(await page.locator("#po_number").inputValue(), "PO-1");
});

one("Buy pressed twice buys once", async ({ as }) => {
  const page = await as(AGENT);
  await emptied(page, "US");
  await put(page, "US", WINDOWS);
  const before = await orders(page, "US");
  await page.goto(at("US", "/cart"));
  await page.locator('button[formaction$="/buy"]').dblclick();
  await page.waitForURL(/\/cart\/[0-9a-f-]{36}$/);
  assert.equal((await orders(page, "US")).length, before.length + 1);
});

one("Buy sent twice at once is answered twice with what was bought", async ({ as }) => {
  const page = await as(AGENT, { javaScriptEnabled: false });
  await emptied(page, "US");
  await put(page, "US", WINDOWS);
  const before = await orders(page, "US");
  await page.goto(at("US", "/cart"));
  const form = {};
  for (const name of ["cart", "seen", "totals", "po_number", "quantity-0"]) form[name] = await page.locator(`main [name="${name}"]`).inputValue();
  const answers = await Promise.all([1, 2, 3].map(() => house.post(page, at("US", "/cart/buy"), form)));
  for (const own of answers) assert.equal(own.headers().location, at("US", `/cart/${form.cart}`), await own.text());
  assert.equal((await orders(page, "US")).length, before.length + 1);
});

one("going back after Buy does no harm", async ({ as }) => {
  const page = await as(AGENT);
  await emptied(page, "US");
  await put(page, "US", WINDOWS);
  await page.goto(at("US", "/cart"));
  await page.locator('button[formaction$="/buy"]').click();
  await page.waitForURL(/\/cart\/[0-9a-f-]{36}$/);
  const bought = page.url();
  const after = await orders(page, "US");
  await page.goBack();
  await says(page.locator("main"), "The cart is empty.");
  await page.goForward();
  assert.equal(page.url(), bought);
  await page.reload();
  assert.deepEqual(await orders(page, "US"), after);
});

one("a cart that was bought in one window is not bought again in another", async ({ as, another }) => {
  const page = await as(AGENT);
  await emptied(page, "US");
  await put(page, "US", WINDOWS);
  await page.goto(at("US", "/cart"));
  const other = await another(page);
  await other.goto(at("US", "/cart"));
  await page.locator('button[formaction$="/buy"]').click();
  await page.waitForURL(/\/cart\/[0-9a-f-]{36}$/);
  const after = await orders(page, "US");
  await other.locator('button[formaction$="/buy"]').click();
  await other.waitForURL(page.url());
  assert.deepEqual(await orders(page, "US"), after);
});

each("a window with an old cart is told so, and nothing is bought", async ({ as, another, w }) => {
  const page = await as(AGENT);
  await emptied(page, "US");
  await put(page, "US", WINDOWS);
  await page.goto(at("US", "/cart"));
  const other = await another(page);
  page.guard.allow(/status of 409/);
  await house.advance("PT1M");
  await put(other, "US", SQL, 2);
  const before = await orders(page, "US");
  await page.locator('button[formaction$="/buy"]').click();
  await says(page.getByRole("alert"), w("cart-stale"));
  assert.equal(await page.locator("main form tbody tr").count(), 2, "what is in it now is shown");
  const rows = page.locator("#differences tbody tr");
  assert.equal(await rows.count(), 1, "and what differs from the page one had");
  assert.deepEqual((await rows.locator("td").allInnerTexts())[0], "–");
  assert.match((await rows.locator("td").allInnerTexts())[1], /^2 × /);
  assert.deepEqual(await orders(page, "US"), before);
});

one("an old cart is known for one while the practice clock stands, too", async ({ as, another }) => {
  const page = await as(AGENT);
  page.guard.allow(/status of 409/);
  await emptied(page, "US");
  await put(page, "US", WINDOWS);
  await page.goto(at("US", "/cart"));
  await put(await another(page), "US", SQL, 2);
  const before = await orders(page, "US");
  await page.locator('button[formaction$="/buy"]').click();
  await page.waitForLoadState();
  assert.deepEqual(await orders(page, "US"), before, "what nobody saw was not bought");
});

each("a session that ended meanwhile leads to the sign-in, and the cart is still there after it", async ({ as, w }) => {
  const page = await as(SALES);
  await emptied(page, "US");
  await put(page, "US", WINDOWS, 7);
  await page.goto(at("US", "/cart"));
  const kept = await page.context().cookies();
  await page.context().clearCookies();
  await page.locator('button[name="save"]:not(.unseen)').click();
  await page.waitForURL(/\/sign-in/);
  assert.equal(await page.getByRole("heading", { level: 1 }).innerText(), w("sign-in-title"));
  await page.context().addCookies(kept);
  await page.goto(at("US", "/cart"));
  assert.equal(await page.locator('input[name="quantity-0"]').inputValue(), "7");
});

each("a customer without the agreement: it is confirmed in the cart, and then can be bought for", async ({ as, w, language }) => {
  const page = await as(AGENT);
  await page.goto("/customers");
  await page.getByRole("link", { name: w("customers-add"), exact: true }).click();
  const fields = { company: `Kajplats ${language} AB`, domain: `kajplats${language}`, first_name: "Åsa", last_name: "Öst", email: "asa@kajplats.example", line1: "Kajen 1", postal_code: "111 30", city: "Stockholm", phone: "+46 8 123456" };
  // What is wrong is told at its field, and what was typed stays.
  page.guard.allow(/status of (400|422)/);
  await page.locator("#country").selectOption("SE");
  for (const [name, value] of Object.entries(fields)) if (name !== "city") await page.locator(`#${name}`).fill(value);
  await page.locator("main form button.main").click();
  await says(page.getByRole("alert"), w("field-summary", { count: 1 }));
  assert.equal(await page.locator("#city").getAttribute("aria-invalid"), "true");
  assert.equal(await page.locator("#company").inputValue(), fields.company);
  assert.equal(await page.locator("#country").inputValue(), "SE");
  await page.locator("#city").fill(fields.city);
  await page.locator("main form button.main").click();
  await says(page.locator("main"), w("added-lead", { name: fields.company }));
  await page.getByRole("link", { name: w("added-go-on"), exact: true }).click();
  const base = new URL(page.url()).pathname;
  await says(page.locator("main"), w("customer-not-agreed"));
  await page.goto(`${base}/products?q=${WINDOWS.split(":")[0]}`);
  await item(page, WINDOWS).locator("form button").click();
  await page.goto(`${base}/cart`);
  assert.ok(await page.locator('button[formaction$="/buy"]').isDisabled(), "not before the agreement");
  const signed = { agreed_first_name: "Åsa", agreed_last_name: "Öst", agreed_email: "asa@kajplats.example", agreed_on: "2020-01-20" };
  for (const [name, value] of Object.entries(signed)) await page.locator(`#${name}`).fill(value);
  await page.getByRole("button", { name: w("agreement-attest-button"), exact: true }).click();
  await says(page.getByRole("heading", { level: 1 }), w("cart-title"));
  await page.locator('button[formaction$="/buy"]').click();
  await says(page.locator("main"), w("bought-title"));
});

one("what is wrong with the agreement is told, and once it is right the way leads back to the cart", async ({ as }) => {
  const page = await as(AGENT);
  page.guard.allow(/status of (409|422)/);
  const fields = { company: "Brygga AB", domain: "brygga", first_name: "Åsa", last_name: "Öst", email: "asa@brygga.example", line1: "Kajen 2", postal_code: "111 30", city: "Stockholm", phone: "+46 8 123456" };
  await page.goto("/customers/new");
  await page.locator("#country").selectOption("SE");
  for (const [name, value] of Object.entries(fields)) await page.locator(`#${name}`).fill(value);
  await page.locator("main form button.main").click();
  await page.getByRole("link", { name: "Go to the customer", exact: true }).click();
  const base = new URL(page.url()).pathname;
  await page.goto(`${base}/products?q=${WINDOWS.split(":")[0]}`);
  await item(page, WINDOWS).locator("form button").click();
  await page.goto(`${base}/cart`);
  await page.getByRole("button", { name: "Confirm agreement", exact: true }).click();
  await says(page.getByRole("alert"), "Give the day");
  const signed = { agreed_first_name: "Åsa", agreed_last_name: "Öst", agreed_email: "asa@brygga.example", agreed_on: "2020-01-20" };
  for (const [name, value] of Object.entries(signed)) await page.locator(`#${name}`).fill(value);
  await page.getByRole("button", { name: "Confirm agreement", exact: true }).click();
  await page.waitForURL(`**${base}/cart`);
  await says(page.getByRole("heading", { level: 1 }), "Review");
});

one("what could not be put into the cart is told where it was typed, and the filters stay", async ({ as }) => {
  const page = await as(AGENT, { javaScriptEnabled: false });
  page.guard.allow(/status of 422/);
  const base = `/customers/${house.customer("DE").id}/products`;
  await page.goto(`${base}?tab=software&q=Windows+Server+Standard`);
  const count = await page.locator(".item").count();
  const quantity = item(page, WINDOWS).getByLabel("Quantity", { exact: true });
  // A script, or a browser that does not know the bounds, sends what it likes.
  await quantity.evaluate((own) => { own.type = "text"; own.removeAttribute("min"); });
  await quantity.fill("0");
  await item(page, WINDOWS).getByRole("button", { name: "Add to cart" }).click();
  const again = item(page, WINDOWS).getByLabel("Quantity", { exact: true });
  assert.equal(await again.inputValue(), "0");
  assert.equal(await again.getAttribute("aria-invalid"), "true");
  assert.equal(await page.inputValue("#q"), "Windows Server Standard");
  assert.equal(await page.locator(".item").count(), count);
});
