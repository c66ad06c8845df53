// Runs once, when the tab is first shown: `element` and `trigger` are Gradio's. What comes from articles is set as text
// alone; deleting goes through the API.
const room = () => document.getElementById("library");
const find = (selector) => room().querySelector(selector);
const form = element.querySelector("form.filters");
const said = element.querySelector(".said"); // read out
const undo = element.querySelector(".undo");
const heading = element.querySelector("h2");
const BETWEEN_LOOKS = 1000; // milliseconds, at a check that goes on
const ordered = { order: "published", descending: true, page: 0 };
let pause = 0;
let focusAfter = []; // what has the focus once the list is shown anew: the first of these that is there
let wanted = 0; // the number under which the list was last asked for
let shown = 0; // that of the list that is shown

const isShown = () => document.documentElement.dataset.panel === "library";
const list = () => {
  if (!isShown()) return;
  wanted += 1;
  trigger("list", { ...Object.fromEntries(new FormData(form)), ...ordered, number: wanted });
};
const listFromStart = () => {
  ordered.page = 0;
  list();
};
const changed = () => window.dispatchEvent(new CustomEvent("library-changed"));
const path = (id) => `v1/articles/${encodeURIComponent(id.toWellFormed?.() ?? id).replaceAll(".", "%2E")}`;

// The API's reply, or its sentence as an error.
const asked = async (address, method) => {
  const response = await fetch(address, { method }).catch(() => {
    throw new Error("The server does not answer; see whether it still runs.");
  });
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(body.detail ?? `The server refused this (${response.status}).`);
  return body;
};

// --- The list ---------------------------------------------------------------------------------------------------------
const settle = () => {
  const number = Number(find("#articles [data-number]")?.dataset.number ?? shown);
  if (number === shown) return;
  shown = number;
  for (const select of room().querySelectorAll("#articles .choosing select")) {
    const own = form.elements[select.dataset.for];
    const chosen = own.value;
    own.replaceChildren(...select.children);
    own.value = chosen;
    if (own.selectedIndex < 0) own.value = ""; // the last article of it has gone
  }
  const told = find("#articles caption, #articles .nothing h3")?.textContent;
  if (told && said.textContent !== told) said.textContent = told;
  if (shown < wanted) return; // another is on its way
  if (focusAfter.length) focusAfter.map(find).find(Boolean)?.focus({ preventScroll: true });
  focusAfter = [];
};

// The check is polled until it is done; whoever pressed the button keeps the focus.
const follow = () => {
  const button = find("#health .check");
  if (document.activeElement === document.body && health.hadFocus) button?.focus();
  if (button?.hasAttribute("data-going")) setTimeout(() => trigger("check"), BETWEEN_LOOKS);
};
const health = { hadFocus: false };

const observe = (selector, seen) => {
  const part = room() && find(selector);
  if (!part) return requestAnimationFrame(() => observe(selector, seen));
  new MutationObserver(seen).observe(part, { childList: true, subtree: true });
};

form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("reset", () => setTimeout(listFromStart));
form.addEventListener("input", () => {
  clearTimeout(pause);
  pause = setTimeout(listFromStart, 250);
});

// --- Deleting, and undoing it -----------------------------------------------------------------------------------------
const restore = async (gone, button) => {
  button.disabled = true;
  const faults = [];
  for (const { id } of gone) await asked(`${path(id)}/restore`, "POST").catch((fault) => faults.push(fault.message));
  undo.textContent = faults[0] ?? (gone.length === 1 ? "It is back." : "They are back.");
  focusAfter = [`#articles button.delete[data-article="${CSS.escape(gone[0].id)}"]`, "#looking-title"];
  heading.focus({ preventScroll: true });
  changed();
};

const offerUndo = (gone, faults) => {
  const line = document.createElement("span");
  const name = document.createElement("bdi");
  name.textContent = gone.length === 1 ? gone[0].title.slice(0, 120) : `${gone.length} articles`;
  if (gone.length === 1) line.append("“", name, "” was deleted.");
  else if (gone.length) line.append(name, " were deleted.");
  if (faults.length) line.append(` ${faults[0]}`);
  const back = Object.assign(document.createElement("button"), { type: "button", textContent: "Undo" });
  back.addEventListener("click", () => restore(gone, back));
  undo.replaceChildren(line, ...(gone.length ? [back] : []));
  (gone.length ? back : heading).focus();
};

const remove = async (ids) => {
  const gone = [];
  const faults = [];
  for (const button of room().querySelectorAll("#articles .delete, #articles .delete-chosen")) button.disabled = true;
  for (const id of ids) {
    await asked(path(id), "DELETE").then((header) => gone.push(header), (fault) => faults.push(fault.message));
  }
  offerUndo(gone, faults);
  changed();
};

const boxes = () => [...room().querySelectorAll("#articles tbody td.choose input")];
const chosen = () => boxes().filter((box) => box.checked).map((box) => box.value);
const choose = (box) => {
  if (box.classList.contains("all")) for (const one of boxes()) one.checked = box.checked;
  const count = chosen().length;
  const line = find("#articles .chosen");
  line.hidden = !count;
  line.querySelector(".count").textContent = count === 1 ? "One article chosen" : `${count} articles chosen`;
  line.querySelector("button").textContent = count === 1 ? "Delete it" : `Delete ${count} articles`;
  find("#articles input.all").checked = count === boxes().length;
};

const presses = {
  "button.sort": ({ dataset: { order } }) => {
    ordered.descending = order === ordered.order ? !ordered.descending : order === "published" || order === "length";
    ordered.order = order;
    focusAfter = [`#articles [data-order="${order}"]`];
    listFromStart();
  },
  "button.turn": (button) => {
    const [way, other] = button.classList.contains("on") ? [".on", ".back"] : [".back", ".on"];
    ordered.page = Number(button.dataset.page);
    focusAfter = [`#articles .turn${way}:not([disabled])`, `#articles .turn${other}`];
    list();
    heading.scrollIntoView();
  },
  "button.delete": (button) => remove([button.dataset.article]),
  "button.delete-chosen": () => remove(chosen()),
  "button.check": (button) => {
    health.hadFocus = true;
    if (!button.hasAttribute("data-going")) trigger("check", { begin: true });
  },
};

const listen = () => {
  if (!room()) return requestAnimationFrame(listen);
  room().addEventListener("click", (event) => {
    for (const [selector, press] of Object.entries(presses)) {
      const button = event.target.closest(selector);
      if (button) return press(button);
    }
  });
  room().addEventListener("change", (event) => {
    if (event.target.closest("#articles td.choose")) choose(event.target);
  });
  room().addEventListener("focusin", (event) => {
    if (!event.target.closest("#health")) health.hadFocus = false;
  });
};

window.addEventListener("panel-shown", (event) => {
  if (event.detail === "library") list();
});
window.addEventListener("library-changed", list);
listen();
observe("#articles", settle);
observe("#health", follow);
list();
