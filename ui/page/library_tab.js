// Runs once, when the tab is first shown: `element`, `props` and `trigger` are Gradio's. What comes from files and
// articles is set as text alone; adding and deleting go through the API.
const room = () => document.getElementById("library");
const find = (selector) => room().querySelector(selector);
const form = element.querySelector("form.filters");
const drop = element.querySelector(".drop");
const working = element.querySelector(".working");
const bar = working.querySelector("progress");
const stage = working.querySelector(".stage");
const report = element.querySelector(".report");
const undo = element.querySelector(".undo");
const MEGABYTE = 2 ** 20;
const ordered = { order: "published", descending: true, page: 0 };
let pause = 0;
let stop = null; // ends what is being added
let focusAfter = ""; // what has the focus once the list is shown anew

const list = () => {
  const fields = Object.fromEntries(new FormData(form));
  trigger("list", { ...fields, ...ordered });
};
const changed = () => {
  list();
  window.dispatchEvent(new CustomEvent("library-changed"));
};
const path = (id) => `v1/articles/${encodeURIComponent(id).replaceAll(".", "%2E")}`;

// A reply of the API, or its sentence as an error.
const asked = async (address, options) => {
  let response;
  try {
    response = await fetch(address, options);
  } catch {
    throw new Error("The server does not answer; see whether it still runs.");
  }
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(body.detail ?? `The server refused this (${response.status}).`);
  return body;
};

// --- The list -------------------------------------------------------------------------------------------------------
const settle = () => {
  for (const select of room().querySelectorAll("#shelf .choosing select")) {
    if (!select.children.length) continue; // they have been moved already
    const own = form.elements[select.dataset.for];
    const chosen = own.value;
    own.replaceChildren(...select.children);
    own.value = chosen;
  }
  if (focusAfter) find(focusAfter)?.focus();
  focusAfter = "";
};
const watchShelf = () => {
  const shelf = find("#shelf");
  if (!shelf) return requestAnimationFrame(watchShelf);
  new MutationObserver(settle).observe(shelf, { childList: true, subtree: true });
};

form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("reset", () => setTimeout(() => { ordered.page = 0; list(); }));
form.addEventListener("input", () => {
  clearTimeout(pause);
  pause = setTimeout(() => { ordered.page = 0; list(); }, 250);
});

// --- Adding ---------------------------------------------------------------------------------------------------------
const tell = (said, lines = []) => {
  report.hidden = false;
  report.querySelector("h3").textContent = said;
  report.querySelector("ul").replaceChildren(...lines.map(({ source, outcome, reason }) => {
    const name = document.createElement("bdi");
    name.textContent = source.replace(/^upload:/, "");
    const word = document.createElement("strong");
    word.className = outcome;
    word.textContent = outcome;
    const line = document.createElement("li");
    line.append(word, " ", name, reason ? ` – ${reason}` : "");
    return line;
  }));
};

const summed = (counts) => {
  const parts = Object.entries(counts).map(([outcome, count]) => `${count.toLocaleString("en")} ${outcome}`);
  return parts.length ? parts.join(", ") : "Nothing was found in it";
};

// XMLHttpRequest, as fetch does not tell how much is uploaded.
const uploaded = (body) =>
  new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", "v1/articles");
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) Object.assign(bar, { max: event.total, value: event.loaded });
    });
    request.addEventListener("load", () => {
      if (request.status < 300) resolve(request.response);
      else reject(new Error(request.response?.detail ?? `The server refused this (${request.status}).`));
    });
    request.addEventListener("error", () => reject(new Error("The server does not answer, or the upload was refused.")));
    request.addEventListener("abort", () => reject(new Error("Cancelled.")));
    stop = () => request.abort();
    if (typeof body === "string") request.setRequestHeader("content-type", "application/json");
    request.send(body);
  });

const followed = async (job) => {
  let now = job;
  let pauseBetween = 100; // milliseconds: a long job is asked about less often
  stop = () => asked(`v1/jobs/${job.id}`, { method: "DELETE" }).catch(() => {});
  while (!now.finished) {
    Object.assign(bar, { max: now.sources, value: now.read });
    stage.textContent = now.status === "waiting" ? "Waiting for another job" : `Read ${now.read} of ${now.sources}`;
    await new Promise((resolve) => setTimeout(resolve, pauseBetween));
    pauseBetween = Math.min(2 * pauseBetween, 2000);
    now = await asked(`v1/jobs/${job.id}`);
  }
  return now;
};

