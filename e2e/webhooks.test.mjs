// A partner's own program: registered, tried out, away for a while, and told again.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after } from "node:test";
import { narrow, open, says, shot, tests, violations } from "./lib.mjs";

const GLOBAL = "global.admin@norrsken.example";
const house = await open();
after(() => house.close());
const { each } = tests(house);

/** What was called, and what is answered. */
const heard = [];
let answer = 200;
const program = createServer((request, response) => {
  let body = "";
  request.on("data", (part) => (body += part)).on("end", () => {
    heard.push({ path: request.url, headers: request.headers, body: JSON.parse(body) });
    response.writeHead(answer).end();
  });
});
await new Promise((ready) => program.listen(0, "127.0.0.1", ready));
after(() => program.close());

/** Looks again until the newest call is in a state. */
async function comesTo(page, state) {
  const badge = page.locator('section[aria-labelledby="calls"] li .badge').first();
  for (let tried = 0; tried < 40 && (await badge.innerText()) !== state; tried += 1) {
    await page.waitForTimeout(250);
    await page.reload();
  }
  await says(badge, state);
}

each("a program is registered, tried out and told again when it was away", async ({ as, w, language }) => {
  const page = await as(GLOBAL);
  page.guard.allow(/status of 400/);
  await page.goto("/webhooks");
  const address = page.getByRole("textbox", { name: w("webhook-url"), exact: true });
  await address.fill("http://hooks.example/in");
  await page.getByRole("button", { name: w("save"), exact: true }).click();
  await says(page.locator("#url-problem"), "https://");
  assert.equal(await address.inputValue(), "http://hooks.example/in", "what was typed is kept");
  await shot(page, `${language}-light`, "webhooks-wrong");
  await address.fill(`http://127.0.0.1:${program.address().port}/in`);
  await page.getByRole("checkbox", { name: "test-created", exact: true }).check();
  await page.getByRole("button", { name: w("save"), exact: true }).click();
  await says(page.locator("main"), w("webhook-done-saved"));

  // It is away: the call waits for another attempt.
  answer = 503;
  await house.advance("PT2M");
  await page.getByRole("button", { name: w("webhook-test"), exact: true }).click();
  await says(page.locator("main"), w("webhook-done-tested"));
  const before = heard.length;
  const row = page.locator('section[aria-labelledby="calls"] li').first();
  for (let tried = 0; tried < 40 && !(await row.innerText()).includes("503"); tried += 1) {
    await page.waitForTimeout(250);
    await page.goto("/webhooks");
  }
  await says(row, "503");
  await says(row, w("webhook-next"));
  await comesTo(page, w("webhook-state-waiting"));
  for (const theme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme: theme });
    await shot(page, `${language}-${theme}`, "webhooks-calls");
    assert.deepEqual(await violations(page), []);
  }
  await page.emulateMedia({ colorScheme: "light" });
  await narrow(page);
  await shot(page, `${language}-narrow`, "webhooks-calls");
  await page.setViewportSize({ width: 1280, height: 900 });

  // It is back: half a minute later it is told.
  answer = 200;
  await house.advance("PT30S");
  await comesTo(page, w("webhook-state-delivered"));
  assert.ok(heard.length > before);
  const last = heard.at(-1);
  assert.equal(last.body.EventName, "test-created");
  assert.match(last.headers.authorization, /^Signature [A-Za-z0-9+/]+=*$/);

  await page.getByText(w("webhook-remove"), { exact: true }).click();
  await page.getByRole("button", { name: w("webhook-remove-do"), exact: true }).click();
  await says(page.locator("main"), w("webhook-done-removed"));
});
