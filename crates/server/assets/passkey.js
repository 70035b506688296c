// Lets the browser answer passkey challenges for forms marked data-passkey="register" or data-passkey="sign-in".
// It never reads or keeps anything but the answer it puts into the form, and never talks to another origin.
//
// A form:
//   <form method="post" action="…" data-passkey="sign-in" data-challenge-url="/…"
//         data-text-cancelled="…" data-text-duplicate="…" data-text-network="…" data-text-failed="…">
//     <input type="hidden" name="…" value="…">   sent with the request for the challenge, such as the form's token
//     <input type="hidden" name="answer">
//     <p data-passkey-error role="alert"></p>
//     <button hidden>…</button>                  shown only where passkeys work
//   </form>
"use strict";

(() => {
  // The server answers at once or not at all; the user's own time is limited by the challenge.
  const FETCH_MS_MAX = 15000;

  class Unreachable extends Error {}

  const toBytes = (text) => {
    const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
  };

  const toText = (buffer) => {
    let plain = "";
    for (const byte of new Uint8Array(buffer)) plain += String.fromCharCode(byte);
    return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  };

  const withBytes = (keys) => keys.map((key) => ({ ...key, id: toBytes(key.id) }));

  const challengeFor = async (form) => {
    const url = new URL(form.dataset.challengeUrl, location.href);
    if (url.origin !== location.origin) throw new Error("the challenge is at another origin");
    const body = new URLSearchParams();
    for (const input of form.querySelectorAll('input[type="hidden"][name]')) {
      if (input.name !== "answer") body.append(input.name, input.value);
    }
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), FETCH_MS_MAX);
    try {
      const reply = await fetch(url, {
        method: "POST",
        body,
        headers: { Accept: "application/json" },
        credentials: "same-origin",
        redirect: "error", // A redirect leads to the sign-in page, which is no challenge.
        cache: "no-store",
        signal: patience.signal,
      });
      if (!reply.ok) throw new Unreachable(`status ${reply.status}`);
      return (await reply.json()).publicKey;
    } catch (error) {
      throw new Unreachable(error.message);
    } finally {
      clearTimeout(timer);
    }
  };

  const register = async (options) => {
    const publicKey = {
      ...options,
      challenge: toBytes(options.challenge),
      user: { ...options.user, id: toBytes(options.user.id) },
      excludeCredentials: withBytes(options.excludeCredentials || []),
    };
    const made = await navigator.credentials.create({ publicKey });
    return {
      ...common(made),
      response: {
        attestationObject: toText(made.response.attestationObject),
        clientDataJSON: toText(made.response.clientDataJSON),
        transports: made.response.getTransports ? made.response.getTransports() : [],
      },
    };
  };

  const signIn = async (options) => {
    const publicKey = {
      ...options,
      challenge: toBytes(options.challenge),
      allowCredentials: withBytes(options.allowCredentials || []),
    };
    const used = await navigator.credentials.get({ publicKey });
    const handle = used.response.userHandle;
    return {
      ...common(used),
      response: {
        authenticatorData: toText(used.response.authenticatorData),
        clientDataJSON: toText(used.response.clientDataJSON),
        signature: toText(used.response.signature),
        userHandle: handle && handle.byteLength > 0 ? toText(handle) : null,
      },
    };
  };

  // Written out by hand: toJSON() is missing in older browsers and broken by some password managers. Extension results
  // are left out, because the server uses none of them.
  const common = (credential) => ({
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    clientExtensionResults: {},
  });

  const ceremonies = { register, "sign-in": signIn };

  const say = (form, text) => {
    const place = form.querySelector("[data-passkey-error]");
    if (place) place.textContent = text;
  };

  const textFor = (form, error) => {
    const texts = form.dataset;
    const general = texts.textFailed || "";
    if (error instanceof Unreachable) return texts.textNetwork || general;
    // NotAllowedError stands for "cancelled" and "too late" alike: browsers do not tell them apart.
    if (error.name === "NotAllowedError" || error.name === "AbortError") return texts.textCancelled || general;
    if (error.name === "InvalidStateError") return texts.textDuplicate || general;
    return general;
  };

  const busy = (form, yes) => {
    form.setAttribute("aria-busy", String(yes));
    for (const button of form.querySelectorAll("button")) button.disabled = yes;
  };

  const answerInput = (form) => form.querySelector('input[type="hidden"][name="answer"]');

  const run = async (form) => {
    busy(form, true);
    say(form, "");
    try {
      const options = await challengeFor(form);
      const answer = await ceremonies[form.dataset.passkey](options);
      answerInput(form).value = JSON.stringify(answer);
      // By the prototype, since a control named "submit" would hide the method.
      HTMLFormElement.prototype.submit.call(form);
    } catch (error) {
      say(form, textFor(form, error));
      busy(form, false);
    }
  };

  const start = () => {
    const able = window.isSecureContext && window.PublicKeyCredential && navigator.credentials;
    if (!able) return;
    for (const form of document.querySelectorAll("form[data-passkey]")) {
      if (!Object.hasOwn(ceremonies, form.dataset.passkey) || !answerInput(form)) continue;
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        if (form.getAttribute("aria-busy") !== "true") run(form);
      });
      for (const button of form.querySelectorAll("button[hidden]")) button.hidden = false;
    }
    // A page that comes back out of the browser's cache still holds the used answer and the disabled buttons.
    window.addEventListener("pageshow", (event) => {
      if (!event.persisted) return;
      for (const form of document.querySelectorAll("form[data-passkey]")) {
        if (answerInput(form)) answerInput(form).value = "";
        busy(form, false);
      }
    });
  };

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
