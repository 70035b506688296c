// What the browser tests share: a practice twin and a browser, people who are signed in, the sentences of the pages, and a
// guard that listens for what must never happen on any page.

import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import { mkdtemp, mkdir, readFile, rm } from "node:fs/promises";
import { readFileSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const HERE = dirname(fileURLToPath(import.meta.url));
export const ROOT = dirname(HERE);
export const LANGUAGES = ["en", "de", "sv"];
const LOCALES = { en: "en-GB", de: "de-DE", sv: "sv-SE" };
export const AGENT = "admin.agent@norrsken.example";
export const SALES = "sales.agent@norrsken.example";
export const BEGIN = "2020-01-24T10:00:00Z";

// --- Sentences ----------------------------------------------------------------------------------------------------------

// The English words the seeds name. Whoever asks for one of them in English gets it only if the page's text is the same.
const SEEDS_WORDS = {
  "way-customers": "Customers",
  "section-add-products": "Add products",
  "section-software": "Software",
  "section-orders": "Order history",
  "software-select": "Select product",
  "software-version": "Version",
  "software-language": "Language",
  "software-type": "File type/OS",
  "software-get": "Get keys and downloads",
  "submit": "Submit",
  "key-get": "Get Key",
  "download": "Download",
  "link-copy": "Copy link",
  "cancel": "Cancel",
  "order-number": "Order number",
  "way-activity": "Activity log",
  "unavailable-important": "Important",
  "portal-billing": "Billing",
  "way-products": "Your products",
  "support-new-title": "Report a problem with Partner Center",
  "support-type": "Type of problem",
  "support-topic-refund": "CSP Purchase/Refund on behalf of customers",
  "support-impact": "Impact",
  "support-title": "Title",
  "support-description": "Description",
  "support-contact": "Contact",
  "support-add-files": "Add files",
};

function messagesOf(language) {
  const found = new Map();
  const folder = join(ROOT, "locales", language);
  for (const name of readdirSync(folder).filter((own) => own.endsWith(".ftl")).sort()) {
    let id = null;
    let depth = 0;
    for (const line of readFileSync(join(folder, name), "utf8").split("\n")) {
      const begin = depth === 0 && /^([a-z][\w-]*) *= ?(.*)$/.exec(line);
      if (begin) {
        id = begin[1];
        assert.ok(!found.has(id), `${language}: ${id} stands twice`);
        found.set(id, begin[2]);
      } else if (id && (depth > 0 || /^\s+\S/.test(line))) {
        found.set(id, `${found.get(id)}\n${depth > 0 ? line : line.trim()}`);
      } else {
        id = null;
        continue;
      }
      const added = (begin ? begin[2] : line).replace(/"[^"]*"/g, "");
      depth += (added.match(/\{/g) ?? []).length - (added.match(/\}/g) ?? []).length;
    }
  }
  return found;
}

const MESSAGES = Object.fromEntries(LANGUAGES.map((language) => [language, messagesOf(language)]));

// Splits a pattern into its texts and placeables.
function* parts(pattern) {
  let text = "";
  for (let at = 0; at < pattern.length; at += 1) {
    if (pattern[at] !== "{") {
      text += pattern[at];
      continue;
    }
    let depth = 1;
    let end = at + 1;
    for (; depth > 0; end += 1) {
      // What stands in quotes is no part of the grammar.
      if (depth === 1 && pattern[end] === '"') end = pattern.indexOf('"', end + 1);
      depth += { "{": 1, "}": -1 }[pattern[end]] ?? 0;
    }
    yield ["text", text];
    yield ["inside", pattern.slice(at + 1, end - 1).trim()];
    text = "";
    at = end - 1;
  }
  yield ["text", text];
}

function written(language, pattern, values, asText, asGap) {
  let out = "";
  for (const [kind, own] of parts(pattern)) {
    if (kind === "text") {
      out += asText(own);
      continue;
    }
    const choice = /^\$([\w-]+)\s*->([^]*)$/.exec(own);
    if (choice) {
      const value = values[choice[1]];
      const variants = [...choice[2].matchAll(/(\*?)\[([\w-]+)\]\s*((?:[^[*{]|\{(?:[^{}]|\{[^{}]*\})*\})*)/g)];
      const category = typeof value === "number" ? new Intl.PluralRules(language).select(value) : null;
      const chosen = variants.find((one) => one[2] === String(value))
        ?? variants.find((one) => one[2] === category) ?? variants.find((one) => one[1] === "*");
      out += written(language, chosen[3].trimEnd(), values, asText, asGap);
    } else if (own.startsWith("$")) {
      const value = values[own.slice(1)];
      out += value === undefined ? asGap()
        : asText(typeof value === "number" ? new Intl.NumberFormat(language).format(value) : String(value));
    } else if (own.startsWith('"')) {
      out += asText(own.slice(1, -1));
    } else {
      out += written(language, MESSAGES[language].get(own) ?? `⟦${own}⟧`, values, asText, asGap);
    }
  }
  return out;
}

const plain = (text) => text.replace(/<[^>]+>/g, "");

/** The words of one language: `w("id", {…})` is the sentence, `w.like("id", {…})` an expression with gaps for what is not given. */
export function words(language) {
  const pattern = (id) => {
    const own = MESSAGES[language].get(id);
    assert.ok(own !== undefined, `${language} has no sentence ${id}`);
    return own;
  };
  const w = (id, values = {}) => {
    const missing = () => assert.fail(`${id}: a value is missing`);
    const text = plain(written(language, pattern(id), values, (own) => own, missing));
    if (language === "en" && id in SEEDS_WORDS) assert.equal(text, SEEDS_WORDS[id], `the seeds call ${id} so`);
    return text;
  };
  w.like = (id, values = {}) => {
    const quoted = (own) => plain(own).replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace(/\s+/g, "\\s+");
    return new RegExp(written(language, pattern(id), values, quoted, () => "([^]+?)"));
  };
  w.language = language;
  return w;
}

// --- The twin -----------------------------------------------------------------------------------------------------------

const children = new Set();
process.on("exit", () => {
  for (const child of children) child.kill("SIGKILL");
});

async function startTwin(clock) {
  const executable = process.env.CHANDLERY_TWIN ?? join(ROOT, "target/debug/chandlery");
  const folder = await mkdtemp(join(tmpdir(), "chandlery-browser-"));
  const words = ["demo", "--json", "--listen", "127.0.0.1:0", "--data", join(folder, "data"), "--clock", clock];
  const child = spawn(executable, words, { stdio: ["ignore", "pipe", "pipe"] });
  children.add(child);
  let said = "";
  child.stderr.on("data", (text) => { said = (said + text).slice(-4000); });
  const line = await new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).once("line", resolve);
    child.once("exit", (code) => reject(new Error(`the practice twin ended (${code}):\n${said}`)));
    child.once("error", reject);
  });
  const data = JSON.parse(line);
  // Browsers take localhost for safe, so clipboard and cookies are as behind TLS; the address alone is not.
  const url = `http://localhost:${new URL(data.api).port}`;
  const end = async () => {
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await gone;
    children.delete(child);
    await rm(folder, { recursive: true, force: true });
  };
  /** Runs a command on the twin's own installation, beside the server; what it said. */
  const command = (...more) => new Promise((resolve, reject) => {
    execFile(executable, [...more, "--data", join(folder, "data")], (error, out, told) => (error ? reject(new Error(`${more.join(" ")}: ${out}${told}`)) : resolve(out)));
  });
  return { data, url, end, command };
}

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** The code an authenticator shows (RFC 6238). */
export function codeOf(secret, at = Date.now()) {
  const bits = [...secret.replace(/[= ]/g, "")].map((own) => ALPHABET.indexOf(own).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((own) => parseInt(own, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(at / 30000)));
  const digest = createHmac("sha1", key).update(step).digest();
  return String((digest.readUInt32BE(digest[19] & 15) & 0x7fffffff) % 1000000).padStart(6, "0");
}

// --- Pages that are listened to -----------------------------------------------------------------------------------------

/** Hears what a page must not do: errors in its console, and requests to anywhere else. */
function guarded(page, origin) {
  const heard = [];
  const allowed = [];
  page.on("console", (own) => {
    if (["error", "warning"].includes(own.type())) heard.push(`console ${own.type()}: ${own.text()} (${own.location().url})`);
  });
  page.on("pageerror", (error) => heard.push(`script: ${error.message}`));
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(`${origin}/`) && !/^(data|blob|about):/.test(url)) heard.push(`a request to ${url}`);
  });
  page.guard = {
    /** A refusal the test asks for: browsers put each into the console. */
    allow: (expression) => allowed.push(expression),
    clean: () => {
      const left = heard.filter((own) => !allowed.some((one) => one.test(own)));
      assert.deepEqual(left, [], "console errors, or requests to elsewhere");
    },
  };
  return page;
}

