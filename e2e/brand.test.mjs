// Name and colours of a house: chosen on a page, seen by its customers, and always legible.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after } from "node:test";
import { AGENT, ROOT, narrow, open, says, shot, tests, violations } from "./lib.mjs";

const house = await open();
after(() => house.close());
const { one, each } = tests(house);

const GLOBAL = "global.admin@norrsken.example";
const CUSTOMER = "global.admin@fjallvind.onmicrosoft.com";
const OPERATOR = house.data.operator.upn;
/** Nothing can be read in it on white. */
const GARISH = "#ffe100";

const brand = (page) => page.locator("header .brand");
const preview = (page) => page.locator('section[aria-labelledby="preview"]');
const colour = (part) => part.evaluate((own) => getComputedStyle(own).color);
/** The colour of a link on a page of the portal that always has one. */
async function linked(page) {
  await page.goto("/users");
  return colour(page.locator("main a.line").first());
}

async function saves(page, w, address, name, wanted) {
  await page.goto(address);
  await page.getByLabel(w("brand-name"), { exact: true }).fill(name);
  await page.locator("#colour").fill(wanted);
  await page.getByRole("button", { name: w("save"), exact: true }).click();
  await says(page.getByRole("status"), w("brand-saved"));
}

each("a partner's name and colour are what its customers see, in a shade that can be read, until they are taken back", async ({ as, w, language }) => {
  const customer = await as(CUSTOMER);
  const usual = await linked(customer);
  assert.equal(await brand(customer).innerText(), "Chandlery");
  const page = await as(GLOBAL);
  await page.goto("/company");
  await page.locator("details.gear summary").click();
  await page.locator("details.gear").getByRole("link", { name: w("way-look"), exact: true }).click();
  assert.equal(await page.getByRole("heading", { level: 1 }).innerText(), w("way-look"));
  const before = await colour(preview(page).getByRole("link", { name: w("brand-preview-link"), exact: true }));
  // The colour that is picked stands in the field, and what is typed there is picked.
  const pick = page.getByLabel(w("brand-pick"), { exact: true });
  await pick.fill(GARISH);
  assert.equal(await page.locator("#colour").inputValue(), GARISH);
  await page.locator("#colour").fill("#8000FF");
  assert.equal(await pick.inputValue(), "#8000ff");
  await pick.fill(GARISH);
  const name = `Norrsken Molntjänster (${language})`;
  await page.getByLabel(w("brand-name"), { exact: true }).fill(name);
  await page.getByRole("button", { name: w("save"), exact: true }).click();
  await says(page.getByRole("status"), w("brand-saved"));
  await says(preview(page), name);
  const after = await colour(preview(page).getByRole("link", { name: w("brand-preview-link"), exact: true }));
  assert.notEqual(after, before, "the preview is coloured");
  assert.equal(await brand(page).innerText(), "Chandlery", "the partner's own pages are as they were");

  assert.equal(await linked(customer), after, "and so is the portal");
  assert.notEqual(after, usual);
  assert.equal(await brand(customer).innerText(), name);
  assert.ok((await customer.title()).endsWith(`– ${name}`));
  const wrong = [];
  for (const [who, paths] of [[customer, ["/software", "/agreement", "/users", "/own-activity", "/account"]], [page, ["/company/look"]]]) {
    for (const path of paths) {
      await who.goto(path);
      for (const theme of ["light", "dark"]) {
        await who.emulateMedia({ colorScheme: theme });
        const found = await violations(who);
        if (found.length > 0) wrong.push(`${path}, ${theme}: ${JSON.stringify(found, null, 1)}`);
      }
      await who.emulateMedia({ colorScheme: "light" });
    }
  }
  assert.equal(wrong.join("\n"), "");

  await saves(page, w, "/company/look", "", "");
  assert.equal(await linked(customer), usual);
  assert.equal(await brand(customer).innerText(), "Chandlery");
});

