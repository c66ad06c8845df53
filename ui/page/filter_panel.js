// Runs once, when the panel is first shown: `element`, `props`, `trigger` and `watch` are Gradio's.
// The component's value is what is chosen, so that it goes along with the question; names are set as text alone.
const panel = element.querySelector("details");
const dates = [...element.querySelectorAll(".dates input")];
const newest = element.querySelector("[name=newest_first]");
const facets = [...element.querySelectorAll(".facet")].map((box) => ({
  name: box.dataset.facet,
  find: box.querySelector("[type=search]"),
  list: box.querySelector("ul"),
  hint: box.querySelector(".hint"),
  chosen: new Map(), // value -> [value, label, detail]
  offered: [],
  awaited: 0,
}));
const languages = new Intl.DisplayNames(["en"], { type: "language" });
let asked = 0;
let pause = 0;

const choose = () => {
  const value = {};
  for (const date of dates) if (date.value.trim()) value[date.name] = date.value.trim();
  for (const facet of facets) if (facet.chosen.size) value[facet.name] = [...facet.chosen.keys()];
  if (newest.checked) value.newest_first = true;
  props.value = value;
  const count = Object.values(value).flat().length;
  element.querySelector(".in-force").textContent = count ? `${count} chosen` : "";
};

const look = (some) => {
  asked += 1;
  for (const facet of some) facet.awaited = asked;
  trigger("look", { number: asked, wanted: Object.fromEntries(some.map((facet) => [facet.name, facet.find.value])) });
};

const item = (facet, [value, label, detail]) => {
  const box = Object.assign(document.createElement("input"), { type: "checkbox", value });
  box.checked = facet.chosen.has(value);
  box.addEventListener("change", () => {
    if (box.checked) facet.chosen.set(value, [value, label, detail]);
    else facet.chosen.delete(value);
    choose();
  });
  const name = document.createElement("bdi");
  name.textContent = facet.name === "language" ? languages.of(label) : label;
  const rest = document.createElement("small");
  rest.textContent = detail;
  const line = document.createElement("label");
  line.append(box, name, " ", rest);
  const entry = document.createElement("li");
  entry.append(line);
  return entry;
};

// Chosen items stay listed, whether or not they have the words looked for.
const show = (facet) => {
  const others = facet.offered.filter(([value]) => !facet.chosen.has(value));
  facet.list.replaceChildren(...[...facet.chosen.values(), ...others].map((choice) => item(facet, choice)));
};

const receive = (facet, { total, choices }) => {
  const all = facet.find.value.trim() === "";
  if (all) facet.find.hidden = total <= choices.length;
  const named = total.toLocaleString("en");
  const some = `The first ${choices.length} of ${named}; type to find the others.`;
  facet.hint.textContent = total > choices.length ? some : total ? "" : all ? "The library names none." : "Nothing found.";
  if (JSON.stringify(facet.offered) === JSON.stringify(choices)) return; // the keyboard's place in the list is kept
  facet.offered = choices;
  show(facet);
};

watch("found", () => {
  for (const facet of facets) {
    const found = props.found.facets[facet.name];
    if (found && facet.awaited === props.found.number) receive(facet, found);
  }
});

panel.addEventListener("toggle", () => {
  if (panel.open) look(facets);
});
window.addEventListener("focus", () => {
  if (panel.open) look(facets); // the library may have changed meanwhile
});
for (const field of [...dates, newest]) field.addEventListener("input", choose);
for (const facet of facets) {
  facet.find.addEventListener("input", () => {
    clearTimeout(pause);
    pause = setTimeout(() => look([facet]), 200);
  });
}
element.querySelector("button.empty").addEventListener("click", () => {
  for (const date of dates) date.value = "";
  newest.checked = false;
  for (const facet of facets) {
    facet.chosen.clear();
    facet.find.value = "";
    show(facet);
  }
  choose();
  look(facets);
});
