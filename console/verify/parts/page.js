"use strict";

const el = (id) => document.getElementById(id);
const rowsAtOnce = 50;
const tongues = JSON.parse(el("words").textContent); // English first
let tongue = tongues[0];

let worker = null;   // runs the verifier
let ready = false;
let busy = false;
let waiting = null;  // what to check once the verifier runs
let chosen = null;   // the file
let view = null;
let took = null;     // ms of a check whose verdict is not shown yet
let shown = 0;
let all = false;     // and that is all
let asked = 0;       // which timeline is shown: a late answer to an earlier one is dropped
let last = ["starting", {}]; // what the page says of its work

// make returns an element with a class and text. Text is never read as anything else.
function make(name, classes, text) {
  const node = document.createElement(name);
  if (classes) {
    node.className = classes;
  }
  if (text !== undefined) {
    node.textContent = text;
  }
  return node;
}

// own is make for a text that stands in its own language, whatever that of the page is.
function own(name, classes, text) {
  const node = make(name, classes, text);
  node.dir = "auto";
  return node;
}

// words returns a text of the page. Its keys are those of the catalogue, without "verifypage." where they begin so.
const words = (key) => tongue.texts["verifypage." + key] ?? tongue.texts[key];

// pieces returns the nodes of a text: commands and ids run from left to right, names keep their own direction.
function pieces(key, args) {
  return words(key).split(/(\{\w+\})/).flatMap((part) => {
    const name = part.startsWith("{") ? part.slice(1, -1) : "";
    switch (name) {
      case "": return [part];
      case "count": return [String(args.count)];
      case "command": return args.command.split("|").flatMap((one, i) => [i > 0 ? words("list.comma") : "", make("code", "", one)]);
      case "id": case "took": return [make("code", "", args[name])];
      default: return [own("bdi", "", args[name])];
    }
  });
}

function say(key, args) {
  last = [key, args || {}];
  el("said").replaceChildren(...pieces(...last));
}

// speak says the page in a language.
function speak(language) {
  tongue = tongues.find((one) => one.language === language) || tongues[0];
  document.documentElement.lang = tongue.language;
  document.documentElement.dir = tongue.rtl ? "rtl" : "ltr";
  document.title = "Parley: " + words("title");
  for (const place of document.querySelectorAll("[data-said]")) {
    place.replaceChildren(...pieces(place.dataset.said, place.dataset));
  }
  for (const place of document.querySelectorAll("[data-said-label]")) {
    place.setAttribute("aria-label", words(place.dataset.saidLabel));
  }
  el("language").value = tongue.language;
  el("unreviewed").hidden = tongue.reviewed;
  say(...last);
  if (ready) {
    worker.postMessage({ type: "speak", language: tongue.language });
  }
}

// first returns the language that the address names, or the one of the page's that the browser likes best. A
// page from a file has no other place that stays: what is chosen stands in the address.
function first() {
  const known = (tag) => tongues.some((one) => one.language === tag);
  return [location.hash.slice(1), ...navigator.languages].map((tag) => tag.toLowerCase().split("-")[0]).find(known);
}

// start begins a verifier, in place of one that is still at work.
function start() {
  if (worker) {
    worker.terminate();
  }
  ready = busy = false;
  const url = URL.createObjectURL(new Blob([el("worker-source").textContent], { type: "text/javascript" }));
  worker = new Worker(url);
  worker.onmessage = (event) => hear(event.data);
  worker.onerror = (event) => failed(event.message || words("stopped-start"));
  worker.postMessage({ type: "load", wasm: el("wasm").textContent });
}

function failed(text) {
  busy = ready = false;
  el("progress").hidden = true;
  say("stopped", { text, command: "parley verify" });
}

function hear(message) {
  switch (message.type) {
    case "ready":
      ready = true;
      worker.postMessage({ type: "speak", language: tongue.language });
      el("file").disabled = false;
      if (waiting) {
        check(waiting);
      } else {
        say("ready");
      }
      break;
    case "progress":
      el("progress").value = message.part;
      break;
    case "view":
      finished(message);
      break;
    case "said":
      told(message.view);
      break;
    case "rows":
      if (message.asked === asked) {
        addRows(message.rows);
      }
      break;
    case "ended":
      failed(words("stopped-end"));
      break;
    case "failed":
      failed(message.text);
      break;
  }
}

function check(file) {
  chosen = file;
  if (!ready || busy) {
    waiting = file;
    if (busy) {
      start();
    }
    return;
  }
  waiting = took = null;
  busy = true;
  delete document.documentElement.dataset.tookMs;
  el("result").hidden = true;
  el("trust-said").textContent = "";
  el("again").disabled = true;
  el("progress").value = 0;
  el("progress").hidden = false;
  say("checking", { file: file.name });
  worker.postMessage({ type: "check", file, trust: el("trust").value });
}

