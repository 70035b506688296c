// What the page does by the clock: the time left to cancel runs, and a key that was shown hides itself.

import assert from "node:assert/strict";
import { after } from "node:test";
import { AGENT, open, tests } from "./lib.mjs";

const house = await open();
after(() => house.close());
const { each } = tests(house);

const SQL = "DG7GMGF0FKZV:0002:DG7GMGF0HFR6";
const order = await (async () => {
  const page = await house.as(AGENT);
  const own = await house.buy(page, house.customer("SE"), { item: SQL });
  await page.context().close();
  return own;
})();

/** So many milliseconds in the words of the page: days, hours and minutes. */
function left(milliseconds, language) {
  const units = [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];
  let seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const words = [];
  for (const [unit, size] of units) {
    const count = Math.floor(seconds / size);
    seconds -= count * size;
    if (count > 0 || words.length > 0 || unit === "second") {
      words.push(new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "long" }).format(count));
    }
  }
  return new Intl.ListFormat(language, { type: "unit" }).format(words.slice(0, 3));
}

each("the time left to cancel is told in days, hours and minutes, and runs by the server's clock", async ({ as, language }) => {
  const page = await as(AGENT);
  await page.clock.install();
  // A practice clock stands; here it runs, as one that counts does.
  await page.route("**/cancel", async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, body: (await answer.text()).replace('data-stands="yes"', 'data-stands="no"') });
  });
  await page.goto(`${order.software}/cancel`);
  const clock = page.locator("[data-until]");
  const [until, now] = await clock.evaluate((own) => [own.dataset.until, own.dataset.now].map(Date.parse));
  assert.ok(until - now > 59 * 86400000, "sixty days, or nearly");
  // The page was made a moment ago: its clock may be a second further.
  const shown = async (passed) => {
    const text = await clock.innerText();
    const right = [0, 1000, 2000, 3000].map((more) => left(until - now - passed - more, language));
    assert.ok(right.includes(text), `${text} is none of ${right.join(" | ")}`);
    return text;
  };
  const first = await shown(0);
  await page.clock.runFor(3 * 3600000);
  assert.notEqual(await shown(3 * 3600000), first);
  await page.clock.fastForward(61 * 86400000);
  await page.clock.runFor(2000);
  assert.equal(await clock.innerText(), left(0, language), "it ends at nothing");
});

each("a key that was shown hides itself after a minute", async ({ as, w }) => {
  const page = await as(AGENT);
  await page.clock.install();
  await page.goto(`${order.software}?version=2022`);
  await page.getByRole("button", { name: w("key-get"), exact: true }).click();
  const box = page.locator("details[data-hides]");
  await box.locator("summary").click();
  assert.ok(await page.locator("#key-text").isVisible());
  await page.clock.runFor(59000);
  assert.ok(await page.locator("#key-text").isVisible(), "not before");
  await page.clock.runFor(2000);
  assert.ok(!(await page.locator("#key-text").isVisible()), "it hid itself");
  assert.equal(await box.getAttribute("open"), null);
  await box.locator("summary").click();
  assert.ok(await page.locator("#key-text").isVisible(), "and is shown again when it is asked for");
});
