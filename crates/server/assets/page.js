// What makes pages quicker where there is JavaScript: dialogs, a clock, type-ahead, a form that is sent once. Every page
// works without it. Nothing is loaded from elsewhere; markup comes only from this server's own pages.

const trusted = globalThis.trustedTypes?.createPolicy("chandlery-pages", { createHTML: (text) => text });
const parse = (text) => new DOMParser().parseFromString(trusted ? trusted.createHTML(text) : text, "text/html");

// The browser's time zone, so that times are shown in it before anybody signs in.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zone && !document.cookie.includes("zone=")) {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `zone=${zone}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
}

// --- Dialogs: a link or form marked data-dialog is answered inside a dialog, not on a page of its own ---------------------

let opener = null;

function show(content, url) {
  let dialog = document.querySelector("dialog[data-page]");
  if (!dialog) {
    dialog = document.createElement("dialog");
    dialog.dataset.page = "";
    dialog.addEventListener("close", () => {
      const changed = dialog.querySelector("[data-changed]");
      dialog.remove();
      if (changed) location.reload();
      else opener?.focus();
    });
    document.body.append(dialog);
  }
  dialog.dataset.url = url;
  const inside = document.createElement("div");
  inside.className = "inside";
  if ("changed" in content.dataset) inside.dataset.changed = "";
  inside.append(...content.childNodes);
  dialog.replaceChildren(inside);
  const title = inside.querySelector("h1, h2");
  if (title) {
    title.id ||= "dialog-title";
    title.tabIndex = -1;
    dialog.setAttribute("aria-labelledby", title.id);
  }
  if (!dialog.open) dialog.showModal();
  wake(dialog);
  (inside.querySelector("[data-focus]") ?? title)?.focus();
}

async function answer(request, instead) {
  try {
    const response = await fetch(request, { headers: { Accept: "text/html" } });
    const content = parse(await response.text()).querySelector("[data-dialog-body]");
    if (content) show(content, response.url);
    else instead(response.url);
  } catch {
    instead();
  }
}

// What is inside a dialog's content that is a page of its own stays on that page.
const standsAlone = (element) => element.closest("[data-dialog-body]") !== null && element.closest("dialog") === null;

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-dialog]");
  if (link && !standsAlone(link) && event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    opener = link;
    answer(link.href, () => location.assign(link.href));
    return;
  }
  const close = event.target.closest("[data-close]");
  const dialog = close?.closest("dialog");
  if (dialog) {
    event.preventDefault();
    dialog.close();
  }
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  const button = event.submitter;
  if (form.matches("[data-dialog]") && !standsAlone(form)) {
    event.preventDefault();
    opener = form.closest("dialog") ? opener : button;
    const data = new URLSearchParams(new FormData(form, button));
    const get = form.method === "get";
    const url = get ? `${form.action.split("?")[0]}?${data}` : form.action;
    // What has no dialog in its answer is looked at as a page; it is never sent a second time.
    answer(new Request(url, get ? {} : { method: "POST", body: data }), (at) => location.assign(at ?? form.action));
    return;
  }
  // Files that are too large or too many stay here, though the form leaves everything else for the server to check.
  if (![...form.querySelectorAll("input[type=file][data-most]")].every((field) => field.reportValidity())) {
    event.preventDefault();
    return;
  }
  if (form.enctype === "multipart/form-data" && form.querySelector("[data-sending]") && !form.dataset.sent) {
    const files = [...form.querySelectorAll("input[type=file]")].flatMap((field) => [...field.files]);
    if (files.length > 0) {
      event.preventDefault();
      send(form, button);
      return;
    }
  }
  // A form that buys, cancels or saves is sent once, however often the button is pressed.
  if (form.matches("[data-once]")) {
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    setTimeout(() => { delete form.dataset.sent; }, 10000);
  }
  remember(form);
});
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("[data-sent]")) delete form.dataset.sent;
});

// --- What was typed while a session ended: kept in this tab until its form is seen again by the same person -----------------

const TYPED = "typed";
const KEPT_MILLISECONDS = 30 * 60 * 1000;
const who = () => document.body.dataset.who ?? "";
// Never what is secret, what somebody agrees to, nor what a person does not see.
const typedIn = (form) => [...form.elements].filter((own) => own.name && own.matches(
  "textarea, select, input:not([type=hidden], [type=password], [type=file], [type=submit], [type=button], [data-unlocks])",
) && own.autocomplete !== "one-time-code" && !["acknowledged", "attest"].includes(own.name));
// What names a row, or says which state of it was seen: with another one it is another form.
const hiddenIn = (form) => JSON.stringify([...form.elements].filter((own) => own.matches("input[type=hidden]") && own.name !== "token")
  .map((own) => [own.name, own.value]));

