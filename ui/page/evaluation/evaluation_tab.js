// Runs once, when the tab is first there: `element`, `props`, `trigger` and `watch` are Gradio's.
// `props.progress` is how far a run is, `props.offered` the sets and the stored runs, `props.report` a report. What is HTML
// comes from the server with every text in it escaped; everything else is set as text alone.
const EVERY = 700; // milliseconds between two looks at a run
const MODES = { library: "the current library", open: "its own articles" };
const find = (selector) => element.querySelector(selector);
const form = find("form");
const { set, mode, limit } = form.elements;
const underway = find(".underway");
const bar = find(".bar");
const told = find(".told");
const listing = find(".listing");
const report = find(".report");
let offers = [];
let asked = 0; // a number for each thing that is asked of the server
let awaited = 0; // that of the report
let open = ""; // the run whose report is shown
let follows = false; // a run that was seen under way
let wait = 0;
let judge = null; // what the threshold is tried on

const isShown = () => document.documentElement.dataset.panel === "evaluation";
const send = (event, fields = {}) => {
  asked += 1;
  trigger(event, { ...fields, number: asked });
  return asked;
};
const look = () => send("look");
const say = (words) => {
  if (told.textContent !== words) told.textContent = words;
};

const options = (select, choices) => {
  const before = select.value;
  select.replaceChildren(
    ...choices.map(([value, label, disabled]) => Object.assign(document.createElement("option"), { value, textContent: label, disabled })),
  );
  if (choices.some(([value, , disabled]) => value === before && !disabled)) select.value = before;
};

const chooseSet = () => {
  const offer = offers.find(({ name }) => name === set.value);
  options(mode, (offer?.modes ?? []).map((name) => [name, MODES[name], false]));
  const problem = offers.find((one) => one.problem)?.problem ?? "";
  find(".about-set").textContent = offer ? problem : `There is no set to run. ${problem}`;
};

const showOffers = () => {
  const offered = props.offered;
  if (!offered) return;
  if (offered.problem) return say(offered.problem);
  offers = offered.sets;
  const counted = (n) => `${n.toLocaleString("en")} ${n === 1 ? "question" : "questions"}`;
  options(set, offers.map(({ name, label, questions, problem }) => [name, `${label} (${counted(questions)})`, Boolean(problem)]));
  chooseSet();
  listing.innerHTML = offered.runs;
  mark();
};

const mark = () => {
  for (const button of listing.querySelectorAll("button")) {
    button.setAttribute("aria-pressed", String(button.dataset.run === open));
  }
};

const draw = (run) => {
  awaited = send("draw", { run });
};

const showProgress = () => {
  const { underway: far, ended, problem } = props.progress ?? {};
  if (!ended) return;
  underway.hidden = !far;
  if (far) {
    bar.setAttribute("aria-valuemax", far.total || 1);
    bar.setAttribute("aria-valuenow", far.done);
    bar.setAttribute("aria-valuetext", far.said);
    find(".bar span").style.inlineSize = `${far.total ? (100 * far.done) / far.total : 0}%`;
    find(".how-far").textContent = `${far.set}: ${far.said}`;
    find(".cancel").disabled = false;
    follows = true;
    follow();
  }
  if (problem) say(problem);
  else if (far) say("");
  else if (follows) {
    follows = false;
    say(ended.note || "The run is done and kept.");
    look();
    if (ended.run) draw(ended.run);
  }
};

const follow = () => {
  clearTimeout(wait);
  wait = setTimeout(() => (isShown() && !document.hidden ? send("follow") : follow()), EVERY);
};

const showReport = () => {
  const drawn = props.report;
  if (!drawn || drawn.number !== awaited) return;
  report.removeAttribute("aria-busy");
  if (drawn.problem) return say(drawn.problem);
  open = drawn.run;
  report.innerHTML = drawn.report;
  mark();
  judge = judgeOf(report.querySelector(".try"));
  judge?.show(judge.threshold);
  report.focus({ preventScroll: true });
  report.scrollIntoView({ block: "start" });
};

