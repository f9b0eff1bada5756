// What only makes the pages nicer: each of them works without.
"use strict";

// What went wrong is read out first.
document.querySelector(".problem")?.focus();

// The words about the bar of a timeline that has the focus are told.
for (const bar of document.querySelectorAll(".lane a")) {
  const words = document.getElementById(bar.getAttribute("href").slice(1));
  bar.addEventListener("focus", () => words?.classList.add("chosen"));
  bar.addEventListener("blur", () => words?.classList.remove("chosen"));
}

// A list follows its form a moment after the last change; the address keeps step, so that a link or a reload shows it.
function follow(form) {
  let waiting, asking;
  async function show() {
    const asked = new URLSearchParams([...new FormData(form)].filter(([, value]) => value));
    const address = new URL(`${form.getAttribute("action")}?${asked}`, location);
    asking?.abort();
    asking = new AbortController();
    try {
      const answer = await fetch(address, { signal: asking.signal });
      if (!answer.ok || answer.redirected) return location.assign(address);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const id of [form.dataset.live, "shown", "kept"]) {
        document.getElementById(id).replaceChildren(...page.getElementById(id).childNodes);
      }
      history.replaceState(null, "", address);
    } catch (error) {
      if (error.name !== "AbortError") location.assign(address);
    }
  }
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(show, 250);
  });
  form.addEventListener("submit", () => {
    clearTimeout(waiting);
    asking?.abort();
  });
}
document.querySelectorAll("form[data-live]").forEach(follow);

// A file that comes leaves the page as it is: what was wrong before is gone, and that it is being made is told.
for (const form of document.querySelectorAll("form[data-file]")) {
  form.addEventListener("submit", () => {
    document.querySelector(".problem")?.remove();
    form.querySelector("[role=status]").hidden = false;
  });
}

// Codes and links to paste elsewhere: chosen whole as soon as one comes to them, and a button that copies them.
for (const text of document.querySelectorAll("[data-copy]")) {
  text.addEventListener("focus", () => text.select());
  if (!navigator.clipboard) continue;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "second";
  button.textContent = "Copy";
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(text.value);
    button.textContent = "Copied";
  });
  text.after(button);
}

// A drawing that is wider than its window opens at its end: with the day, and what is to come.
for (const drawing of document.querySelectorAll(".picture")) drawing.scrollLeft = drawing.scrollWidth;

// Files that are dropped anywhere on the page of the import go into its field.
const drop = document.querySelector("form.drop");
if (drop) {
  const field = drop.querySelector("input[type=file]");
  drop.querySelector(".drop-here").hidden = false;
  document.addEventListener("dragover", (event) => { event.preventDefault(); drop.classList.add("over-it"); });
  document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) drop.classList.remove("over-it"); });
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("over-it");
    if (event.dataTransfer.files.length) { field.files = event.dataTransfer.files; field.focus(); }
  });
}

// Work that goes on is asked about again until it leads elsewhere.
if (document.querySelector("[data-poll]")) {
  const ask = async () => {
    try {
      const answer = await fetch(location.href);
      if (answer.redirected) { location.replace(answer.url); return; }
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const now = page.querySelector("[data-poll]");
      if (now) document.querySelector("[data-poll]").innerHTML = now.innerHTML;
    } catch { /* The server may be starting again. */ }
    setTimeout(ask, 1000);
  };
  setTimeout(ask, 1000);
}
// Where work goes on, the page looks again by itself.
const again = document.querySelector("a[data-again]");
if (again) setTimeout(() => location.replace(again.href), 2000);

// What is shown to be handed on is taken whole.
for (const one of document.querySelectorAll("input[readonly]")) one.addEventListener("focus", () => one.select());
