// Runs once, when the tab is first shown: `element` and `props` are Gradio's. What is added goes to the API, in parts
// where it is too much for one request; what comes from files is set as text alone.
const drop = element.querySelector(".drop");
const pick = drop.querySelector("input");
const byAddress = element.querySelector(".by-address");
const working = element.querySelector(".working");
const bar = working.querySelector("progress");
const stage = working.querySelector(".stage");
const said = element.querySelector(".said"); // read out
const report = element.querySelector(".report");
const MEGABYTE = 2 ** 20;
const PART_HEAD = 2048; // bytes that come with each file in a form
const RANKS = ["refused", "updated", "added", "skipped"];
const LINES = /\.jsonl(\.gz)?$/i; // files of many articles
let stop = null; // ends what is under way

const count = (number, one, many) => (number === 1 ? `one ${one}` : `${number.toLocaleString("en")} ${many}`);
const tell = (sentence) => {
  if (stage.textContent !== sentence) stage.textContent = sentence;
};

// --- What became of it ------------------------------------------------------------------------------------------------
const line = ({ source, outcome, reason }) => {
  const name = document.createElement("bdi");
  name.textContent = source.replace(/^upload:/, "");
  const word = document.createElement("strong");
  word.className = outcome;
  word.textContent = outcome;
  const item = document.createElement("li");
  item.append(word, " ", name, reason ? ` – ${reason}` : "");
  return item;
};

const summed = (counts) => {
  const parts = RANKS.filter((one) => counts[one]).map((one) => `${counts[one].toLocaleString("en")} ${one}`);
  return parts.length ? `${parts.join(", ")}.` : "";
};

const show = (sentence, entries, counts) => {
  const hadFocus = working.contains(document.activeElement);
  working.hidden = true;
  report.hidden = false;
  report.querySelector("h3").textContent = sentence;
  const told = RANKS.flatMap((rank) => entries.filter(({ outcome }) => outcome === rank)).map(line);
  const more = Object.values(counts).reduce((sum, one) => sum + one, 0) - entries.length;
  if (more > 0) told.push(Object.assign(document.createElement("li"), { textContent: `… and ${count(more, "other", "others")}` }));
  report.querySelector("ul").replaceChildren(...told);
  said.textContent = sentence;
  if (hadFocus) report.querySelector("button").focus();
};

// --- Sending, and following the job -----------------------------------------------------------------------------------
const asked = async (address, options) => {
  const response = await fetch(address, options).catch(() => {
    throw new Error("The server does not answer; see whether it still runs.");
  });
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(body.detail ?? `The server refused this (${response.status}).`);
  return body;
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
      if (request.status < 300 && request.response) resolve(request.response);
      else reject(new Error(request.response?.detail ?? `The server refused this (${request.status}).`));
    });
    request.addEventListener("error", () => reject(new Error("The server does not answer, or it refused the upload.")));
    request.addEventListener("abort", () => reject(new Error("")));
    stop = () => request.abort();
    if (typeof body === "string") request.setRequestHeader("content-type", "application/json");
    request.send(body);
  });

const followed = async (job, isStopped) => {
  let now = job;
  let pause = 100; // milliseconds: a long job is asked about less often
  stop = () => asked(`v1/jobs/${job.id}`, { method: "DELETE" }).catch(() => {});
  if (isStopped()) stop();
  while (!now.finished) {
    Object.assign(bar, { max: now.sources, value: now.read });
    tell(now.status === "waiting" ? "Waiting for another job" : `Read ${now.read} of ${now.sources}`);
    await new Promise((resolve) => setTimeout(resolve, pause));
    pause = Math.min(2 * pause, 2000);
    now = await asked(`v1/jobs/${job.id}`);
  }
  return now;
};

// Each part is a request and a job; `refused` are entries of what is not even sent.
const add = async (parts, refused = []) => {
  const entries = [...refused];
  const counts = refused.length ? { refused: refused.length } : {};
  let isStopped = false;
  let fault = "";
  working.hidden = false;
  report.hidden = true;
  said.textContent = "Adding begins";
  working.querySelector(".cancel").onclick = () => {
    isStopped = true;
    stop?.();
  };
  for (const { body, what } of parts) {
    if (isStopped || fault) break;
    bar.removeAttribute("value");
    tell(`Sending ${what}`);
    try {
      const job = await followed(await uploaded(body), () => isStopped);
      entries.push(...job.entries);
      for (const [outcome, number] of Object.entries(job.counts)) counts[outcome] = (counts[outcome] ?? 0) + number;
      if (job.status === "cancelled") isStopped = true;
      if (job.status === "failed") fault = job.detail;
    } catch (mistake) {
      fault = mistake.message;
    }
  }
  show([isStopped ? "Cancelled." : fault, summed(counts)].filter(Boolean).join(" ") || "Nothing was found.", entries, counts);
  window.dispatchEvent(new CustomEvent("library-changed"));
};