function finished(message) {
  busy = false;
  el("progress").hidden = true;
  el("again").disabled = false;
  if (message.view.error) {
    say("not-checked");
    el("trust-said").textContent = message.view.error;
    return;
  }
  took = message.tookMs;
  told(message.view);
}

// told shows what the verifier says, but for what it said in a language that is the page's no more: the same follows
// in the one that is.
function told(said) {
  if (said.headlines.at(-1).language !== tongue.language) {
    return;
  }
  view = said;
  if (took === null) {
    show();
  } else {
    showFirst();
  }
}

function showFirst() {
  el("result").hidden = false;
  el("party").value = el("kind").value = "";
  show();
  say("checked", { file: chosen.name, count: chosen.size, took: (took / 1000).toFixed(2) });
  document.documentElement.dataset.tookMs = Math.round(took);
  took = null;
  el("head").focus({ preventScroll: true });
  el("verdict").scrollIntoView({ block: "start" });
}

function show() {
  showVerdict();
  showWrong();
  showSigners();
  showTranscripts();
  showAgreements();
  showChecks();
  fillFilters();
  timeline();
}

function showVerdict() {
  const h = view.headlines.find((one) => one.language === tongue.language) || view.headlines[0];
  el("verdict").className = view.tone;
  el("headline").lang = h.language;
  el("headline").dir = h.rtl ? "rtl" : "ltr";
  el("head").textContent = h.head;
  el("means").replaceChildren(...h.means.map((text) => make("p", "", text)));
  el("line").textContent = view.verdict;
}

function showWrong() {
  el("wrong-part").hidden = view.wrong.length === 0;
  el("wrong").replaceChildren(...view.wrong.map((f) => {
    const item = make("li");
    item.append(make("code", "", f.name), f.entry ? " " : "", make("code", "", f.entry), ": ", own("bdi", "why", f.why));
    if (f.words) {
      item.append(make("br"), make("span", "quiet small", words("must") + " " + f.words));
    }
    return item;
  }));
}

function showSigners() {
  el("signers").replaceChildren(...view.signers.map((s) => {
    const row = make("tr");
    const party = make("td");
    party.append(own("bdi", "", s.party));
    const print = make("td");
    print.append(make("code", "code", s.fingerprint));
    row.append(party, print, make("td", "", s.known));
    return row;
  }));
  if (view.signers.length === 0) {
    const row = make("tr");
    const cell = make("td", "", words("nobody"));
    cell.colSpan = 3;
    row.append(cell);
    el("signers").append(row);
  }
}

function showTranscripts() {
  el("transcripts").replaceChildren(...view.transcripts.map((t) => {
    const card = make("div", "card side-" + t.name.slice(-1));
    const list = make("ul");
    list.append(...t.lines.map((line) => make("li", line.part ? "part" : "", line.text)));
    card.append(make("h3", "", t.title.charAt(0).toLocaleUpperCase(tongue.language) + t.title.slice(1)), list);
    return card;
  }));
  if (view.transcripts.length === 0) {
    el("transcripts").append(make("p", "", words("nothing")));
  }
}

function showAgreements() {
  el("agreements-part").hidden = view.agreements.length === 0;
  el("agreements").replaceChildren(...view.agreements.map((a) => {
    const box = make("details");
    const id = make("p", "small");
    id.append(make("code", "code", a.id));
    box.append(make("summary", "", a.title), id);
    if (a.language !== tongue.language) {
      const note = make("p", "small quiet");
      note.append(...pieces("in-english", { command: "parley agreement explain" }));
      box.append(note);
    }
    const text = own("pre", "own", a.explained.trim());
    text.lang = a.language;
    text.tabIndex = 0;
    box.append(text);
    return box;
  }));
}

function showChecks() {
  el("passed").replaceChildren(...pieces("passed", { count: view.checks.length }),
    ...view.wrong.length > 0 ? [words("list.semicolon"), ...pieces("failed", { count: view.wrong.length })] : []);
  el("checks").replaceChildren(...view.checks.map((f) => {
    const item = make("li");
    item.append(make("code", "", f.name), f.words ? ": " + f.words : "");
    return item;
  }));
  el("text").textContent = view.text;
  el("stated-part").hidden = view.stated === "";
  el("stated").textContent = view.stated.trim();
}

