// Every page, in every language, light and dark: what must hold everywhere. Pictures of all of them lie in target/screens.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { AGENT, LANGUAGES, PICTURES, SALES, codeOf, narrow, open, says, saysNot, shot, tests, violations, words } from "./lib.mjs";

const house = await open();
const { one, each } = tests(house);

const OPERATOR = house.data.operator.upn;
const GLOBAL = "global.admin@norrsken.example";
const CUSTOMER = "global.admin@fjallvind.onmicrosoft.com";
/** Somebody who gave a password and no code yet. */
const HALFWAY = "mpn.partner.admin@harborpoint.example";
const SQL = "DG7GMGF0FKZV:0002:DG7GMGF0HFR6";
const WINDOWS = "DG7GMGF0DVT9:0001:DG7GMGF0643M";
const CONNECTOR = "DG7GMGF0D515:0001:DG7GMGF0L5AS";
const FIRST_VIEW = 100 * 1024;
const NEXT_PAGE = 30 * 1024;

// Something to look at: purchases, one of them cancelled, a key that was opened, a link, a cart.
const things = await (async () => {
  const page = await house.as(AGENT);
  const customer = house.customer("SE");
  // A month that was billed, and one with a purchase of it given back.
  const first = await house.buy(page, customer, { item: CONNECTOR, quantity: 3 });
  await house.advance("P1M");
  await house.command("invoice", "run", "--period", "2020-01");
  await house.cancel(page, first);
  await house.advance("P1M");
  await house.command("invoice", "run", "--period", "2020-02");
  // Part of what is left is paid.
  const partner = house.person(AGENT).partner_id;
  await house.command("invoice", "paid", "--partner", partner, "--amount", "100", "--currency", "SEK", "--on", "2020-03-01", "--reference", "BANK 4711");
  const own = await house.buy(page, customer, { item: SQL, quantity: 2 });
  const gone = await house.buy(page, customer, { item: CONNECTOR });
  await house.buy(page, customer, { item: WINDOWS, quantity: 8 });
  const choice = "version=2022&language=en-US&bits=64&type=ISO+%28Windows%29";
  const text = await (await page.context().request.get(`${house.url}${own.software}?${choice}`)).text();
  await house.post(page, `${own.software}/key`, { version: "2022" });
  await house.post(page, `${own.software}/link`, { medium: /name="medium" value="([^"]+)"/.exec(text)[1] });
  await house.cancel(page, gone);
  // One whose money somebody asks back.
  const asked = await house.buy(page, customer, { item: CONNECTOR });
  await house.askBack(page, customer, asked);
  const products = await (await page.context().request.get(`${house.url}${own.base}/products?q=SQL`)).text();
  const form = products.split("<form").find((part) => part.includes(`value="${SQL}"`));
  await house.post(page, `${own.base}/products`, { item: SQL, way: /<option value="([^"]+)"/.exec(form)[1], quantity: "2" });
  const used = { region: "northeurope", reserve: "P3Y", list: "web, Standard_D4s_v3, northeurope, 3", started: "2020-03-01", migrated: "yes" };
  await page.context().request.post(`${house.url}${own.base}/benefit/record`, { multipart: used, headers: { origin: house.url }, maxRedirects: 0 });
  const multipart = {
    topic: "technical", impact: "minimal", title: "The download stops", description: "It stops halfway.", customer: "",
    contact_name: "Astrid", contact_email: AGENT, contact_phone: "+46 90 123 45",
  };
  const filed = await page.context().request.post(`${house.url}/support/new`, { multipart, headers: { origin: house.url }, maxRedirects: 0 });
  const request = new URL(filed.headers().location, house.url).pathname;
  const found = await (await page.context().request.get(`${house.url}/search?q=sql`)).text();
  const [, product] = /href="(\/customers\?product=[^"]+)"/.exec(found);
  const users = await house.as(GLOBAL);
  const [, person] = /href="(\/users\/[0-9a-f-]{36})"/.exec(await (await users.context().request.get(`${house.url}/users`)).text());
  await users.context().close();
  await page.context().close();
  return { person, own, gone, asked, choice, request, product, base: own.base, door: own.software.replace(own.base, "") };
})();
const { person, own, gone, asked, choice, request, product, base, door } = things;

