"use strict";

const el = (id) => document.getElementById(id);

// The texts of the page in the language asked for, as the node's catalogue has them, and of what it said
// last.
let texts = {};
let rightToLeft = false;
let last = null;

// words says a key with its arguments. What people wrote stands between isolates where the page runs from
// right to left, so that it does not turn what is beside it about.
function words(key, args) {
  return (texts[key] || key).replace(/\{(\w+)\}/g, (all, name) => {
    const value = String((args || {})[name] ?? "").replace(/[\u202a-\u202e\u2066-\u2069]/g, "");
    return rightToLeft ? "\u2068" + value + "\u2069" : value;
  });
}

function say(key, args) {
  last = [key, args];
  el("said").textContent = words(key, args);
}

// speak asks for a language and says the page in it. Without one, that which the browser likes.
async function speak(language) {
  const headers = language ? { "Accept-Language": language } : {};
  const response = await fetch("/sign-in.json", { headers });
  const said = await response.json();
  texts = said.texts;
  rightToLeft = said.direction === "rtl";
  document.documentElement.lang = said.language;
  document.documentElement.dir = said.direction;
  for (const place of document.querySelectorAll("[data-said]")) {
    if (place.id !== "said") {
      place.textContent = words(place.dataset.said);
    }
  }
  el("language").replaceChildren(...said.languages.map((l) => {
    const option = document.createElement("option");
    option.value = option.lang = l.language;
    option.textContent = l.name;
    option.selected = l.language === said.language;
    return option;
  }));
  if (last) {
    say(...last);
  }
}

// ask sends a request of the node's API and returns its answer, or throws what it says.
async function ask(method, path, body) {
  const init = { method, credentials: "same-origin", headers: { "Accept-Language": document.documentElement.lang } };
  if (body !== undefined) {
    init.headers["Content-Type"] = "application/json";
    init.body = JSON.stringify(body);
  }
  const response = await fetch(path, init);
  const answer = await response.json();
  if (!response.ok) {
    const language = document.documentElement.lang;
    const error = new Error(language !== "en" && answer.words ? answer.words : [answer.field, answer.rule].filter(Boolean).join(" ") + (answer.hint ? "; " + answer.hint : ""));
    error.status = response.status;
    throw error;
  }
  return answer;
}

function row(passkey) {
  const item = document.createElement("li");
  const about = { officer: passkey.officer, text: passkey.name };
  const parts = [words("sign.added", { ...about, moment: passkey.added })];
  parts.push(passkey.used ? words("sign.used", { moment: passkey.used }) : words("sign.unused"));
  if (passkey.copied) {
    parts.push(words("sign.copied"));
  }
  item.textContent = parts.join(texts["list.comma"]) + " ";
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = words("sign.remove");
  button.setAttribute("aria-label", words("sign.remove-of", about));
  button.addEventListener("click", () => step("sign.removing", async () => {
    await ask("POST", "/v1/passkeys/" + encodeURIComponent(passkey.id) + "/remove");
    return ["sign.removed", { text: passkey.name }];
  }));
  item.append(button);
  return item;
}

// show asks who is signed in and shows what he can do.
async function show() {
  let who = null;
  try {
    who = await ask("GET", "/v1/session");
  } catch (error) {
    if (error.status !== 401) {
      throw error;
    }
  }
  el("in").hidden = who === null;
  el("out").hidden = who !== null;
  if (who !== null) {
    const role = words("role." + who.role);
    el("who").textContent = who.expires ? words("sign.until", { officer: who.name, role, moment: who.expires }) : words("sign.who", { officer: who.name, role });
    el("list").replaceChildren(...(await ask("GET", "/v1/passkeys")).passkeys.map(row));
  }
}

// step does one thing that a person asked for, says how it went, and shows how things stand then.
async function step(before, what) {
  say(before);
  let said;
  try {
    said = await what();
  } catch (error) {
    said = ["sign.failed", { reason: error.message }];
  }
  try {
    await show();
  } catch (error) {
    said = ["sign.unreachable", { reason: error.message }];
  }
  say(...said);
}

async function register(invitation, name) {
  const begun = await ask("POST", "/v1/passkeys/begin", { invitation });
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(begun.options.publicKey);
  const credential = await navigator.credentials.create({ publicKey });
  const made = await ask("POST", "/v1/passkeys/finish", { ceremony: begun.ceremony, name, credential: credential.toJSON() });
  el("register").reset();
  return ["sign.registered", { text: made.name, officer: made.officer }];
}

async function signIn() {
  const begun = await ask("POST", "/v1/session/begin");
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(begun.options.publicKey);
  const credential = await navigator.credentials.get({ publicKey });
  const who = await ask("POST", "/v1/session/finish", { ceremony: begun.ceremony, credential: credential.toJSON() });
  if (location.search === "?console") {
    location.assign("/console/"); // back to what needs him now
  }
  return ["sign.as", { officer: who.name }];
}

el("sign-in").addEventListener("click", () => step("sign.wait-passkey", signIn));
el("sign-out").addEventListener("click", () => step("sign.signing-out", async () => {
  await ask("POST", "/v1/session/end");
  return ["sign.signed-out"];
}));
el("register").addEventListener("submit", (event) => {
  event.preventDefault();
  step("sign.wait-device", () => register(el("invitation").value, el("name").value));
});
el("language").addEventListener("change", async () => {
  await speak(el("language").value);
  await show();
});

async function begin() {
  await speak();
  await step("sign.asking", async () => {
    if (!window.PublicKeyCredential || !PublicKeyCredential.parseRequestOptionsFromJSON) {
      throw new Error(words("sign.no-passkeys"));
    }
    return ["sign.ready"];
  });
}
begin();