// The figures of a run at any threshold, by the rules of `eval.metrics.sweep`, without a model or a request.
const judgeOf = (box) => {
  if (!box) return null;
  const answers = JSON.parse(box.dataset.answers);
  const inForce = Number(box.dataset.threshold);
  const unanswerable = answers.filter(([, , answerable]) => !answerable).length;
  const at = (threshold) => {
    const given = answers.filter(([confidence]) => confidence !== null && confidence >= threshold);
    const right = given.filter(([, isRight]) => isRight).length;
    const refused = unanswerable - given.filter(([, , answerable]) => !answerable).length;
    return {
      coverage: [given.length, answers.length],
      risk: [given.length - right, given.length],
      right: [right, answers.length - unanswerable],
      noans: [refused, unanswerable],
    };
  };
  const share = ([some, all]) => (all ? some / all : 0);
  const percent = (pair) => `${(100 * share(pair)).toFixed(1)}\u202f%`;
  const named = (n) => n.toLocaleString("en");
  const cell = (place, pair) => {
    const counts = document.createElement("small");
    counts.textContent = `${named(pair[0])} of ${named(pair[1])}`;
    place.replaceChildren(percent(pair), " ", counts);
    place.dataset.value = share(pair);
  };
  const written = (threshold) => (threshold === inForce ? inForce.toFixed(4) : threshold.toFixed(2)).replace(/^0/, "");
  const meaning = (threshold, figures) => {
    const [given, all] = figures.coverage;
    const are = (n) => (n === 1 ? "is" : "are");
    const said = `At ${written(threshold)}, ${named(given)} of ${named(all)} questions ${are(given)} answered`;
    if (!given) return `At ${written(threshold)}, none of ${named(all)} questions is answered.`;
    const wrong = figures.risk[0];
    if (given === 1) return `${said}; the answer given is ${wrong ? "wrong" : "right"}.`;
    return `${said}; ${named(wrong)} of the ${named(given)} answers given ${are(wrong)} wrong.`;
  };
  const move = (figures) => {
    const moving = box.querySelector(".moving");
    if (!moving) return;
    const { left, right, bottom, top, highest } = Object.fromEntries(Object.entries(moving.dataset).map(([name, value]) => [name, Number(value)]));
    const dot = moving.querySelector("circle");
    dot.setAttribute("cx", left + share(figures.coverage) * (right - left));
    dot.setAttribute("cy", bottom + Math.min(share(figures.risk) / highest, 1) * (top - bottom));
    dot.toggleAttribute("hidden", !figures.coverage[0]);
  };
  const before = at(inForce);
  for (const row of box.querySelectorAll("[data-figure]")) cell(row.querySelector(".now"), before[row.dataset.figure]);
  const slider = box.querySelector("input");
  let pause = 0;
  const show = (threshold) => {
    const figures = at(threshold);
    for (const row of box.querySelectorAll("[data-figure]")) cell(row.querySelector(".here"), figures[row.dataset.figure]);
    box.querySelector(".at").textContent = written(threshold);
    box.querySelector(".setting").textContent = `PULLQUOTE_THRESHOLD=${threshold === inForce ? inForce : threshold.toFixed(2)}`;
    box.querySelector(".in-force").disabled = threshold === inForce;
    box.querySelector(".copied").textContent = "";
    slider.setAttribute("aria-valuetext", written(threshold));
    move(figures);
    clearTimeout(pause); // who listens hears where it came to rest
    pause = setTimeout(() => (box.querySelector(".meaning").textContent = meaning(threshold, figures)), 150);
  };
  return { threshold: inForce, show, slider };
};

const copy = async (button) => {
  const box = button.closest(".try");
  const line = box.querySelector(".setting");
  try {
    await navigator.clipboard.writeText(line.textContent);
    box.querySelector(".copied").textContent = "Copied.";
  } catch {
    getSelection().selectAllChildren(line); // where a page may not copy, it is a key away
    box.querySelector(".copied").textContent = "Selected; copy it with the keyboard.";
  }
};

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (set.value && mode.value) send("begin", { set: set.value, mode: mode.value, limit: limit.value });
});
set.addEventListener("change", chooseSet);
find(".cancel").addEventListener("click", (event) => {
  event.target.disabled = true;
  send("cancel");
});
listing.addEventListener("click", (event) => {
  const button = event.target.closest("[data-run]");
  if (!button) return;
  report.setAttribute("aria-busy", "true");
  say("");
  draw(button.dataset.run);
});
report.addEventListener("input", (event) => {
  if (event.target === judge?.slider) judge.show(Number(event.target.value));
});
report.addEventListener("click", (event) => {
  if (event.target.closest(".in-force")) {
    judge.slider.value = judge.threshold;
    judge.show(judge.threshold);
    judge.slider.focus();
  }
  const button = event.target.closest(".copy");
  if (button) copy(button);
});
watch("progress", showProgress);
watch("offered", showOffers);
watch("report", showReport);
window.addEventListener("panel-shown", (event) => {
  if (event.detail === "evaluation") look();
});
if (isShown()) look();