/** The pages: name, who looks, path, and the status where it is another than 200. */
const PAGES = [
  ["sign-in", null, "/sign-in"],
  ["forgot", null, "/forgot"],
  ["link-unknown", null, "/d/no-such-link", 404],
  ["second-factor", HALFWAY, "/second-factor"],
  ["home", AGENT, "/"],
  ["customers", AGENT, "/customers"],
  ["customers-none", AGENT, "/customers?q=nobody"],
  ["customers-for-a-product", AGENT, product],
  ["customer-new", AGENT, "/customers/new"],
  ["customer", AGENT, base],
  ["account", AGENT, `${base}/account`],
  ["customer-billing", AGENT, `${base}/billing`],
  ["customer-billing-none", AGENT, `${base}/billing?month=2019-12`],
  ["customer-users", AGENT, `${base}/users`],
  ["customer-user-new", AGENT, `${base}/users/new`],
  ["products", AGENT, `${base}/products`],
  ["products-by-product", AGENT, `${base}/products?view=product`],
  ["products-azure", AGENT, `${base}/products?tab=azure`],
  ["products-azure-blocked", AGENT, `/customers/${house.customer("AD").id}/products?tab=azure`],
  ["products-online", AGENT, `${base}/products?tab=online`],
  ["cart", AGENT, `${base}/cart`],
  ["bought", AGENT, own.place],
  ["cart-empty", AGENT, `/customers/${house.customer("DE").id}/cart`],
  ["software", AGENT, `${base}/software`],
  ["software-one", AGENT, own.software],
  ["software-chosen", AGENT, `${own.software}?${choice}`],
  ["software-cancelled", AGENT, gone.software],
  ["cancel", AGENT, `${own.software}/cancel`],
  ["cancel-over", AGENT, `${gone.software}/cancel`],
  ["cancel-waiting", AGENT, `${asked.software}/cancel`],
  ["cancelled", AGENT, `${base}/orders/${gone.id}/cancelled`],
  ["benefit", AGENT, `${base}/benefit`],
  ["orders", AGENT, `${base}/orders`],
  ["order", AGENT, `${base}/orders/${own.id}`],
  ["order-cancelled", AGENT, `${base}/orders/${gone.id}`],
  ["subscriptions", AGENT, `${base}/subscriptions`],
  ["renewals", AGENT, "/renewals"],
  ["billing", AGENT, "/billing"],
  ["billing-invoice", AGENT, "/billing/G000000001"],
  ["billing-credit-note", AGENT, "/billing/G000000002"],
  ["activity", AGENT, "/activity"],
  ["activity-customer", AGENT, `${base}/activity`],
  ["search", AGENT, "/search?q=fj"],
  ["search-none", AGENT, "/search?q=zzzz"],
  ["search-products", AGENT, "/search?q=sql"],
  ["help-keys", AGENT, "/help/keys-and-downloads"],
  ["help-cancelling", AGENT, "/help/cancelling"],
  ["help-linux", AGENT, "/help/linux-plans"],
  ["notifications", AGENT, "/notifications"],
  ["settings", AGENT, "/settings"],
  ["approvals", AGENT, "/key-approvals"],
  ["device", AGENT, "/device"],
  ["support", AGENT, "/support"],
  ["support-new", AGENT, "/support/new"],
  ["support-refund", AGENT, `/support/new?topic=refund&customer=${house.customer("SE").id}&order=${own.id}&amount=100.00`],
  ["support-request", AGENT, request],
  ["security", AGENT, "/account"],
  ["not-found", AGENT, "/customers/no-such-customer", 404],
  ["company", GLOBAL, "/company"],
  ["margins", AGENT, "/margins"],
  ["margins-of-a-customer", AGENT, `/margins?customer=${house.customer("SE").id}`],
  ["company-tax", GLOBAL, "/company/tax"],
  ["company-look", GLOBAL, "/company/look"],
  ["users", GLOBAL, "/users"],
  ["user-new", GLOBAL, "/users/new"],
  ["user", GLOBAL, person],
  ["applications", GLOBAL, "/applications"],
  ["webhooks", GLOBAL, "/webhooks"],
  ["software-read-only", GLOBAL, `${own.software}?${choice}`],
  ["not-allowed", SALES, `${base}/software`, 403],
  ["portal-door", null, `/portal/${house.person(AGENT).partner_id}`],
  ["portal-home", CUSTOMER, "/"],
  ["portal-software", CUSTOMER, "/software"],
  ["portal-software-one", CUSTOMER, `${door}?${choice}`],
  ["portal-agreement", CUSTOMER, "/agreement"],
  ["portal-activity", CUSTOMER, "/own-activity"],
  ["portal-users", CUSTOMER, "/users"],
  ["operator-partners", OPERATOR, "/operator/partners"],
  ["operator-partner", OPERATOR, `/operator/partners/${house.person(AGENT).partner_id}`],
  ["operator-partner-new", OPERATOR, "/operator/partners/new"],
  ["operator-catalog", OPERATOR, "/operator/catalog"],
  ["operator-policies", OPERATOR, "/operator/policies"],
  ["operator-plan", OPERATOR, "/operator/policies/plan"],
  ["operator-markets", OPERATOR, "/operator/policies/markets"],
  ["operator-blocks", OPERATOR, "/operator/policies/blocks"],
  ["operator-stock", OPERATOR, "/operator/stock"],
  ["operator-jobs", OPERATOR, "/operator/jobs"],
  ["operator-health", OPERATOR, "/operator/health"],
  ["operator-look", OPERATOR, "/operator/look"],
  ["operator-billing", OPERATOR, "/operator/billing"],
  ["operator-seller", OPERATOR, "/operator/seller"],
  ["operator-requests", OPERATOR, "/operator/requests"],
  ["operator-request", OPERATOR, request.replace("/support/", `/operator/requests/${house.person(AGENT).partner_id}/`)],
];

