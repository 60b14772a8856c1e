// Seasoning only: every page works without this file.
"use strict";

// The scale: a ring on a line, over the number box that is what gets posted.
function scale(box) {
  const input = box.querySelector("input");
  const words = box.querySelectorAll(".ends > span");
  const slider = document.createElement("div");
  const ring = document.createElement("span");
  const mirrored = getComputedStyle(box).direction === "rtl";
  let before = "";

  function show() {
    const unset = input.value === "" || isNaN(input.value);
    slider.toggleAttribute("data-unset", unset);
    slider.setAttribute("aria-valuenow", unset ? 0 : input.value);
    const said = Number(input.value).toLocaleString(document.documentElement.lang);
    slider.setAttribute("aria-valuetext", unset ? box.dataset.none : box.dataset.some.replace("#", said));
    if (!unset) slider.style.setProperty("--at", input.value * 10);
  }

  function set(value) {
    input.value = Math.min(10, Math.max(0, value)).toFixed(1);
    show();
  }

  function touch(event) {
    const line = slider.getBoundingClientRect();
    const along = (event.clientX - line.left) / line.width;
    set(10 * (mirrored ? 1 - along : along));
  }

  function key(event) {
    const now = Number(input.value);
    const on = mirrored ? -0.1 : 0.1;
    const to = {
      ArrowRight: now + on, ArrowLeft: now - on, ArrowUp: now + 0.1, ArrowDown: now - 0.1,
      PageUp: now + 1, PageDown: now - 1, Home: 0, End: 10,
    }[event.key];
    if (to === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    set(to);
  }

  ring.className = "ring";
  slider.className = "slider";
  slider.id = input.id;
  slider.tabIndex = 0;
  const said = {
    role: "slider", "aria-valuemin": 0, "aria-valuemax": 10, "aria-orientation": "horizontal",
    "aria-labelledby": box.dataset.question, "aria-describedby": input.getAttribute("aria-describedby"),
  };
  for (const [name, value] of Object.entries(said)) if (value !== null) slider.setAttribute(name, value);
  slider.append(ring);
  slider.addEventListener("keydown", key);
  slider.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    before = input.value;
    slider.setPointerCapture(event.pointerId);
    touch(event);
  });
  slider.addEventListener("pointermove", (event) => slider.hasPointerCapture(event.pointerId) && touch(event));
  // A thumb that only wanted to scroll past has answered nothing.
  slider.addEventListener("pointercancel", () => { input.value = before; show(); });

  box.querySelector("[data-plain]").hidden = true;
  box.querySelector("[data-touch]").hidden = false;
  input.removeAttribute("id");
  input.hidden = true;
  words[0].parentNode.before(slider);
  // The browser may put back what was typed only after this has run.
  addEventListener("pageshow", show);
  show();
}

// One tap, one post; the way opens again when the page is shown again, or when the net has let us down.
function once(event) {
  const form = event.target;
  // What brings a file leaves the page as it is.
  if (event.defaultPrevented || form.method !== "post" || "leave" in form.dataset || "file" in (event.submitter || form).dataset) return;
  if ("sent" in form.dataset) { event.preventDefault(); return; }
  form.dataset.sent = "";
  for (const button of form.querySelectorAll("button")) button.setAttribute("aria-disabled", "true");
  setTimeout(release, 15000, form);
}

function release(form) {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll("button")) button.removeAttribute("aria-disabled");
}

