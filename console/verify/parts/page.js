"use strict";

const el = (id) => document.getElementById(id);
const say = (text) => { el("said").textContent = text; };
const rowsAtOnce = 50;

let worker = null;   // runs the verifier
let ready = false;
let busy = false;
let waiting = null;  // what to check once the verifier runs
let chosen = null;   // the file
let view = null;
let shown = 0;
let asked = 0;       // which timeline is shown: a late answer to an earlier one is dropped

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

// said is make for a text in the language that was chosen, which may run from right to left.
function said(name, classes, text) {
  const node = make(name, classes, text);
  node.dir = "auto";
  return node;
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
  worker.onerror = (event) => failed(event.message || "the browser did not start it");
  worker.postMessage({ type: "load", wasm: el("wasm").textContent });
}

function failed(text) {
  busy = ready = false;
  el("progress").hidden = true;
  say("The verifier stopped, and nothing is said of the file: " + text + ". Load this page again, or check the file with parley verify.");
}

function hear(message) {
  switch (message.type) {
    case "ready":
      ready = true;
      el("file").disabled = false;
      if (waiting) {
        check(waiting);
      } else {
        say("Ready.");
      }
      break;
    case "progress":
      el("progress").value = message.part;
      break;
    case "view":
      finished(message);
      break;
    case "said":
      view = message.view;
      show();
      break;
    case "rows":
      if (message.asked === asked) {
        addRows(message.rows);
      }
      break;
    case "ended":
      failed("it ended by itself");
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
  waiting = null;
  busy = true;
  el("result").hidden = true;
  el("trust-said").textContent = "";
  el("again").disabled = true;
  el("progress").value = 0;
  el("progress").hidden = false;
  say("Checking " + file.name + ".");
  worker.postMessage({ type: "check", file, trust: el("trust").value });
}

function finished(message) {
  busy = false;
  el("progress").hidden = true;
  el("again").disabled = false;
  if (message.view.error) {
    say("Not checked.");
    el("trust-said").textContent = message.view.error;
    return;
  }
  view = message.view;
  el("result").hidden = false;
  el("party").value = el("kind").value = "";
  show();
  say("Checked " + chosen.name + ", " + chosen.size.toLocaleString("en") + " bytes, in " + (message.tookMs / 1000).toFixed(2) + " s.");
  document.documentElement.dataset.tookMs = Math.round(message.tookMs);
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
  const languages = el("language");
  const was = languages.value || "en";
  languages.replaceChildren(...view.headlines.map((h) => {
    const option = make("option", "", h.name);
    option.value = h.language;
    option.lang = h.language;
    return option;
  }));
  languages.value = was;
  el("verdict").className = view.tone;
  el("line").textContent = view.verdict;
  showHeadline();
}

function showHeadline() {
  const h = view.headlines.find((one) => one.language === el("language").value) || view.headlines[0];
  const box = el("headline");
  box.lang = h.language;
  box.dir = h.rtl ? "rtl" : "ltr";
  el("head").textContent = h.head;
  el("means").replaceChildren(...h.means.map((text) => make("p", "", text)));
  el("unreviewed").hidden = h.reviewed || h.language === "en";
}

function showWrong() {
  el("wrong-part").hidden = view.wrong.length === 0;
  el("wrong").replaceChildren(...view.wrong.map((f) => {
    const item = make("li");
    item.append(make("strong", "", f.name), f.entry ? " at " : "", make("span", "code", f.entry), ": ", make("bdi", "why", f.why));
    if (f.words) {
      item.append(make("br"), make("span", "quiet small", "What must hold: " + f.words));
    }
    return item;
  }));
}

function showSigners() {
  el("signers").replaceChildren(...view.signers.map((s) => {
    const row = make("tr");
    row.append(make("td", "", s.party), make("td", "code", s.fingerprint), said("td", "", s.known));
    return row;
  }));
  if (view.signers.length === 0) {
    const row = make("tr");
    const cell = make("td", "", "nobody whose signature on an agreement holds");
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
    card.append(make("h3", "", t.title.charAt(0).toUpperCase() + t.title.slice(1)), list);
    return card;
  }));
  if (view.transcripts.length === 0) {
    el("transcripts").append(make("p", "", "Nothing that could be read."));
  }
}

function showAgreements() {
  el("agreements-part").hidden = view.agreements.length === 0;
  el("agreements").replaceChildren(...view.agreements.map((a) => {
    const box = make("details");
    box.append(make("summary", "", a.title), make("p", "small code", "id " + a.id), make("pre", "", a.explained.trim()));
    return box;
  }));
}

function showChecks() {
  el("passed").textContent = view.checks.length + " checks passed" + (view.wrong.length > 0 ? "; found wrong: " + view.wrong.length : "");
  el("checks").replaceChildren(...view.checks.map((f) => {
    const item = make("li");
    item.append(make("strong", "", f.name), f.words ? ": " + f.words : "");
    return item;
  }));
  el("text").textContent = view.text;
  el("stated-part").hidden = view.stated === "";
  el("stated").textContent = view.stated.trim();
}

function fillFilters() {
  const fill = (id, all, values) => {
    const was = el(id).value; // another language changes no choice
    el(id).replaceChildren(...["", ...values].map((value) => {
      const option = make("option", "", value || all);
      option.value = value;
      return option;
    }));
    el(id).value = values.includes(was) ? was : "";
  };
  fill("party", "both", [...new Set(view.transcripts.map((t) => t.author))]);
  fill("kind", "all", view.kinds);
}

// timeline begins the list of entries anew.
function timeline() {
  shown = 0;
  asked++;
  el("rows").replaceChildren();
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
  el("count").textContent = answer.done ? shown + " shown, which is all." : shown + " shown.";
  el("more").hidden = answer.done;
  el("more").disabled = false;
  if (first > 0 && el("rows").children[first]) {
    el("rows").children[first].tabIndex = -1;
    el("rows").children[first].focus({ preventScroll: true });
  }
}

function row(r) {
  const item = make("li", "side-" + r.side + (r.kind ? "" : " absent"));
  const head = make("h3");
  head.append(make("span", "", r.party), r.kind ? make("span", "code", r.kind) : "", make("span", "name", r.entry));
  item.append(head);
  if (r.remark) {
    item.append(said("p", "tag", r.remark));
  }
  if (r.times.length > 0) {
    const times = make("ul", "times");
    times.append(...r.times.map((t) => {
      const one = make("li");
      one.append(said("span", "what", t.what), make("span", "time", t.time), said("span", "clock", t.clock));
      return one;
    }));
    item.append(times);
  }
  if (r.fields.length > 0) {
    const fields = make("dl", "fields");
    for (const f of r.fields) {
      const value = make("dd");
      const text = make("bdi", f.text ? "value" : "value json", f.value);
      text.dir = "auto";
      value.append(text);
      if (!f.told) {
        value.append(" ", make("span", "tag", "the other party was not told this"));
      }
      fields.append(make("dt", "", f.name), value);
    }
    item.append(fields);
  }
  if (r.left) {
    item.append(said("p", "left", r.left));
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
    say("Give one file at a time.");
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
el("language").addEventListener("change", () => {
  showHeadline();
  worker.postMessage({ type: "speak", language: el("language").value });
});
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
if (typeof WebAssembly !== "object" || typeof DecompressionStream !== "function") {
  say("This browser is too old for this page. Check the file with parley verify.");
} else {
  start();
}