function fillFilters() {
  const fill = (id, every, values, name) => {
    const was = el(id).value; // another language changes no choice
    el(id).replaceChildren(...["", ...values].map((value) => {
      const option = make("option", "", value ? name(value) : every);
      option.value = value;
      return option;
    }));
    el(id).value = values.includes(was) ? was : "";
  };
  fill("party", words("both"), [...new Set(view.transcripts.map((t) => t.author))], (value) => value);
  fill("kind", words("all"), view.kinds, (value) => kindWords(value) ? kindWords(value) + " (" + value + ")" : value);
}

// kindWords says a kind of entry, where there are words for it.
const kindWords = (kind) => words("entry." + kind.replaceAll(".", "-"));

// timeline begins the list of entries anew.
function timeline() {
  shown = 0;
  asked++;
  el("rows").replaceChildren();
  el("count").textContent = "";
  worker.postMessage({ type: "timeline", party: el("party").value, kind: el("kind").value });
  moreRows();
}

function moreRows() {
  el("more").disabled = true;
  worker.postMessage({ type: "rows", count: rowsAtOnce, asked });
}

function addRows(answer) {
  const first = el("rows").childElementCount;
  el("rows").append(...answer.rows.map(row));
  shown += answer.rows.length;
  all = answer.done;
  el("count").replaceChildren(...pieces(all ? "shown-all" : "shown", { count: shown }));
  el("more").hidden = all;
  el("more").disabled = false;
  if (first > 0 && el("rows").children[first]) {
    el("rows").children[first].tabIndex = -1;
    el("rows").children[first].focus({ preventScroll: true });
  }
}

function row(r) {
  const item = make("li", "side-" + r.side + (r.kind ? "" : " absent"));
  const head = make("h3");
  head.append(own("bdi", "", r.party), r.kind && kindWords(r.kind) ? make("span", "", kindWords(r.kind)) : "",
    r.kind ? make("code", "kind", r.kind) : "", make("code", "name", r.entry));
  item.append(head);
  if (r.remark) {
    item.append(make("p", "tag", r.remark));
  }
  if (r.times.length > 0) {
    const times = make("ul", "times");
    times.append(...r.times.map((t) => {
      const one = make("li");
      one.append(make("span", "what", t.what), make("span", "time", t.time), make("span", "clock", t.clock));
      return one;
    }));
    item.append(times);
  }
  if (r.fields.length > 0) {
    const fields = make("dl", "fields");
    for (const f of r.fields) {
      const value = make("dd");
      const text = f.text ? own("bdi", "value", f.value) : make("bdi", "value json", f.value);
      value.append(text);
      if (!f.told) {
        value.append(" ", make("span", "tag", words("untold")));
      }
      const name = make("dt");
      name.append(make("code", "", f.name));
      fields.append(name, value);
    }
    item.append(fields);
  }
  if (r.left) {
    item.append(make("p", "left", r.left));
  }
  return item;
}

function save() {
  const link = make("a");
  link.href = URL.createObjectURL(new Blob([view.text], { type: "text/plain" }));
  link.download = chosen.name + ".report.txt";
  link.click();
  URL.revokeObjectURL(link.href);
}

// take takes the first file of a list.
function take(files) {
  if (files.length > 1) {
    say("one");
  } else if (files.length === 1) {
    check(files[0]);
  }
}

el("file").addEventListener("change", (event) => take(event.target.files));
for (const name of ["dragover", "drop", "dragleave"]) {
  window.addEventListener(name, (event) => {
    event.preventDefault();
    el("drop").classList.toggle("over", name === "dragover");
    if (name === "drop") {
      take(event.dataTransfer.files);
    }
  });
}
el("again").addEventListener("click", () => { if (chosen) { check(chosen); } });
el("language").replaceChildren(...tongues.map((one) => {
  const option = make("option", "", one.name);
  option.value = option.lang = one.language;
  return option;
}));
el("language").addEventListener("change", () => {
  speak(el("language").value);
  location.replace("#" + tongue.language);
});
window.addEventListener("hashchange", () => { if (first() !== tongue.language) { speak(first()); } });
el("party").addEventListener("change", timeline);
el("kind").addEventListener("change", timeline);
el("more").addEventListener("click", moreRows);
el("save").addEventListener("click", save);
el("print").addEventListener("click", () => window.print());
window.addEventListener("beforeprint", () => {
  for (const box of document.querySelectorAll("#result details")) {
    box.open = true;
  }
});
el("download").hidden = !location.protocol.startsWith("http");
speak(first());
if (typeof WebAssembly !== "object" || typeof DecompressionStream !== "function") {
  say("old", { command: "parley verify" });
} else {
  start();
}