const add = async (body, what) => {
  if (!working.hidden) return;
  working.hidden = false;
  report.hidden = true;
  bar.removeAttribute("value");
  stage.textContent = `Sending ${what}`;
  try {
    const job = await followed(await uploaded(body));
    const said = { failed: job.detail, cancelled: `Cancelled. ${summed(job.counts)}` }[job.status] ?? summed(job.counts);
    tell(said, job.entries);
  } catch (fault) {
    tell(fault.message);
  } finally {
    working.hidden = true;
    changed();
  }
};

const addFiles = (files) => {
  if (!files.length) return;
  const size = files.reduce((sum, file) => sum + file.size, 0);
  if (size > props.most * MEGABYTE) {
    return tell(`${(size / MEGABYTE).toFixed(0)} MB is more than ${props.most} MB; add fewer at once.`);
  }
  const body = new FormData();
  for (const file of files) body.append("file", file, file.webkitRelativePath || file.name);
  add(body, files.length === 1 ? files[0].name : `${files.length} files`);
};

element.querySelector("input[type=file]").addEventListener("change", (event) => {
  addFiles([...event.target.files]);
  event.target.value = "";
});
for (const name of ["dragenter", "dragover"]) {
  drop.addEventListener(name, (event) => {
    event.preventDefault();
    drop.classList.add("over");
  });
}
drop.addEventListener("dragleave", () => drop.classList.remove("over"));
drop.addEventListener("drop", (event) => {
  event.preventDefault();
  drop.classList.remove("over");
  addFiles([...event.dataTransfer.files]);
});
element.querySelector(".by-address").addEventListener("submit", (event) => {
  event.preventDefault();
  const box = event.target.querySelector("input");
  if (!box.value.trim()) return;
  add(JSON.stringify({ urls: [box.value.trim()] }), box.value.trim());
  box.value = "";
});

// --- Deleting, and undoing it -----------------------------------------------------------------------------------------
const offerUndo = (gone, faults) => {
  const line = document.createElement("span");
  const name = document.createElement("bdi");
  name.textContent = gone.length === 1 ? gone[0].title : `${gone.length} articles`;
  if (gone.length === 1) line.append("“", name, "” was deleted.");
  else if (gone.length) line.append(name, " were deleted.");
  if (faults.length) line.append(` ${faults[0]}`);
  const back = Object.assign(document.createElement("button"), { type: "button", textContent: "Undo" });
  back.addEventListener("click", async () => {
    back.disabled = true;
    const told = [];
    for (const { id } of gone) {
      await asked(`${path(id)}/restore`, { method: "POST" }).catch((fault) => told.push(fault.message));
    }
    undo.textContent = told[0] ?? (gone.length === 1 ? "It is back." : "They are back.");
    changed();
  });
  undo.replaceChildren(line, ...(gone.length ? [back] : []));
  if (gone.length) back.focus();
};

const remove = async (ids) => {
  const gone = [];
  const faults = [];
  for (const id of ids) {
    await asked(path(id), { method: "DELETE" }).then((header) => gone.push(header), (fault) => faults.push(fault.message));
  }
  offerUndo(gone, faults);
  changed();
};

const chosen = () => [...room().querySelectorAll("#shelf td.choose input:checked")].map((box) => box.value);
const countChosen = () => {
  const count = chosen().length;
  const line = find("#shelf .chosen");
  line.hidden = !count;
  line.querySelector(".count").textContent = count === 1 ? "One article chosen" : `${count} articles chosen`;
};

const presses = {
  "button.sort": ({ dataset: { order } }) => {
    ordered.descending = order === ordered.order ? !ordered.descending : order === "published" || order === "length";
    Object.assign(ordered, { order, page: 0 });
    focusAfter = `#shelf [data-order="${order}"]`;
    list();
  },
  "button.turn": (button) => {
    ordered.page = Number(button.dataset.page);
    focusAfter = "#shelf .pages .turn:not([disabled])";
    list();
    room().scrollTo({ top: form.offsetTop });
  },
  "button.delete": (button) => remove([button.dataset.article]),
  "button.delete-chosen": () => remove(chosen()),
  "button.check": (button) => {
    button.disabled = true;
    button.nextElementSibling.textContent = "Looking …";
    trigger("check");
  },
  "button.cancel": () => stop?.(),
  "button.done": () => { report.hidden = true; },
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
    if (event.target.closest("#shelf td.choose")) countChosen();
  });
};

window.addEventListener("panel-shown", (event) => {
  if (event.detail === "library") list();
});
listen();
watchShelf();
list();