const isBusy = () => {
  if (working.hidden) return false;
  said.textContent = "";
  tell("This is being added; add more when it is done, or cancel it.");
  return true;
};

// --- Files ------------------------------------------------------------------------------------------------------------
// In parts that the server takes: so many bytes and so many files. `files` are [file, name].
const inParts = (files) => {
  const parts = [];
  let room = 0;
  for (const [file, name] of files) {
    const size = file.size + PART_HEAD;
    if (!parts.length || size > room || parts.at(-1).length === props.most_files) {
      parts.push([]);
      room = props.most_bytes;
    }
    parts.at(-1).push([file, name]);
    room -= size;
  }
  return parts.map((part, at) => {
    const body = new FormData();
    for (const [file, name] of part) body.append("file", file, name);
    const what = part.length === 1 ? part[0][1] : `${part.length.toLocaleString("en")} files`;
    return { body, what: parts.length === 1 ? what : `${what} (part ${at + 1} of ${parts.length})` };
  });
};

// Files of one name out of several folders: the server tells apart those of one request, and this those of several.
const toldApart = (files) => {
  const seen = new Map();
  return files.map(([file, name]) => {
    seen.set(name, (seen.get(name) ?? 0) + 1);
    return [file, seen.get(name) > 1 ? name.replace(/(\.[^./\s]{1,8})?(\.gz)?$/i, ` (${seen.get(name)})$&`) : name];
  });
};

const addFiles = (files) => {
  const most = ({ name }) => Math.min(props.most_bytes - PART_HEAD, LINES.test(name) ? Infinity : props.largest_bytes);
  const isFit = ([file]) => file.size <= most(file);
  const refused = files.filter((one) => !isFit(one)).map(([file, name]) => ({
    source: name, outcome: "refused", reason: `It is larger than ${Math.round(most(file) / MEGABYTE)} MB; split it.`,
  }));
  if (!files.length || isBusy()) return;
  const fit = files.filter(isFit);
  const size = fit.reduce((sum, [file]) => sum + file.size + PART_HEAD, 0);
  add(inParts(size > props.most_bytes || fit.length > props.most_files ? toldApart(fit) : fit), refused);
};

const isSeen = ([, name]) => !name.split("/").some((part) => /^\.|^~\$/.test(part)); // not .DS_Store, no lock of Word

// All files below what was dropped; a folder gives its entries a hundred at a time.
const filesOf = async (entry) => {
  if (entry.isFile) {
    const file = await new Promise((resolve) => entry.file(resolve, () => resolve(null)));
    return file ? [[file, entry.fullPath.replace(/^\//, "")]] : [];
  }
  const reader = entry.createReader();
  const found = [];
  for (;;) {
    const some = await new Promise((resolve) => reader.readEntries(resolve, () => resolve([])));
    if (!some.length) return found;
    for (const one of some) found.push(...(await filesOf(one)));
  }
};

pick.addEventListener("change", () => {
  addFiles([...pick.files].map((file) => [file, file.name]));
  pick.value = "";
});
for (const name of ["dragenter", "dragover"]) {
  drop.addEventListener(name, (event) => {
    event.preventDefault();
    drop.classList.add("over");
  });
}
drop.addEventListener("dragleave", (event) => {
  if (!drop.contains(event.relatedTarget)) drop.classList.remove("over");
});
drop.addEventListener("drop", async (event) => {
  event.preventDefault();
  drop.classList.remove("over");
  // Read at once: the browser drops them when the event is over.
  const plain = [...event.dataTransfer.files].map((file) => [file, file.name]);
  const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  const below = entries.length ? (await Promise.all(entries.map(filesOf))).flat() : plain;
  const files = below.filter(isSeen);
  if (files.length) addFiles(files);
  else said.textContent = "No file was found in that.";
});
byAddress.addEventListener("submit", (event) => {
  event.preventDefault();
  const box = byAddress.querySelector("input");
  const address = box.value.trim();
  if (!address || isBusy()) return;
  box.value = "";
  add([{ body: JSON.stringify({ urls: [address] }), what: address }]);
});
report.querySelector("button").addEventListener("click", () => {
  report.hidden = true;
  element.querySelector("h2").focus();
});
