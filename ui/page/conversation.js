// Runs once, when the conversation is first shown: `element`, `trigger` and `watch` are Gradio's.
let isAsking = false; // from the press on, before anything comes back
const isBusy = () => isAsking || element.querySelector(".pending") !== null;
const ask = (fields) => {
  isAsking = true;
  setTimeout(() => { isAsking = false; }, 3000);
  trigger("ask", fields);
};

const turnOf = (inner) => Number(inner.closest(".turn").dataset.turn);

// The question becomes a box to ask from again; made of elements and text, never of HTML.
const edit = (button) => {
  const turn = button.closest(".turn");
  if (turn.querySelector(".again")) return;
  const plainly = button.closest(".asked-as") !== null;
  const box = Object.assign(document.createElement("textarea"), { value: button.dataset.question, rows: 2, maxLength: 2000 });
  box.setAttribute("aria-label", "Ask this instead");
  box.dir = "auto";
  const again = Object.assign(document.createElement("button"), { type: "submit", textContent: "Ask again" });
  const leave = Object.assign(document.createElement("button"), { type: "button", textContent: "Cancel" });
  const form = document.createElement("form");
  form.className = "again";
  form.append(box, again, leave);
  const close = () => {
    form.remove();
    button.focus();
  };
  leave.addEventListener("click", close);
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
    if (event.key === "Enter" && !event.shiftKey && event.target === box) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (box.value.trim() && !isBusy()) ask({ asked: box.value, turn: turnOf(form), plainly });
  });
  button.closest(".asked, .asked-as").after(form);
  box.focus();
  box.select();
};

const presses = {
  "button.example": (button) => ask({ asked: button.textContent, plainly: true }),
  "button.edit": edit,
  "button.plainly": (button) => ask({ asked: button.dataset.question, turn: turnOf(button), plainly: true }),
  "button.judge": (button) =>
    trigger("judge", { turn: turnOf(button), place: Number(button.dataset.place), verdict: button.dataset.verdict }),
  "button.take-up": (button) => window.dispatchEvent(new CustomEvent("take-up", { detail: button.dataset.conversation })),
  "button.forget": (button) => window.dispatchEvent(new CustomEvent("forget", { detail: button.dataset.conversation })),
  "button[data-excerpt]": (button) => {
    for (const other of element.querySelectorAll("[aria-current]")) other.removeAttribute("aria-current");
    button.setAttribute("aria-current", "true");
    trigger("quote", { address: button.dataset.excerpt });
  },
};

element.addEventListener("click", (event) => {
  for (const [selector, press] of Object.entries(presses)) {
    const button = event.target.closest(selector);
    if (!button) continue;
    if (selector === "button[data-excerpt]" || !isBusy()) press(button);
    return;
  }
});

// The latest question is scrolled to the top, so that its answer is read from its beginning; a judgement scrolls nothing.
let seen = "";
watch("value", () => {
  isAsking = false;
  const latest = element.querySelector(".turn[data-latest]");
  const room = document.getElementById("chat");
  document.documentElement.toggleAttribute("data-asking", isBusy());
  const looks = latest ? `${latest.dataset.turn} ${latest.querySelector(".question")?.textContent} ${isBusy()}` : "";
  if (latest && room && looks !== seen) {
    room.scrollTop += latest.getBoundingClientRect().top - room.getBoundingClientRect().top - 16;
  }
  seen = looks;
});
