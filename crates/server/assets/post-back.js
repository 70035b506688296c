// Posts the answer back to the application as soon as the page is read (OAuth 2.0 Form Post Response Mode).
// Never sends twice: who comes back with the Back button sees the Continue button instead.
"use strict";
(() => {
  const form = document.querySelector("form[data-post-back]");
  const [visit] = performance.getEntriesByType("navigation");
  if (!form || (visit && visit.type === "back_forward")) return;
  // Through the prototype, because a field named "submit" would hide the form's own method.
  HTMLFormElement.prototype.submit.call(form);
})();