function forget() {
  try {
    sessionStorage.removeItem(TYPED);
  } catch {
    // Nothing was kept.
  }
}

function remember(form) {
  if (form.method !== "post" || !who()) return;
  if (new URL(form.action).pathname === "/sign-out") return forget();
  const fields = typedIn(form).filter((own) => !own.matches("[type=checkbox], [type=radio]") || own.checked)
    .map((own) => [own.name, own.value]);
  if (!fields.some(([, value]) => value !== "")) return;
  const kept = { action: form.action, hidden: hiddenIn(form), who: who(), at: Date.now(), fields };
  try {
    sessionStorage.setItem(TYPED, JSON.stringify(kept));
  } catch {
    // A browser that keeps nothing, or a text too long to keep: the form is sent all the same.
  }
}

// Called on every page: the one of signing in that answers a form keeps what was typed, the form's own gives it back.
function giveBack() {
  let kept;
  try {
    kept = JSON.parse(sessionStorage.getItem(TYPED));
    if (!kept) return;
    const outside = !who() || location.pathname.startsWith("/second-factor");
    const led = performance.getEntriesByType("navigation")[0]?.redirectCount > 0;
    if (Date.now() - kept.at > KEPT_MILLISECONDS || (!kept.interrupted && !(outside && led))) return forget();
    if (outside) {
      sessionStorage.setItem(TYPED, JSON.stringify({ ...kept, interrupted: true }));
      setTimeout(forget, KEPT_MILLISECONDS);
      return;
    }
  } catch {
    return;
  }
  if (kept.who !== who()) return forget();
  const forms = [...document.querySelectorAll("main form")]
    .filter((own) => own.method === "post" && own.action === kept.action && hiddenIn(own) === kept.hidden);
  if (forms.length !== 1) return;
  forget();
  const [form] = forms;
  const left = [...kept.fields];
  for (const field of typedIn(form)) {
    const is = (own) => own[0] === field.name && (!field.matches("[type=checkbox], [type=radio]") || own[1] === field.value);
    const at = left.findIndex(is);
    if (field.matches("[type=checkbox], [type=radio]")) field.checked = at >= 0;
    else if (at >= 0) field.value = left[at][1];
    if (at >= 0) left.splice(at, 1);
    if (!field.matches("[data-choose]")) field.dispatchEvent(new Event("change"));
  }
  const told = document.querySelector("[data-typed-back]");
  told.hidden = false;
  form.closest("details")?.setAttribute("open", "");
  form.before(told);
  told.focus();
}

// --- Files: how much of them has arrived. The answer is a page, or leads to one, as without this ----------------------------

function send(form, button) {
  const line = form.querySelector("[data-sending]");
  const bar = line.querySelector("progress");
  const told = line.querySelector("[data-percent]");
  const broken = form.querySelector("[data-broken]");
  const signedOut = form.querySelector("[data-signed-out]");
  const percent = new Intl.NumberFormat(document.documentElement.lang, { style: "percent" });
  const end = () => {
    delete form.dataset.sent;
    line.hidden = true;
  };
  const request = new XMLHttpRequest();
  form.dataset.sent = "yes";
  broken.hidden = true;
  signedOut.hidden = true;
  bar.value = 0;
  told.textContent = percent.format(0);
  line.hidden = false;
  request.upload.addEventListener("progress", (event) => {
    if (!event.lengthComputable) return;
    bar.value = event.loaded / event.total;
    told.textContent = percent.format(Math.floor(100 * event.loaded / event.total) / 100);
  });
  const stop = (why = broken) => {
    end();
    why.hidden = false;
  };
  request.addEventListener("load", () => {
    // Where it leads is told and not followed, so that the page there is loaded once.
    const lead = request.getResponseHeader("X-Lead");
    if (lead) {
      const { href, pathname } = new URL(lead, location.href);
      // Signed out meanwhile: nothing was taken, and what was typed stays here until somebody is signed in again.
      if (pathname === "/sign-in" || pathname === "/second-factor") stop(signedOut);
      else location.assign(href);
      return;
    }
    // What is wrong is told on the form itself, which takes the place of this one.
    const page = parse(request.responseText);
    const main = page.querySelector("main");
    // No turn for the files, or a proxy that did not let them through: what was typed stays here.
    if (request.status >= 500 || request.status === 408 || !main) {
      stop();
      return;
    }
    document.title = page.title;
    document.querySelector("main").replaceWith(main);
    wake(main);
    (main.querySelector("[role=alert], [aria-invalid=true], h1") ?? main).focus();
    scrollTo(0, 0);
  });
  for (const gone of ["error", "abort", "timeout"]) request.addEventListener(gone, () => stop());
  addEventListener("pagehide", end, { once: true });
  request.open("POST", form.action);
  request.setRequestHeader("Accept", "text/html");
  request.setRequestHeader("X-Lead", "told");
  request.send(new FormData(form, button));
}