// Whoever looks keeps one page for each language while their pages are looked at.
const looking = { who: undefined, pages: new Map() };
async function at(who, language) {
  if (looking.who !== who) await leave();
  looking.who = who;
  if (!looking.pages.has(language)) {
    const page = who && who !== HALFWAY ? await house.as(who, { language }) : await house.fresh({ language });
    if (who === HALFWAY) {
      await page.goto("/sign-in");
      await page.fill("#upn", HALFWAY);
      await page.fill("#password", house.person(HALFWAY).password);
      await page.click('form[action="/sign-in"] button[type=submit]');
    }
    await page.addInitScript(() => {
      globalThis.shifted = 0;
      new PerformanceObserver((list) => {
        for (const own of list.getEntries()) {
          if (own.hadRecentInput) continue;
          globalThis.shifted += own.value;
          globalThis.moved = [...(globalThis.moved ?? []), ...own.sources.map((one) => `${one.node?.nodeName}.${one.node?.className} ${one.previousRect.y}→${one.currentRect.y}`)];
        }
      }).observe({ type: "layout-shift", buffered: true });
    });
    const wire = await page.context().newCDPSession(page);
    await wire.send("Network.enable");
    page.bytes = 0;
    wire.on("Network.loadingFinished", (sent) => { page.bytes += sent.encodedDataLength; });
    page.wire = wire;
    looking.pages.set(language, page);
  }
  return looking.pages.get(language);
}
async function drop(language) {
  await looking.pages.get(language)?.context().close();
  looking.pages.delete(language);
}
async function leave() {
  for (const page of looking.pages.values()) await page.context().close();
  looking.pages.clear();
}

async function load(page, path, cached) {
  await page.wire.send("Network.setCacheDisabled", { cacheDisabled: !cached });
  page.bytes = 0;
  const answer = await page.goto(path, { waitUntil: "load" });
  await page.evaluate(() => new Promise((resolve) => { requestAnimationFrame(() => setTimeout(resolve, 0)); }));
  return { status: answer.status(), bytes: page.bytes };
}

const table = [];

/** What at 360 px reaches past the edge, or nothing when the page does not scroll sideways. */
const past = () => {
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth <= clientWidth) return null;
  const shown = (own) => own.checkVisibility({ contentVisibilityAuto: true, visibilityProperty: true });
  const wide = [...document.querySelectorAll("body *")].filter((own) => shown(own) && own.getBoundingClientRect().right > clientWidth + 1);
  return `${scrollWidth} px: ${wide.slice(-4).map((own) => `${own.tagName}#${own.id}.${own.className} ${own.textContent.trim().slice(0, 30)}`).join(" | ")}`;
};

