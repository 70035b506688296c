// The first page of a partner: what was bought by month and family, and what the operator answered.

import assert from "node:assert/strict";
import { after } from "node:test";
import { AGENT, BEGIN, cents, open, says, saysNot, tests, violations } from "./lib.mjs";

const house = await open();
after(() => house.close());
const { one, each } = tests(house);

const OPERATOR = house.data.operator.upn;
const CUSTOMER = house.customer("SE");
/** What is bought, by family. */
const BOUGHT = {
  subscription: "DG7GMGF0FKZV:0002:DG7GMGF0HFR6",
  perpetual: "DG7GMGF0D515:0001:DG7GMGF0L5AS",
  reservation: "DZH318Z0BQ4Z:002L:DZH318Z0THEK",
  "linux-plan": "DZH318Z0SLES:0001:DZH318Z056TL",
};

// Figures are kept for a while, each month its own: whoever looks in February looks anew.
await (async () => {
  await house.set(BEGIN);
  const page = await house.as(AGENT);
  for (const item of Object.values(BOUGHT)) await house.buy(page, CUSTOMER, { item });
  const gone = await house.buy(page, CUSTOMER, { item: BOUGHT.perpetual, quantity: 3 });
  await house.cancel(page, gone);
  await house.set("2020-02-03T10:00:00Z");
  await page.context().close();
})();

const chart = (page) => page.locator('section[aria-labelledby^="chart-"]');
const tile = (page, name) => page.locator(`section[aria-labelledby="${name}"]`);

each("the bars stand by family, one on the other, with a legend; the table has the same figures", async ({ as, w }) => {
  const page = await as(AGENT);
  await page.goto("/");
  assert.equal(await chart(page).count(), 1, "one currency, one chart");
  const families = Object.keys(BOUGHT).map((own) => w(`family-one-${own}`));
  assert.deepEqual((await chart(page).locator("ul.keys li").allInnerTexts()).map((own) => own.trim()), families);
  const bars = (which) => chart(page).locator(`svg rect[class^="part-"]${which}`).evaluateAll((list) => list.map((own) => {
    const [x, y, height] = ["x", "y", "height"].map((name) => Number(own.getAttribute(name)));
    const { fill, stroke } = getComputedStyle(own);
    return { x, y, height, class: own.getAttribute("class"), fill, stroke, title: own.textContent };
  }));
  const rects = await bars(":not(.back)");
  assert.deepEqual(rects.map((own) => own.class), ["part-1", "part-2", "part-3", "part-4"], "all in January");
  assert.equal(new Set(rects.map((own) => own.x)).size, 1);
  assert.equal(new Set(rects.map((own) => own.fill)).size, 4, "each has a colour of its own");
  let ground = 130;
  for (const own of rects) {
    assert.equal(own.y + own.height, ground, "nothing lies over another, and nothing floats");
    ground = own.y;
  }
  assert.ok(ground >= 0);
  const keys = await chart(page).locator(".key").evaluateAll((list) => list.map((own) => getComputedStyle(own).backgroundColor));
  assert.deepEqual(keys.slice(0, 4), rects.map((own) => own.fill), "the legend has the colours of the bars");

  await chart(page).locator("summary", { hasText: w("home-table") }).click();
  const heads = await chart(page).locator("thead th").allInnerTexts();
  assert.deepEqual(heads, [w("home-month"), ...families, w("home-bought"), w("home-ordered"), w("home-back"), w("home-credited")]);
  const rows = chart(page).locator("tbody tr");
  assert.equal(await rows.count(), 12);
  const [january, february] = await Promise.all([-2, -1].map((at) => rows.nth(at).locator("td").allInnerTexts()));
  const bought = january.slice(0, 4).map(cents);
  assert.ok(bought.every((own) => own > 0n));
  assert.equal(cents(january[4]), bought.reduce((sum, own) => sum + own), "what was bought is the sum of the families");
  assert.equal(cents(january[6]) * 4n, bought[1] * 3n, "three of the four were given back");
  assert.deepEqual([january[5], january[7]], ["5", "1"], "five lines were ordered, and one was given back");
  assert.deepEqual([0, 1, 2, 3, 4, 6].map((at) => cents(february[at])), Array(6).fill(0n));
  assert.deepEqual([february[5], february[7]], ["0", "0"]);
  // What was given back stands beside it, hollow, in the colour of its family and as high as its sum.
  const [back, ...none] = await bars(".back");
  assert.equal(none.length, 0, "of one family");
  assert.deepEqual([back.class, back.fill, back.stroke], ["part-2 back", "none", rects[1].fill]);
  assert.ok(back.x > rects[0].x && Math.abs(back.height * 4 - rects[1].height * 3) <= 4, `${back.height} of ${rects[1].height}`);
  assert.ok(back.title.includes(families[1]) && back.title.includes(w("home-back")), back.title);
  assert.match(january[1], w.like("home-back-of"));
  for (const [at, own] of rects.entries()) {
    assert.ok(own.title.includes(families[at]), own.title);
    assert.equal(cents(own.title.split(families[at])[1]), bought[at], own.title);
  }
});

one("the chart and its table keep to the page, light and dark, wide and narrow", async ({ as }) => {
  const page = await as(AGENT);
  await page.goto("/");
  await chart(page).locator("summary").click();
  for (const theme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme: theme });
    assert.deepEqual(await violations(page), [], theme);
  }
  await page.setViewportSize({ width: 360, height: 740 });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(wide <= 360, `${wide} px`);
});

each("an answer of the operator's stands on the first page until it was read", async ({ as, w, language }) => {
  const page = await as(AGENT);
  const answered = tile(page, "home-answered");
  await page.goto("/");
  await says(answered, w("home-answered"));
  await says(answered, w("home-answered-none"));
  const title = `It does not start (${language})`;
  const multipart = {
    topic: "technical", impact: "minimal", title, description: "Nothing happens.", customer: CUSTOMER.domain,
    contact_name: "Astrid Berg", contact_email: AGENT, contact_phone: "+46 90 123 45",
  };
  const sent = await page.context().request.post(`${house.url}/support/new`, { multipart, headers: { origin: house.url }, maxRedirects: 0 });
  const request = new URL(sent.headers().location, house.url).pathname;
  await page.reload();
  await saysNot(answered, title);
  const desk = await as(OPERATOR);
  await desk.goto(request.replace("/support/", `/operator/requests/${house.person(AGENT).partner_id}/`));
  await desk.getByLabel(w("support-message"), { exact: true }).fill("Turn it off and on again.");
  await desk.getByRole("button", { name: w("support-send"), exact: true }).click();
  await says(desk.locator(".notice.done"), w("support-answered"));

  await page.reload();
  await says(answered, CUSTOMER.name);
  await saysNot(answered, w("home-answered-none"));
  await answered.getByRole("link", { name: title, exact: true }).click();
  assert.equal(new URL(page.url()).pathname, request);
  await says(page.locator("main"), "Turn it off and on again.");
  await page.goto("/");
  await says(answered, w("home-answered-none"));
  await saysNot(answered, title);
});