// --- Work that goes on: the page looks again how far it is, and leads to how it ended --------------------------------------

function watch(box) {
  setTimeout(async () => {
    try {
      const response = await fetch(location.href, { headers: { Accept: "text/html", "X-Lead": "told" } });
      const lead = response.headers.get("X-Lead");
      if (lead) return location.replace(lead);
      // A server that begins anew is asked again in a moment.
      if (response.status >= 500) throw new Error(String(response.status));
      const now = parse(await response.text()).querySelector("[data-watch]");
      if (!now) return location.reload();
      const [told, text] = [box, now].map((own) => own.querySelector("[role=status]"));
      if (told.textContent !== text.textContent) told.textContent = text.textContent;
      const [bar, far] = [box, now].map((own) => own.querySelector("progress"));
      for (const { name, value } of far.attributes) bar.setAttribute(name, value);
    } catch {
      // Asked again in a moment.
    }
    watch(box);
  }, 2000);
}
for (const box of document.querySelectorAll("[data-watch]")) watch(box);

// --- What stands on a page or in a dialog ------------------------------------------------------------------------------

function wake(root) {
  for (const select of root.querySelectorAll("[data-choose]")) {
    select.addEventListener("change", () => select.form.requestSubmit());
  }
  for (const close of root.querySelectorAll("button[data-close]")) close.hidden = !close.closest("dialog");
  for (const button of root.querySelectorAll("button[data-copy]")) copies(button);
  // A key that was shown hides itself again: nobody leaves it on a screen.
  for (const box of root.querySelectorAll("details[data-hides]")) {
    let hiding = 0;
    box.addEventListener("toggle", () => {
      clearTimeout(hiding);
      if (box.open) hiding = setTimeout(() => {
        if (box.contains(document.activeElement)) box.querySelector("summary").focus();
        box.open = false;
      }, Number(box.dataset.hides) * 1000);
    });
  }
  // What a folded part holds is fetched when it is opened.
  for (const box of root.querySelectorAll("details[data-load]")) {
    box.addEventListener("toggle", async () => {
      const place = box.querySelector("[data-loaded]");
      if (!box.open || place.childElementCount > 0) return;
      try {
        const response = await fetch(box.dataset.load, { headers: { Accept: "text/html" } });
        const part = parse(await response.text()).querySelector("[data-expand]");
        if (!part) return;
        // Several of them stand on one page: their ids must not meet.
        const own = `-${Math.random().toString(36).slice(2, 8)}`;
        for (const named of part.querySelectorAll("[id]")) named.id += own;
        for (const named of part.querySelectorAll("[for]")) named.htmlFor += own;
        part.removeAttribute("aria-labelledby");
        place.append(part);
      } catch {
        // The button beside it leads to the same page.
      }
    });
  }
  // A button that waits for a box to be ticked.
  for (const box of root.querySelectorAll("[data-unlocks]")) {
    const button = root.querySelector(`#${box.dataset.unlocks}`);
    const turn = () => { button.disabled = !box.checked; };
    box.addEventListener("change", turn);
    turn();
  }
  // A part of a form that a box opens.
  for (const box of root.querySelectorAll("[data-opens]")) {
    const part = document.getElementById(box.dataset.opens);
    const turn = () => { part.hidden = !box.checked; };
    box.addEventListener("change", turn);
    turn();
  }
  // A colour is chosen by hand as well as typed.
  for (const pick of root.querySelectorAll("input[data-colours]")) {
    const field = document.getElementById(pick.dataset.colours);
    pick.hidden = false;
    pick.addEventListener("input", () => { field.value = pick.value; });
    field.addEventListener("input", () => { if (/^#[0-9a-f]{6}$/i.test(field.value)) pick.value = field.value; });
  }
  for (const clock of root.querySelectorAll("[data-until]")) run(clock);
  for (const field of root.querySelectorAll("input[type=file][data-most]")) {
    field.addEventListener("change", () => {
      const most = Number(field.dataset.most), each = Number(field.dataset.each);
      const kinds = field.accept.split(",").filter(Boolean);
      const fits = (own) => kinds.some((kind) => (kind.startsWith(".") ? own.name.toLowerCase().endsWith(kind) : own.type === kind));
      const chosen = [...field.files];
      const large = chosen.length > most || chosen.some((own) => own.size > each);
      const strange = kinds.length > 0 && !chosen.every(fits);
      field.setCustomValidity(large ? field.dataset.wrong : strange ? field.dataset.kind : "");
      field.reportValidity();
    });
  }
  root.querySelector("[role=alert][data-focus]")?.focus();
}

// A clipboard is not everywhere; without one the button stays away, and the text can be marked by hand.
function copies(button) {
  if (!navigator.clipboard) return;
  const label = button.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const source = document.getElementById(button.dataset.copy);
    try {
      await navigator.clipboard.writeText(source.value ?? source.textContent);
      button.textContent = button.dataset.copied;
    } catch {
      button.textContent = button.dataset.notCopied;
    }
    setTimeout(() => { button.textContent = label; }, 3000);
  });
}

// The time left, by the server's clock: what it said its time was, and how long ago. A practice clock that stands, stands.
function run(clock) {
  const language = document.documentElement.lang;
  const until = Date.parse(clock.dataset.until);
  const skew = Date.parse(clock.dataset.now) - Date.now();
  const stands = clock.dataset.stands === "yes";
  const parts = [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];
  const tick = () => {
    const now = stands ? Date.parse(clock.dataset.now) : Date.now() + skew;
    let left = Math.max(0, Math.floor((until - now) / 1000));
    const words = [];
    for (const [unit, size] of parts) {
      const count = Math.floor(left / size);
      left -= count * size;
      if (count > 0 || words.length > 0 || unit === "second") {
        words.push(new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "long" }).format(count));
      }
    }
    clock.textContent = new Intl.ListFormat(language, { type: "unit" }).format(words.slice(0, 3));
    if (!stands && until > now && clock.isConnected) setTimeout(tick, 1000);
  };
  tick();
}