async function look(name, who, path, status, language, wrong) {
  const holds = (right, what) => { if (!right) wrong.push(`${language}: ${what}`); };
  const page = await at(who, language);
  if (status !== 200) page.guard.allow(new RegExp(`status of ${status}`));
  await page.emulateMedia({ colorScheme: "light" });
  const first = language === "en" ? await load(page, path, false) : null;
  const next = await load(page, path, true);
  holds(next.status === status, `the status is ${next.status}`);
  holds(await page.locator("html").getAttribute("lang") === language, "the page is in another language");
  const text = `${await page.title()} ${await page.innerText("body")}`;
  holds(!text.includes("⟦"), `a sentence is missing: ${/⟦[^⟧]*⟧/.exec(text)?.[0]}`);
  holds(await page.locator("h1").count() === 1, "there is not one heading of the first rank");
  const times = await page.evaluate(() => ({
    painted: performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0,
    answered: performance.getEntriesByType("navigation")[0].responseEnd,
    shifted: globalThis.shifted,
    moved: globalThis.moved,
  }));
  holds(times.shifted === 0, `something moves while the page is loaded: ${times.shifted} ${times.moved?.join(", ")}`);
  // What is served out of the working tree is never cached.
  const sized = !process.env.CHANDLERY_ASSETS;
  holds(!sized || next.bytes <= NEXT_PAGE, `${next.bytes} bytes as a second page`);
  if (first) {
    holds(!sized || first.bytes <= FIRST_VIEW, `${first.bytes} bytes as a first view`);
    table.push([name, first.bytes, next.bytes, Math.round(times.answered), Math.round(times.painted)]);
  }
  // The themes differ in nothing else that is looked at here.
  for (const theme of language === "en" || PICTURES ? ["light", "dark"] : []) {
    await page.emulateMedia({ colorScheme: theme });
    await shot(page, `${language}-${theme}`, name);
    // What axe finds does not depend on the language, save lengths; one is looked at in both themes.
    const found = language === "en" ? await violations(page) : [];
    holds(found.length === 0, `axe-core, ${theme}: ${JSON.stringify(found, null, 1)}`);
  }
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize({ width: 360, height: 740 });
  const wide = await page.evaluate(past);
  holds(wide === null, `the page scrolls sideways at 360 px: ${wide}`);
  if (language === "de") await shot(page, "de-narrow", name);
  await page.setViewportSize({ width: 1280, height: 900 });
  try {
    page.guard.clean();
  } catch (error) {
    wrong.push(`${language}: ${error.message}`);
    await drop(language);
  }
}

for (const [name, who, path, status = 200] of PAGES) {
  test(`page ${name}`, async (t) => {
    const wrong = [];
    for (const language of LANGUAGES) {
      await look(name, who, path, status, language, wrong).catch(async (error) => {
        wrong.push(`${language}: ${error.stack.slice(0, 2000)}`);
        await drop(language);
      });
    }
    if (wrong.length > 0) t.diagnostic(path);
    assert.ok(wrong.length === 0, wrong.join("\n"));
  });
}

test("sizes and times", async (t) => {
  await leave();
  t.diagnostic("page                     first view  next page   answered    painted");
  for (const [name, first, next, answered, painted] of table) {
    const pad = (value, unit) => `${value} ${unit}`.padStart(11);
    t.diagnostic(`${name.padEnd(24)}${pad(first, "B")}${pad(next, "B")}${pad(answered, "ms")}${pad(painted, "ms")}`);
  }
});

/** What opens on a page: name, path, and how. */
const OPENED = [
  ["dialog-cancel", own.software, async (page) => page.locator("a.danger[data-dialog]").first().click()],
  ["dialog-key", `${own.software}?${choice}`, async (page) => {
    await page.locator('form[action$="/key"] button').click();
    await page.locator("dialog summary").click();
  }],
  ["dialog-link", `${own.software}?${choice}`, async (page) => page.locator('form[action$="/link"] button').first().click()],
  ["unavailable-open", `${base}/products?tab=azure`, async (page) => page.locator("section.notice summary").click()],
  ["gear-open", "/", async (page) => page.locator("details.gear summary").click()],
  ["search-open", "/", async (page) => {
    await page.fill("#find", "fj");
    await page.locator(".found").waitFor();
  }],
  ["software-expanded", `${base}/software`, async (page) => {
    for (const summary of await page.locator("details[data-load] > summary").all()) await summary.click();
    await page.locator("[data-expand]").nth(1).waitFor();
  }],
];

