// Runs once, when the source pane is first shown: `element` and `watch` are Gradio's.
const isSheet = () => window.matchMedia("(max-width: 860px)").matches;

const close = () => {
  const pane = element.querySelector(".source-pane");
  if (!pane || pane.classList.contains("vacant")) return;
  pane.classList.add("closed");
  const opener = document.querySelector("#chat [aria-current]");
  if (opener) opener.focus();
};

// Only pages from this machine or over HTTPS may write to the clipboard; elsewhere the button says that it did not.
const take = async (button) => {
  try {
    await navigator.clipboard.writeText(button.dataset.citation);
    button.textContent = "Copied";
  } catch {
    button.textContent = "Not allowed to copy";
  }
};

element.addEventListener("click", (event) => {
  if (event.target.closest("button.close")) close();
  const copy = event.target.closest("button.copy");
  if (copy) take(copy);
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && isSheet()) close();
});

watch("value", () => {
  const pane = element.querySelector(".source-pane");
  if (!pane || pane.classList.contains("vacant")) return;
  const quoted = pane.querySelector("#quoted");
  if (quoted) quoted.scrollIntoView({ block: "center" });
  if (isSheet()) pane.querySelector("button.close").focus({ preventScroll: true });
});