// Reads the page aloud, each text with the phone's own voice for its language; what has no voice is passed over.
function listen(button) {
  const speech = window.speechSynthesis;
  let last = null;

  const tongue = (name) => name.toLowerCase().split(/[-_]/)[0];
  const voice = (lang) => speech.getVoices().find((one) => tongue(one.lang) === tongue(lang));
  const offer = () => { button.hidden = !voice(document.documentElement.lang); };

  function stop() {
    last = null;
    speech.cancel();
    button.setAttribute("aria-pressed", false);
  }

  // Whole blocks, so that a sentence is not cut where a word in it is bold.
  function texts() {
    const found = [];
    const walker = document.createTreeWalker(document.getElementById("main"), NodeFilter.SHOW_TEXT);
    let block = null, latest = {};
    while (walker.nextNode()) {
      let at = walker.currentNode.parentElement;
      const lang = at.closest("[lang]").lang;
      // What lies folded has a place on the page in some browsers.
      const folded = at.closest("details:not([open]) > :not(summary), textarea, select");
      if (button.contains(at) || folded || !at.getClientRects().length) continue;
      while (getComputedStyle(at).display === "inline") at = at.parentElement;
      if (at === block && lang === latest.lang) latest.text += walker.currentNode.data;
      else found.push(latest = { lang, text: walker.currentNode.data });
      block = at;
    }
    return found.filter((one) => one.text.trim() && voice(one.lang));
  }

  function start() {
    for (const { lang, text } of texts()) {
      last = new SpeechSynthesisUtterance(text.replace(/\s+/g, " ").trim());
      last.lang = lang;
      last.voice = voice(lang);
      last.onend = (event) => event.target === last && stop();
      speech.speak(last);
    }
    button.setAttribute("aria-pressed", last !== null);
  }

  if (!speech) return;
  button.addEventListener("click", () => last ? stop() : start());
  addEventListener("pagehide", stop);
  // Not every phone's speech takes listeners.
  speech.onvoiceschanged = offer;
  offer();
}

// Enter goes on to the next box of a paper form.
function onward(event) {
  const next = event.key === "Enter" && event.target.dataset.next;
  if (next) { event.preventDefault(); document.getElementById(next).focus(); }
}

const sent = () => document.querySelectorAll("form[data-sent]");

// The page goes white and silent before the net has answered; what it held is not shown again.
function gone() {
  window.speechSynthesis?.cancel();
  document.documentElement.classList.add("gone");
}

function leave(event) {
  event.preventDefault();
  gone();
  fetch(event.target.action + "?gone", { method: "POST", keepalive: true }).catch(() => {});
  location.replace(event.target.dataset.leave);
}

// A polite word some time before the session ends; one tap stays.
function stay(place) {
  const form = place.querySelector("form");
  const whole = document.body.dataset.sessionEnds * 1000;
  let end = Date.now() + whole;

  setInterval(() => { form.hidden = end - Date.now() > Math.min(120000, whole / 3); }, 1000);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopPropagation();
    fetch(form.action, { method: "POST", body: new FormData(form), redirect: "manual" }).then((answer) => {
      if (!answer.ok) return form.submit();
      end = Date.now() + whole;
      form.hidden = true;
    }).catch(() => {});
  });
}

// A text for another system, in one tap.
function copier(text) {
  if (!navigator.clipboard) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button quiet";
  button.textContent = text.dataset.copy;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(text.value);
    button.textContent = text.dataset.copied;
  });
  text.after(button);
}

document.querySelectorAll("[data-scale]").forEach(scale);
document.querySelectorAll("[data-copy]").forEach(copier);
document.querySelectorAll("[data-listen]").forEach(listen);
document.querySelectorAll("[data-print]").forEach((button) => { button.hidden = false; button.addEventListener("click", () => print()); });
document.querySelectorAll("form[data-leave]").forEach((form) => form.addEventListener("submit", leave));
document.querySelectorAll("form[data-gone]").forEach((form) => form.addEventListener("submit", () => addEventListener("pagehide", gone)));
if (document.body.dataset.sessionEnds) document.querySelectorAll("[data-stay]").forEach(stay);
document.querySelector("[data-focus]")?.focus();
document.addEventListener("submit", once);
document.addEventListener("keydown", onward);
document.addEventListener("htmx:afterRequest", () => sent().forEach(release));
// htmx notes the page's address as it starts, with what was searched for; nothing of it stays in the browser.
document.addEventListener("DOMContentLoaded", () => {
  // Where the browser keeps nothing, there is nothing to take away.
  try { sessionStorage.removeItem("htmx-current-path-for-history"); } catch { /* none */ }
});
addEventListener("pageshow", (event) => {
  if (event.persisted && "signedIn" in document.body.dataset) { gone(); location.reload(); }
  sent().forEach(release);
});