for (const [name, path, act] of OPENED) {
  one(`opened ${name}: axe-core in both themes, and nothing scrolls sideways at 360 px`, async ({ as }) => {
    const page = await as(AGENT);
    await page.goto(path);
    await act(page);
    if (/^dialog/.test(name)) await page.locator("dialog[open]").waitFor();
    const wrong = [];
    for (const theme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme: theme });
      await shot(page, `en-${theme}`, name);
      const found = await violations(page);
      if (found.length > 0) wrong.push(`${theme}: ${JSON.stringify(found, null, 1)}`);
    }
    await page.setViewportSize({ width: 360, height: 740 });
    await shot(page, "en-narrow", name);
    const wide = await page.evaluate(past);
    if (wide) wrong.push(`360 px: ${wide}`);
    assert.equal(wrong.join("\n"), "");
  });
}

each("what is not there is told with the navigation and a way on", async ({ as, w }) => {
  const page = await as(AGENT);
  page.guard.allow(/status of 404/);
  for (const path of ["/customers/no-such-customer", `${base}/orders/no-such-order`, "/help/no-such-topic"]) {
    assert.equal((await page.goto(path)).status(), 404, path);
    await says(page.locator("h1"), w("trouble-not-found-title"));
    assert.ok(await page.getByRole("navigation", { name: w("frame-main") }).getByRole("link", { name: w("way-customers"), exact: true }).isVisible(), path);
    await page.locator("main").getByRole("link", { name: w("trouble-back"), exact: true }).click();
    assert.equal(new URL(page.url()).pathname, "/");
  }
});

each("an address that never was is told as a page, too", async ({ as, w }) => {
  const page = await as(AGENT);
  page.guard.allow(/status of 404/);
  assert.equal((await page.goto("/no-such-page")).status(), 404);
  assert.equal(await page.locator("h1").count(), 1, "it is a page");
  await says(page.locator("h1"), w("trouble-not-found-title"));
});

one("SEED-77: the buttons at the foot turn the pages to German and Swedish, before signing in and after", async ({ fresh }) => {
  const person = "helpdesk.agent@harborpoint.example";
  const page = await fresh();
  await page.goto("/sign-in");
  for (const [name, language] of [["Deutsch", "de"], ["Svenska", "sv"], ["English", "en"], ["Deutsch", "de"]]) {
    await page.getByRole("contentinfo").getByRole("button", { name, exact: true }).click();
    assert.equal(await page.locator("html").getAttribute("lang"), language);
    assert.equal(await page.getByRole("heading", { level: 1 }).innerText(), words(language)("sign-in-title"));
    assert.equal(await page.getByRole("contentinfo").getByRole("button", { name, exact: true }).getAttribute("aria-current"), "true");
  }
  await house.signIn(page, person);
  await page.goto("/customers");
  await says(page.locator("h1"), words("de")("way-customers"));
  await page.getByRole("contentinfo").getByRole("button", { name: "Svenska", exact: true }).click();
  assert.equal(new URL(page.url()).pathname, "/customers");
  await says(page.locator("h1"), words("sv")("way-customers"));
  // It goes with the person: another browser, set to German, reads Swedish once signed in.
  const other = await fresh({ language: "de" });
  other.guard.allow(/status of 401/);
  await house.signIn(other, person);
  await other.goto("/customers");
  await says(other.locator("h1"), words("sv")("way-customers"));
});

each("SEED-77: the search finds as one types, by keyboard", async ({ as }) => {
  const page = await as(AGENT);
  await page.goto("/");
  await page.locator("#find").focus();
  await page.keyboard.type("möw", { delay: 20 });
  await page.locator(".found a").first().waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/customers\/[0-9a-f-]{36}$/);
  await says(page.locator("main"), "Möwenwerft GmbH");
});

