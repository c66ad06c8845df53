// Runs once, when the tabs are first shown: `element` is Gradio's. The address tells which panel is open.
const tabs = [...element.querySelectorAll("[role=tab]")];
const panelOf = (tab) => document.getElementById(tab.dataset.panel);

const show = (chosen, focus) => {
  document.documentElement.dataset.panel = chosen.dataset.panel;
  for (const tab of tabs) {
    tab.setAttribute("aria-selected", String(tab === chosen));
    tab.tabIndex = tab === chosen ? 0 : -1;
  }
  if (focus) chosen.focus();
  window.dispatchEvent(new CustomEvent("panel-shown", { detail: chosen.dataset.panel }));
};

const chosenByAddress = () => tabs.find((tab) => `#${tab.dataset.panel}` === location.hash) ?? tabs[0];

// The panels are not there yet when this runs.
const name = () => {
  for (const tab of tabs) {
    const panel = panelOf(tab);
    if (!panel) return requestAnimationFrame(name);
    panel.setAttribute("role", "tabpanel");
    panel.setAttribute("aria-labelledby", tab.id);
    tab.setAttribute("aria-controls", panel.id);
  }
};

for (const tab of tabs) {
  tab.addEventListener("click", (event) => {
    history.replaceState(null, "", tab === tabs[0] ? location.pathname + location.search : `#${tab.dataset.panel}`);
    show(tab);
    if (tab === tabs[0] && event.detail) document.querySelector("#question textarea")?.focus(); // not by keyboard
  });
}
element.addEventListener("keydown", (event) => {
  const at = tabs.indexOf(event.target);
  const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
  if (at < 0 || to === undefined) return;
  event.preventDefault();
  const tab = tabs[(to + tabs.length) % tabs.length];
  tab.focus();
  tab.click();
});
window.addEventListener("hashchange", () => show(chosenByAddress()));
name();
show(chosenByAddress());
