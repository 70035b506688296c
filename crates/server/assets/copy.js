// Copies what a button names, and says so. Without a clipboard the buttons stay away: the text can be marked by hand.
"use strict";
(() => {
  const said = document.getElementById("said");
  for (const button of document.querySelectorAll("button[data-copy]")) {
    const source = document.getElementById(button.dataset.copy);
    if (!source || !said || !navigator.clipboard) continue;
    const label = button.textContent;
    button.hidden = false;
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(source.value ?? source.textContent);
        button.textContent = "Copied";
        said.textContent = "Copied";
      } catch {
        button.textContent = "Could not be copied: mark the text and copy it by hand";
      }
      setTimeout(() => { button.textContent = label; }, 3000);
    });
  }
  // A key that was shown hides itself again: nobody leaves it on a screen.
  const box = document.getElementById("key-box");
  let hiding = 0;
  box?.addEventListener("toggle", () => {
    clearTimeout(hiding);
    if (box.open) hiding = setTimeout(() => {
      if (box.contains(document.activeElement)) box.querySelector("summary").focus();
      box.open = false;
    }, 60000);
  });
})();