// --- Everything a file of tests needs -----------------------------------------------------------------------------------

/** Opens a twin and a browser, and gives what the tests of one file need. Call it once in each file. */
export async function open({ clock = BEGIN } = {}) {
  const twin = await startTwin(clock);
  const args = ["--no-sandbox", "--disable-dev-shm-usage", "--force-color-profile=srgb"];
  const browser = await chromium.launch({ executablePath: process.env.CHANDLERY_BROWSER ?? "/usr/bin/chromium", args });
  const { data, url } = twin;
  const kept = new Map();
  const person = (upn) => {
    const found = [...data.users, data.operator].find((own) => own.upn === upn);
    assert.ok(found, `nobody is called ${upn}`);
    return found;
  };

  async function fresh({ language = "en", theme = "light", width = 1280, height = 900, ...more } = {}) {
    const context = await browser.newContext({
      locale: LOCALES[language], colorScheme: theme, timezoneId: "Europe/Stockholm", viewport: { width, height }, baseURL: url,
      reducedMotion: "reduce", ...more,
    });
    context.setDefaultTimeout(10000);
    // The style and the script of the working tree, on the pages of an executable that was built before.
    if (process.env.CHANDLERY_ASSETS) {
      await context.route(/\/assets\/(site|page)\.[0-9a-f]+\.(css|js)$/, (route) => {
        const [, name, ending] = /(site|page)\.[0-9a-f]+\.(css|js)$/.exec(route.request().url());
        return route.fulfill({ path: join(ROOT, `crates/server/assets/${name}.${ending}`) });
      });
    }
    return guarded(await context.newPage(), url);
  }

  /** Signs in on whatever page asks for it. */
  async function signIn(page, upn) {
    const { password, totp_secret } = person(upn);
    if (!page.url().includes("/sign-in")) await page.goto("/sign-in");
    await page.fill("#upn", upn);
    await page.fill("#password", password);
    await page.click('form[action="/sign-in"] button[type=submit]');
    // A code counts once: whoever signs in again within its half minute shows the next one.
    for (const later of [0, 30000, -30000]) {
      await page.fill("#code", codeOf(totp_secret, Date.now() + later));
      await page.click('form[action="/sign-in/code"] button[type=submit]');
      if (!/\/(second-factor|sign-in)/.test(page.url())) return;
    }
    assert.fail(`${upn} could not sign in: ${await page.innerText("main")}`);
  }

  /** A page of somebody who is signed in; once for each person, then the session is used again. */
  async function as(upn, options = {}) {
    if (!kept.has(upn)) {
      const page = await fresh();
      await signIn(page, upn);
      page.guard.clean();
      kept.set(upn, await page.context().storageState());
      await page.context().close();
    }
    return fresh({ ...options, storageState: kept.get(upn) });
  }

  const ask = async (method, body) => {
    const answer = await fetch(`${data.api}/practice/clock`, { method, body: body && JSON.stringify(body) });
    assert.ok(answer.ok, await answer.clone().text());
    return new Date((await answer.json()).now);
  };

  /** What a form of a page sends, sent without the page: what a test needs but is not about. */
  async function post(page, path, form) {
    const options = { form, headers: { origin: url }, maxRedirects: 0 };
    return page.context().request.post(`${url}${path}`, options);
  }

  /** Buys without looking: the tests of buying look. Waits until the keys are there. Returns the order's place. */
  async function buy(page, customer, wanted) {
    const base = `/customers/${customer.id}`;
    const request = page.context().request;
    for (const { item, quantity = 1 } of [wanted].flat()) {
      const tab = item.startsWith("DZ") ? "azure" : "software";
      const text = await (await request.get(`${url}${base}/products?tab=${tab}&q=${item.split(":")[0]}`)).text();
      const form = text.split("<form").find((own) => own.includes(`value="${item}"`));
      assert.ok(form, `${item} is not on sale`);
      const way = /<option value="([^"]+)"/.exec(form)[1];
      const added = await post(page, `${base}/products`, { item, way, quantity: String(quantity), flow: `${base}/products` });
      assert.equal(added.status(), 303, await added.text());
    }
    const cart = await (await request.get(`${url}${base}/cart`)).text();
    const value = (name) => new RegExp(`name="${name}" value="([^"]*)"`).exec(cart)?.[1] ?? "";
    // What never comes back is confirmed, as the review asks.
    const acknowledged = cart.includes('name="acknowledged"') ? { acknowledged: "yes" } : {};
    const form = { cart: value("cart"), seen: value("seen"), totals: value("totals"), po_number: "", ...acknowledged };
    const bought = await post(page, `${base}/cart/buy`, form);
    assert.equal(bought.status(), 303, await bought.text());
    const place = bought.headers().location;
    const shown = await (await request.get(`${url}${place}`)).text();
    const [, id, number] = /\/orders\/([0-9a-f-]{36})">([^<]+)</.exec(shown);
    for (let round = 0; round < 100; round += 1) {
      const text = await (await request.get(`${url}${base}/orders/${id}`)).text();
      if (!/badge careful/.test(text.split("<table")[0])) break;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return { id, number, base, place, software: `${base}/software/${id}/0` };
  }

  /** What the dialog promises for an order, signed. */
  async function promised(page, order) {
    const dialog = await (await page.context().request.get(`${url}${order.software}/cancel`)).text();
    const found = /name="quote" value="([^"]+)"/.exec(dialog);
    assert.ok(found, `nothing is promised for ${order.number}`);
    return { order: order.id, of: order.id, quote: found[1], acknowledged: "yes" };
  }

  /** Cancels an order without looking. */
  async function cancel(page, order) {
    const sent = await post(page, `${order.software}/cancel`, await promised(page, order));
    assert.equal(sent.status(), 303, await sent.text());
  }

  /** Asks for the money of an order back, without looking. Returns where the request is. */
  async function askBack(page, customer, order) {
    const multipart = {
      topic: "refund", impact: "minimal", title: "Money back", tenant: customer.id, purchase: order.number, reason: "Bought twice.",
      amount: "100.00", contact_name: "Astrid Berg", contact_email: AGENT, contact_phone: "+46 90 123 45",
    };
    const sent = await page.context().request.post(`${url}/support/new`, { multipart, headers: { origin: url }, maxRedirects: 0 });
    assert.equal(sent.status(), 303, await sent.text());
    return new URL(sent.headers().location, url).pathname;
  }

  return {
    url, data, browser, fresh, as, signIn, post, buy, promised, cancel, askBack, person,
    customer: (country) => data.customers.find((own) => own.country === country),
    now: () => ask("GET"),
    advance: (span) => ask("POST", { advance: span }),
    set: (at) => ask("POST", { set: at }),
    command: twin.command,
    close: async () => {
      await browser.close();
      await twin.end();
    },
  };
}

