// Runs once, when the source pane is first shown: `element`, `trigger` and `watch` are Gradio's.
const isSheet = () => window.matchMedia("(max-width: 860px)").matches;
const pane = () => element.querySelector(".source-pane:not(.vacant)");
const isSeen = () => Boolean(pane()?.getClientRects().length);
const isText = (target) => Boolean(target.closest?.("input, textarea, select, [contenteditable]"));
const room = () => element.closest("#source") ?? element;
const opener = () => document.querySelector(`#chat [data-excerpt="${CSS.escape(pane()?.dataset.address ?? "")}"]`);

// Announces each opening: the pane's HTML is replaced as a whole, and what comes with it is not read out.
const said = Object.assign(document.createElement("p"), { className: "unseen" });
said.setAttribute("role", "status");
document.body.append(said);

// Kept over the next opening: the scroll position of the article, or which step has the focus.
let keeping = {};

// Back to the quote in the conversation from which the article was opened; on a phone the sheet closes.
const leave = () => {
  if (isSheet()) pane().classList.add("closed");
  const folded = opener()?.closest("details:not([open])");
  if (folded) folded.open = true;
  opener()?.focus();
};

const stepOf = (to) => pane()?.querySelector(`.step.${to}[data-excerpt]`);
const step = (button) => {
  if (button) trigger("quote", { address: button.dataset.excerpt });
};

// The article's text from data-first on is the body's, character for character; Python counts code points, a browser
// UTF-16 units.
const codePoints = (text) => text.length - (text.match(/[\u{10000}-\u{10ffff}]/gu)?.length ?? 0);

// The selected range of the article, or null; a triple click selects a little more than a paragraph.
const selection = () => {
  const body = element.querySelector(".body");
  const made = document.getSelection();
  if (!body || !made?.rangeCount || made.isCollapsed) return null;
  const range = made.getRangeAt(0).cloneRange();
  const [begins, ends] = [body.contains(range.startContainer), body.contains(range.endContainer)];
  if (!begins && !ends) return null;
  if (!begins) range.setStart(body, 0);
  if (!ends) range.setEnd(body, body.childNodes.length);
  return range.toString().trim() ? range : null;
};

// Start, end and text of a range without the white space around it, as `corpus.library.feedback` takes them.
const placeOf = (range) => {
  const body = element.querySelector(".body");
  const before = document.createRange();
  before.setStart(body, 0);
  before.setEnd(range.startContainer, range.startOffset);
  const words = range.toString();
  const text = words.trim();
  const first = Number(body.dataset.first);
  const start = first + codePoints(before.toString()) + codePoints(words.slice(0, words.indexOf(text)));
  return { start, end: start + codePoints(text), text };
};

document.addEventListener("selectionchange", () => {
  const button = pane()?.querySelector("button.better");
  if (!button) return;
  const range = selection();
  const longest = Number(pane().dataset.longest);
  button.hidden = !range;
  button.disabled = Boolean(range) && codePoints(range.toString().trim()) > longest;
  const name = button.disabled ? `Select at most ${longest.toLocaleString("en")} characters` : "These words answer better";
  if (button.textContent !== name) button.textContent = name;
});

const tell = (sentence) => {
  pane().querySelector(".told").textContent = sentence;
};

// Only pages from this machine or over HTTPS may write to the clipboard; elsewhere the citation is copied by hand.
const copy = async (button) => {
  const row = button.closest(".format") ?? button.closest(".taking").querySelector(".format");
  const box = pane().querySelector(".by-hand");
  box.hidden = true;
  try {
    await navigator.clipboard.writeText(row.dataset.citation);
    tell(`Copied as ${row.dataset.format}.`);
  } catch {
    box.value = row.dataset.citation;
    box.hidden = false;
    box.focus();
    box.select();
    tell("The browser lets this page copy nothing by itself: copy what is selected here.");
  }
};

const save = (button) => {
  const { citation, suffix } = button.closest(".format").dataset;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([citation], { type: "text/plain" }));
  link.download = `quote.${suffix}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  tell(`Saved as quote.${suffix}.`);
};

const presses = {
  "button.close": leave,
  "button.copy": copy,
  "button.save": save,
  "button.step": (button) => {
    keeping = { step: button.classList.contains("next") ? "next" : "previous" };
    step(button);
  },
  "button.better": () => {
    const range = selection();
    if (!range) return;
    keeping = { top: room().scrollTop };
    trigger("better", { address: pane().dataset.address, ...placeOf(range) });
  },
};

// Pressing the button must not clear the selection.
element.addEventListener("mousedown", (event) => {
  if (event.target.closest("button.better")) event.preventDefault();
});
element.addEventListener("click", (event) => {
  const menu = element.querySelector("details[open]");
  if (menu && !menu.contains(event.target)) menu.open = false;
  for (const [selector, press] of Object.entries(presses)) {
    const button = event.target.closest(selector);
    if (button) return press(button);
  }
});

// Single letters work only while the pane has the focus, and never in a text box.
element.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || isText(event.target)) return;
  const to = { n: "next", p: "previous" }[event.key];
  if (to) step(stepOf(to));
  // Tab goes from the quote to the pane's buttons, not to the end of the article.
  if (event.key === "Tab" && !event.shiftKey && event.target.id === "quoted") {
    event.preventDefault();
    pane().querySelector(".bar :is(button, a):not([disabled], [hidden])").focus();
  }
});
document.addEventListener("keydown", (event) => {
  if (!isSeen()) return;
  const to = { ArrowDown: "next", ArrowUp: "previous" }[event.key];
  if (to && event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey && !isText(event.target)) {
    event.preventDefault();
    step(stepOf(to));
  }
  if (event.key === "Escape" && (isSheet() || element.contains(event.target))) {
    const menu = event.target.closest?.("details[open]");
    if (!menu || !element.contains(menu)) return leave();
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
// A menu closes when the focus leaves it.
element.addEventListener("focusout", (event) => {
  const menu = event.target.closest("details[open]");
  if (menu && event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
});

// Scrolls the quote to the middle of the pane; a quote too long for that, to its beginning.
const reveal = (quoted) => {
  const isTall = quoted.getBoundingClientRect().height > room().clientHeight * 0.7;
  quoted.scrollIntoView({ block: isTall ? "start" : "center", behavior: "instant" });
};

watch("value", () => {
  const shown = pane();
  if (!shown) return;
  for (const other of document.querySelectorAll("#chat [aria-current]")) other.removeAttribute("aria-current");
  opener()?.setAttribute("aria-current", "true");
  said.textContent = shown.querySelector(".where").textContent;
  const quoted = shown.querySelector("#quoted");
  const { top, step: kept } = keeping;
  keeping = {};
  if (top !== undefined) room().scrollTop = top;
  else if (quoted) reveal(quoted);
  if (quoted) quoted.tabIndex = -1;
  // The note is read out with whichever of the two gets the focus.
  if (shown.querySelector(".note")) for (const one of [shown, quoted]) one?.setAttribute("aria-describedby", "source-note");
  // The focus stays with a user who types the next question.
  if (document.activeElement && isText(document.activeElement)) return;
  const focused = (kept && stepOf(kept)) || (top === undefined && quoted) || shown;
  focused.focus({ preventScroll: true });
});
