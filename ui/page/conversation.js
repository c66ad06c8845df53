// Runs once, when the conversation is first shown: `element`, `trigger` and `watch` are Gradio's.
element.addEventListener("click", (event) => {
  const example = event.target.closest("button.example");
  if (example) {
    trigger("example", { question: example.textContent });
    return;
  }
  const button = event.target.closest("button[data-excerpt]");
  if (button) {
    for (const other of element.querySelectorAll("[aria-current]")) other.removeAttribute("aria-current");
    button.setAttribute("aria-current", "true");
    trigger("quote", { address: button.dataset.excerpt });
  }
});

// The newest question comes to the top, so that its answer is read from its beginning.
watch("value", () => {
  const turns = element.querySelectorAll(".turn");
  const room = document.getElementById("chat");
  if (turns.length && room) {
    const newest = turns[turns.length - 1];
    room.scrollTop += newest.getBoundingClientRect().top - room.getBoundingClientRect().top - 16;
  }
});