/** Tests of one file: each closes its pages, and no page may have done what it must not. */
export function tests(house) {
  const one = (name, options, body = options) => test(name, typeof options === "object" ? options : {}, async (t) => {
    const pages = [];
    const keep = async (page) => {
      pages.push(await page);
      return page;
    };
    const own = {
      t,
      as: (upn, more) => keep(house.as(upn, more)),
      fresh: (more) => keep(house.fresh(more)),
      another: async (page) => {
        const more = guarded(await page.context().newPage(), house.url);
        pages.push(more);
        return more;
      },
    };
    try {
      await body(own);
      for (const page of pages) page.guard.clean();
    } catch (error) {
      await mkdir(join(ROOT, "target/screens/failed"), { recursive: true });
      for (const [number, page] of pages.entries()) {
        const path = join(ROOT, "target/screens/failed", `${name.replace(/[^\w-]+/g, "-").slice(0, 80)}-${number}.png`);
        await page.screenshot({ path, fullPage: true }).catch(() => {});
        t.diagnostic(`${page.url()} → ${path}`);
      }
      throw error;
    } finally {
      await Promise.all(pages.map((page) => page.context().close().catch(() => {})));
    }
  });
  /** The same in every language. */
  const each = (name, options, body = options) => {
    for (const language of LANGUAGES) {
      const title = /^SEED/.test(name) ? name.replace(":", ` (${language}):`) : `${name} (${language})`;
      one(title, typeof options === "object" ? options : {}, (own) => {
        const w = words(language);
        const as = (upn, more = {}) => own.as(upn, { language, ...more });
        return body({ ...own, as, fresh: (more = {}) => own.fresh({ language, ...more }), w, language });
      });
    }
  };
  return { one, each };
}