// --- Search that answers as one types ----------------------------------------------------------------------------------

for (const form of document.querySelectorAll("form[data-find]")) {
  const input = form.querySelector("input");
  let asked = 0;
  let waiting = 0;
  const close = () => form.querySelector(".found")?.remove();
  const look = async () => {
    const text = input.value.trim();
    const own = ++asked;
    if (text.length < 2) return close();
    try {
      const response = await fetch(`/search?${new URLSearchParams({ q: text, brief: "yes" })}`);
      const results = parse(await response.text()).querySelector("[data-results]");
      if (own !== asked || !results) return;
      close();
      const box = document.createElement("div");
      box.className = "found";
      box.setAttribute("role", "status");
      box.append(...results.childNodes);
      form.append(box);
    } catch {
      close();
    }
  };
  input.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(look, 120);
  });
  form.addEventListener("keydown", (event) => {
    const links = [input, ...form.querySelectorAll(".found a")];
    const at = links.indexOf(document.activeElement);
    if (event.key === "Escape") {
      close();
      input.focus();
    } else if (event.key === "ArrowDown" && at >= 0 && at + 1 < links.length) {
      event.preventDefault();
      links[at + 1].focus();
    } else if (event.key === "ArrowUp" && at > 0) {
      event.preventDefault();
      links[at - 1].focus();
    }
  });
  form.addEventListener("focusout", (event) => {
    if (!form.contains(event.relatedTarget)) setTimeout(() => { if (!form.contains(document.activeElement)) close(); }, 150);
  });
}

// The gear closes when one looks elsewhere.
for (const gear of document.querySelectorAll("details.gear")) {
  document.addEventListener("click", (event) => { if (!gear.contains(event.target)) gear.open = false; });
  gear.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      gear.open = false;
      gear.querySelector("summary").focus();
    }
  });
}

wake(document);
giveBack();