each("what is no colour is told at its field, and the name that was typed stays", async ({ as, w }) => {
  const page = await as(GLOBAL);
  page.guard.allow(/status of 422/);
  await page.goto("/company/look");
  await page.getByLabel(w("brand-name"), { exact: true }).fill("Norrsken");
  await page.locator("#colour").fill("red");
  await page.getByRole("button", { name: w("save"), exact: true }).click();
  assert.equal(await page.locator("#colour-fault").innerText(), w("brand-colour-wrong"));
  assert.equal(await page.locator("#colour").getAttribute("aria-invalid"), "true");
  assert.match(await page.locator("#colour").getAttribute("aria-describedby"), /colour-fault/);
  assert.equal(await page.locator("#colour").inputValue(), "red");
  assert.equal(await page.getByLabel(w("brand-name"), { exact: true }).inputValue(), "Norrsken");
  await page.reload();
});

each("the operator's name and colour are everybody's who has none of a partner's, before signing in, too", async ({ as, fresh, w }) => {
  const desk = await as(OPERATOR);
  await saves(desk, w, "/operator/look", "Moln AB", "#a3005c");
  const stranger = await fresh();
  await stranger.goto("/sign-in");
  const agent = await as(AGENT);
  await agent.goto("/customers");
  const customer = await as(CUSTOMER);
  const all = await linked(customer);
  for (const page of [desk, stranger, agent, customer]) assert.equal(await brand(page).innerText(), "Moln AB", page.url());
  assert.equal(all, "rgb(163, 0, 92)", "what can be read is shown as it is");
  for (const page of [stranger, agent, customer]) assert.deepEqual(await violations(page), [], page.url());
  // Each part is a partner's own, or else the operator's.
  const page = await as(GLOBAL);
  await saves(page, w, "/company/look", "Norrsken Moln", "");
  assert.equal(await linked(customer), all);
  assert.equal(await brand(customer).innerText(), "Norrsken Moln");
  await agent.reload();
  assert.equal(await brand(agent).innerText(), "Moln AB");
  await saves(page, w, "/company/look", "", "");
  await saves(desk, w, "/operator/look", "", "");
  await agent.reload();
  assert.equal(await brand(agent).innerText(), "Chandlery");
});

one("without JavaScript the colour is typed, and two who choose at once are told", async ({ as, another }) => {
  const page = await as(GLOBAL, { javaScriptEnabled: false });
  page.guard.allow(/status of (422|409)/);
  await page.goto("/company/look");
  assert.ok(!(await page.locator("input[type=color]").isVisible()));
  const other = await another(page);
  await other.goto("/company/look");
  await other.locator("#colour").fill("#0B7A3A");
  await other.getByRole("button", { name: "Save", exact: true }).click();
  await says(other.getByRole("status"), "Name and colour were saved.");
  await page.locator("#colour").fill(GARISH);
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await says(page.getByRole("alert"), "Somebody changed this meanwhile.");
  assert.equal(await page.locator("#colour").inputValue(), "#0b7a3a");
  await page.locator("#colour").fill("");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await says(page.getByRole("status"), "Name and colour were saved.");
});

each("the operator's documents carry a logo: it is chosen from a file, looked at, and taken away", async ({ as, w, language }) => {
  const page = await as(OPERATOR, { bypassCSP: true });
  page.guard.allow(/status of 422/);
  await page.goto("/operator/look");
  const use = page.getByRole("button", { name: w("logo-choose"), exact: true });
  const file = page.locator("#file");
  await file.setInputFiles({ name: "logo.svg", mimeType: "image/svg+xml", buffer: Buffer.from("<svg/>") });
  assert.equal(await file.evaluate((own) => own.validationMessage), w("op-file-kind", { kinds: await file.getAttribute("accept") }), "told before it is sent");
  // What only says that it is a picture is told by the server.
  await file.setInputFiles({ name: "logo.png", mimeType: "image/png", buffer: Buffer.from("<svg/>") });
  await use.click();
  await says(page.getByRole("alert"), w("logo-no-picture"));
  await page.locator("#file").setInputFiles(join(ROOT, "crates/documents/tests/documents/logo.png"));
  await use.click();
  await says(page.getByRole("status"), w("logo-saved"));
  const picture = page.getByRole("img", { name: w("logo-picture"), exact: true });
  assert.ok(await picture.evaluate((own) => own.complete && own.naturalWidth > 0), "the logo is not seen");
  for (const theme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme: theme });
    await shot(page, `${language}-${theme}`, "operator-logo");
    assert.deepEqual(await violations(page), [], theme);
  }
  await narrow(page);
  await page.getByRole("button", { name: w("logo-remove"), exact: true }).click();
  await says(page.getByRole("status"), w("logo-removed"));
  assert.equal(await picture.count(), 0);
});

