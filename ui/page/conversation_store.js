// Runs once: `element`, `props`, `trigger` and `watch` are Gradio's. Keeps the ids of this browser's conversations;
// the conversations themselves are stored by the server, which finds them by these ids alone.
const MOST = 50;
const LIST = "pullquote.conversations";
const CURRENT = "pullquote.current";

// A browser may refuse to store anything; then a conversation lives as long as its page.
const stored = (store, key) => {
  try {
    return store().getItem(key) ?? "";
  } catch {
    return "";
  }
};
const put = (store, key, value) => {
  try {
    store().setItem(key, value);
  } catch {
    // as above
  }
};
const local = () => window.localStorage;
const tab = () => window.sessionStorage;

const listed = () => {
  try {
    const names = JSON.parse(stored(local, LIST) || "[]");
    return Array.isArray(names) ? names.filter((name) => typeof name === "string").slice(0, MOST) : [];
  } catch {
    return [];
  }
};

const remember = (id) => {
  put(tab, CURRENT, id || "none");
  put(local, CURRENT, id);
  if (id) put(local, LIST, JSON.stringify([id, ...listed().filter((name) => name !== id)].slice(0, MOST)));
};

// Each tab of a browser has its own conversation; a new tab begins with the latest.
const current = () => {
  const own = stored(tab, CURRENT);
  return own === "none" ? "" : own || stored(local, CURRENT);
};

const resume = (id) => {
  props.value = { id };
  trigger("resume", { id, earlier: listed() });
};

watch("value", () => {
  const id = props.value?.id;
  if (typeof id !== "string") return;
  remember(id);
  if (!id) trigger("examples");
});
watch("examples_made", () => trigger("welcome", { earlier: listed() }));

window.addEventListener("take-up", (event) => resume(event.detail));
window.addEventListener("forget", (event) => {
  const id = event.detail;
  put(local, LIST, JSON.stringify(listed().filter((name) => name !== id)));
  trigger("forget", { id, earlier: listed() });
});
window.addEventListener("library-changed", () => {
  if (!document.querySelector("#chat .pending")) resume(current());
});
resume(current());