each("the search offers a product as one types; it leads to a customer, and there to that product alone", async ({ as, w }) => {
  const page = await as(AGENT);
  await page.goto("/");
  await page.locator("#find").focus();
  await page.keyboard.type("sql server ent", { delay: 20 });
  const offered = page.locator(".found a", { hasText: "SQL Server Enterprise" });
  await offered.waitFor();
  await says(page.locator(".found"), w("found-products"));
  await says(offered, w("family-one-subscription"));
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/customers\?product=/);
  await says(page.locator("main .notice"), w("customers-buy-for", { product: "SQL Server Enterprise" }));
  // A customer is looked for, and the product is not forgotten over it.
  await page.getByLabel(w("customers-find"), { exact: true }).fill("möw");
  await page.locator("main form").getByRole("button", { name: w("frame-search"), exact: true }).click();
  await page.waitForURL(/q=m/);
  await says(page.locator("main .notice"), w("customers-buy-for", { product: "SQL Server Enterprise" }));
  await page.getByRole("link", { name: "Möwenwerft GmbH", exact: true }).click();
  assert.equal(await page.getByRole("heading", { level: 1 }).innerText(), w("section-add-products"));
  await says(page.locator("p.whose"), "Möwenwerft GmbH");
  const items = await page.locator(".item code").allInnerTexts();
  assert.ok(items.length > 1, "it has several SKUs");
  assert.deepEqual(items.filter((item) => !item.startsWith(SQL.split(":")[0])), []);
});

each("pages that are seen once: a temporary password, another of one's own, a second factor and its codes, a program's secret", async ({ as, fresh, w, language }) => {
  const looked = async (page, name) => {
    for (const theme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme: theme });
      assert.deepEqual(await violations(page), [], `${name}, ${theme}`);
      await shot(page, `${language}-${theme}`, name);
    }
    await page.emulateMedia({ colorScheme: "light" });
    await narrow(page);
    await page.setViewportSize({ width: 1280, height: 900 });
  };
  const page = await as(GLOBAL, { bypassCSP: true });
  const upn = `once.${language}@norrsken.example`;
  await page.goto("/users/new");
  await page.fill("#name", "Once Only");
  await page.fill("#upn", upn);
  await page.check("#role-sales_agent");
  await page.getByRole("button", { name: w("users-add-do"), exact: true }).click();
  const password = await page.locator("code.secret").innerText();
  await looked(page, "temporary-password");
  await page.goto("/applications");
  await page.fill("#name", `Once ${language}`);
  await page.locator('form[action="/applications"] input[name=roles]').first().check();
  await page.locator('form[action="/applications"] button[type=submit]').click();
  await says(page.locator("main"), w.like("apps-secret-careful"));
  await looked(page, "application-secret");

  const own = await fresh({ bypassCSP: true });
  await own.goto("/sign-in");
  await own.fill("#upn", upn);
  await own.fill("#password", password);
  await own.click('form[action="/sign-in"] button[type=submit]');
  await says(own.locator("h1"), w("password-title-first"));
  await looked(own, "password-first");
  await own.fill("#current", password);
  for (const field of ["#new", "#again"]) await own.fill(field, "correct horse battery staple once");
  await own.click('form[action="/password"] button[type=submit]');
  if (!own.url().includes("totp")) await own.goto("/second-factor/totp");
  await looked(own, "second-factor-new");
  await own.locator("details.aside summary").click();
  const secret = (await own.locator("code.secret").first().innerText()).replaceAll(/\s/g, "");
  await own.fill("#code", codeOf(secret));
  await own.click('form[action="/second-factor/totp"] button[type=submit]');
  await says(own.locator("h1"), w("recovery-title"));
  await looked(own, "recovery-codes");
});

one("the customer's sections never carry a person of the customer's to the partner's pages", async ({ as }) => {
  const page = await as(CUSTOMER);
  page.guard.allow(/status of 403/);
  for (const path of ["/customers", base, `${base}/orders`, "/activity", "/renewals", "/search?q=fj"]) {
    assert.equal((await page.goto(path)).status(), 403, path);
    assert.ok(await page.getByRole("navigation").first().isVisible());
  }
});

after(async () => {
  await leave();
  await house.close();
});