// --- What is asked of a page --------------------------------------------------------------------------------------------

/** Whether the text of a part of the page holds something. */
export async function says(part, what) {
  const text = (await part.innerText()).replace(/\s+/g, " ");
  const found = what instanceof RegExp ? what.test(text) : text.includes(what.replace(/\s+/g, " "));
  assert.ok(found, `${what} is not in: ${text.slice(0, 1500)}`);
}

/** The same for what must not be there. */
export async function saysNot(part, what) {
  const text = (await part.innerText()).replace(/\s+/g, " ");
  const found = what instanceof RegExp ? what.test(text) : text.includes(what);
  assert.ok(!found, `${what} is in: ${text.slice(0, 1500)}`);
}

/** An amount as it is written in any of the languages, in cents: two decimals are always shown. */
export function cents(text) {
  const amount = /([−-]?)[^\d−-]*(\d[\d\s.,\u00a0\u202f]*[.,]\d{2})(?!\d)/.exec(text);
  assert.ok(amount, `${text} is no amount`);
  return BigInt(amount[2].replace(/\D/g, "")) * (/[−-]/.test(text.slice(0, amount.index + amount[1].length)) ? -1n : 1n);
}

/** A bank's statement in camt.053 with what came in: the bank's reference, the amount in Swedish kronor, and what the payer said. */
export function camt(rows, day = "2020-03-16") {
  const entries = rows.map(([reference, amount, said]) => `<Ntry><Amt Ccy="SEK">${amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>`
    + `<BookgDt><Dt>${day}</Dt></BookgDt><AcctSvcrRef>${reference}</AcctSvcrRef><NtryDtls><TxDtls><RltdPties><Dbtr><Pty><Nm>Norrsken Cloud AB</Nm></Pty></Dbtr></RltdPties>`
    + `<RmtInf><Ustrd>${said}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>`);
  return `<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>`
    + `<GrpHdr><MsgId>S</MsgId><CreDtTm>${day}T23:59:00</CreDtTm></GrpHdr><Stmt><Id>1</Id><Acct><Id><IBAN>SE4550000000058398257466</IBAN></Id></Acct>`
    + `${entries.join("")}</Stmt></BkToCstmrStmt></Document>`;
}