each("a partner's customers sign in at a door of their own, in its name; its own people are sent to the other", async ({ as, fresh, w, language }) => {
  const page = await as(GLOBAL);
  const name = `Norrsken Portal (${language})`;
  await saves(page, w, "/company/look", name, "#7a1f5c");
  const door = await page.getByLabel(w("brand-door-address"), { exact: true }).inputValue();
  const stranger = await fresh({ bypassCSP: true });
  stranger.guard.allow(/status of 401/);
  await stranger.goto(door);
  assert.equal(await brand(stranger).innerText(), name);
  await says(stranger.locator("main"), w("sign-in-portal"));
  assert.deepEqual(await violations(stranger), []);
  await narrow(stranger);
  // Whoever works for the partner is told what anybody is told, with the way to the other door.
  const enter = async (upn) => {
    await stranger.fill("#upn", upn);
    await stranger.fill("#password", house.person(upn).password);
    await stranger.click('form[action="/sign-in"] button[type=submit]');
  };
  await enter(AGENT);
  assert.equal(await brand(stranger).innerText(), name, "still at that door");
  await says(stranger.getByRole("alert"), w("trouble-wrong-password"));
  assert.equal(await stranger.getByRole("link", { name: w("sign-in-partners"), exact: true }).getAttribute("href"), "/sign-in");
  await enter(CUSTOMER);
  assert.equal(new URL(stranger.url()).pathname, "/second-factor");
  await saves(page, w, "/company/look", "", "");
});

each("the company says where its customers find help, and they find it under their products", async ({ as, another, w, language }) => {
  const page = await as(GLOBAL, { bypassCSP: true });
  page.guard.allow(/status of (422|409)/);
  await page.goto("/company");
  const part = page.locator('section[aria-labelledby="support"]');
  const saved = () => part.getByRole("button", { name: w("save") }).click();
  await part.getByLabel(w("email-optional"), { exact: true }).fill(`help.${language}@norrsken.example`);
  await part.getByLabel(w("company-website-optional"), { exact: true }).fill("norrsken");
  await saved();
  assert.equal(await page.locator("#support_website-fault").innerText(), w("company-website-wrong"));
  assert.equal(await page.locator("#support_email").inputValue(), `help.${language}@norrsken.example`, "what was typed stays");
  for (const theme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme: theme });
    assert.deepEqual(await violations(page), [], theme);
    await shot(page, `${language}-${theme}`, "company-fault");
  }
  const old = await another(page);
  old.guard.allow(/status of 409/);
  await old.goto("/company");
  await part.getByLabel(w("company-website-optional"), { exact: true }).fill("https://help.norrsken.example/");
  await saved();
  await says(page.getByRole("status"), w("company-support-saved"));
  // A window that does not know is told, with what differs.
  await old.locator("#support_phone").fill("+46 90 1");
  await old.locator('section[aria-labelledby="support"]').getByRole("button", { name: w("save") }).click();
  await says(old.getByRole("alert"), w("stale"));
  await says(old.locator("#differences"), "+46 90 1");
  assert.equal(await old.locator("#support_website").inputValue(), "https://help.norrsken.example/");
  await narrow(old);

  const customer = await as(CUSTOMER, { bypassCSP: true });
  await customer.goto("/software");
  const help = customer.locator('section[aria-labelledby="help"]');
  await says(help, `help.${language}@norrsken.example`);
  assert.equal(await help.getByRole("link").nth(1).getAttribute("href"), "https://help.norrsken.example/");
  assert.deepEqual(await violations(customer), []);
  await shot(customer, `${language}-light`, "portal-help");
  await narrow(customer);
});
