// Takes the pictures of the guides from a practice twin. Run by hand, after a build: node e2e/pictures.mjs

import assert from "node:assert/strict";
import { mkdir, mkdtemp, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AGENT, ROOT, SALES, camt, open } from "./lib.mjs";

const FOLDER = join(ROOT, "docs/guides/pictures");
const MOST = 150 * 1024;
const SQL = "DG7GMGF0FKZV:0002:DG7GMGF0HFR6";
const WINDOWS = "DG7GMGF0DVT9:0001:DG7GMGF0643M";
const CONNECTOR = "DG7GMGF0D515:0001:DG7GMGF0L5AS";
const SIZE = { width: 1100, height: 700, deviceScaleFactor: 1 };

const house = await open();
try {
  await mkdir(FOLDER, { recursive: true });
  const agent = await house.as(AGENT, SIZE);
  const sales = await house.as(SALES, SIZE);
  const customer = house.customer("SE");
  // Bought at different times, so that windows, months and terms have something to say.
  await house.buy(sales, house.customer("US"), { item: WINDOWS, quantity: 5 });
  await house.buy(sales, house.customer("DE"), { item: CONNECTOR });
  await house.advance("P50D");
  const order = await house.buy(sales, customer, { item: SQL, quantity: 2 });
  await house.buy(sales, customer, { item: WINDOWS, quantity: 8 });
  await house.advance("P3D");
  await house.post(agent, "/notifications/read", {});
  const choice = "version=2022&language=en-US&bits=64&type=ISO+%28Windows%29";

  /** Brings a part of the page under the upper edge. */
  const from = (page, part) => () => page.locator(part).first().evaluate((own) => scrollTo(0, own.getBoundingClientRect().top + scrollY - 24));
  const take = async (name, page, path, act) => {
    await page.goto(path);
    await act?.();
    await page.evaluate(() => document.activeElement?.blur());
    const place = join(FOLDER, `${name}.png`);
    await page.screenshot({ path: place });
    const { size } = await stat(place);
    assert.ok(size <= MOST, `${name}.png has ${size} bytes`);
    console.log(`${name}.png ${size}`);
    page.guard.clean();
  };

  await take("home", agent, "/", from(agent, "main h1"));
  await take("products", agent, `${order.base}/products?tab=software&q=SQL`, from(agent, "main h1"));
  await take("software", agent, `${order.software}?${choice}`, from(agent, "main h2"));
  await take("cancel", agent, order.software, async () => {
    await agent.locator("a.danger[data-dialog]").first().click();
    await agent.locator("dialog[open]").waitFor();
  });
  const global = await house.as("global.admin@norrsken.example", SIZE);
  await house.post(global, "/company/look", { name: "Norrsken Cloud", colour: "#7a2e8c", seen: "0" });
  await take("look", global, "/company/look", from(global, "main h1"));
  const owner = await house.as("global.admin@fjallvind.onmicrosoft.com", SIZE);
  await take("portal", owner, "/software");
  await take("users", agent, `${order.base}/users`, from(agent, "main h1"));

  const machines = house.customer("DE");
  await house.buy(sales, machines, { item: WINDOWS, quantity: 3 });
  await take("benefit", agent, `/customers/${machines.id}/benefit`, async () => {
    await agent.locator("#list").fill("web, Standard_D4s_v3, northeurope, 3\ndb, Standard_D16s_v3, northeurope\nbuild, Standard_F8s_v2, northeurope, 1, 200\n");
    await agent.locator('select[name="region"]').selectOption("northeurope");
    await agent.locator('form button[name="step"], form button.main').first().click();
    await agent.locator("#result").waitFor();
    await from(agent, "#result")();
  });

  const azure = await (await agent.context().request.get(`${house.url}${order.base}/products?tab=azure`)).text();
  const item = /name="item" value="(DZH318Z0BQ4Z:[^"]+)"/.exec(azure)[1];
  await house.buy(sales, customer, { item, quantity: 5 });
  const subscription = "5b2d8c3e-0f1a-4d6b-9c7e-2a3b4c5d6e7f";
  await house.post(agent, `${order.base}/reservations/azure`, { azure_id: subscription, azure_name: "Production" });
  await take("reservations", agent, `${order.base}/reservations`, from(agent, "main h1"));

  await take("webhooks", global, "/webhooks", from(global, "main h1"));

  for (const period of ["2020-01", "2020-02"]) await house.command("invoice", "run", "--period", period);
  await house.advance("P20D");
  const operator = await house.as(house.data.operator.upn, SIZE);
  await take("bill", operator, "/operator/billing", async () => {
    await operator.locator('main button[value="look"]').click();
    await operator.locator("#told").waitFor();
  });
  await house.command("invoice", "run", "--period", "2020-03");
  await agent.goto("/billing");
  const kronor = agent.locator("tbody tr", { hasText: "SEK" }).first();
  const number = await kronor.getByRole("link").innerText();
  await take("invoice", agent, `/billing/${number}`, from(agent, "main h1"));
  const statement = join(await mkdtemp(join(tmpdir(), "chandlery-pictures-")), "statement.xml");
  await writeFile(statement, camt([["20200402-1", "120000.00", `Faktura ${number}`], ["20200402-2", "350.00", "Tack"]], "2020-04-02"));
  await operator.goto("/operator/payments");
  await operator.locator("#file").setInputFiles(statement);
  await operator.locator('form[action="/operator/payments/statements"] button').click();
  await operator.waitForURL(/done=read/);
  await take("payments", operator, "/operator/payments", from(operator, 'form[action="/operator/payments/recognised"]'));
  await operator.goto("/operator/close?period=2020-03");
  const bill = "ProductId,SkuId,ChargeType,Quantity,Subtotal,Currency\nDG7GMGF0AAAA,0001,New,3,1234.50,EUR\n";
  await operator.locator("#file").setInputFiles({ name: "bill.csv", mimeType: "text/csv", buffer: Buffer.from(bill) });
  await operator.locator('form[enctype] button').click();
  await operator.waitForURL(/done=vendor/);
  await operator.locator('main button[value="compare"]').click();
  await operator.waitForURL(/done=compared/);
  await take("close", operator, "/operator/close?period=2020-03", from(operator, "main h1"));
  await take("policies", operator, "/operator/policies");
  await take("health", operator, "/operator/health");
} finally {
  await house.close();
}