/** Whether pictures are taken of the pages that are tested, for somebody to look at; `CHANDLERY_PICTURES=0` leaves them out. */
export const PICTURES = process.env.CHANDLERY_PICTURES !== "0";

/** Makes a page as narrow as a phone and sees that it does not scroll sideways. */
export async function narrow(page) {
  await page.setViewportSize({ width: 360, height: 740 });
  const { wide, clear } = await page.evaluate(() => ({ wide: document.documentElement.scrollWidth, clear: document.documentElement.clientWidth }));
  assert.ok(wide <= clear, `the page scrolls sideways at 360 px: ${wide}`);
}

/** A picture of a page in `target/screens`, where pictures are taken. */
export async function shot(page, folder, name) {
  if (!PICTURES) return;
  const own = join(ROOT, "target/screens", folder);
  await mkdir(own, { recursive: true });
  await page.screenshot({ path: join(own, `${name}.png`), fullPage: true });
}

/** Days of the calendar between two days, both counted. */
export function daysOf(first, last) {
  const day = (at) => Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate());
  return BigInt(Math.round((day(last) - day(first)) / 86400000) + 1);
}

let axe = null;

/** What axe-core finds wrong with a page. The page's context must have been made with `bypassCSP`. */
export async function violations(page) {
  axe ??= await readFile(fileURLToPath(import.meta.resolve("axe-core/axe.min.js")), "utf8");
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(axe);
  return page.evaluate(async () => {
    const found = await globalThis.axe.run(document, { resultTypes: ["violations"] });
    return found.violations.map((own) => ({
      id: own.id, impact: own.impact, help: own.help,
      nodes: own.nodes.slice(0, 5).map((node) => `${node.target.join(" ")}: ${node.failureSummary?.split("\n").slice(1, 3).join(" ")}`),
    }));
  });
}
