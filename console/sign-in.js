"use strict";

const el = (id) => document.getElementById(id);
const say = (text) => { el("said").textContent = text; };

// ask sends a request of the node's API and returns its answer, or throws what it says.
async function ask(method, path, body) {
  const init = { method, credentials: "same-origin", headers: {} };
  if (body !== undefined) {
    init.headers["Content-Type"] = "application/json";
    init.body = JSON.stringify(body);
  }
  const response = await fetch(path, init);
  const answer = await response.json();
  if (!response.ok) {
    const error = new Error([answer.field, answer.rule].filter(Boolean).join(" ") + (answer.hint ? "; " + answer.hint : ""));
    error.status = response.status;
    throw error;
  }
  return answer;
}

function row(passkey) {
  const item = document.createElement("li");
  const copied = passkey.copied ? ", may have been copied and counts no more" : "";
  const used = passkey.used ? ", last used " + passkey.used : ", not used yet";
  item.textContent = passkey.officer + ": " + passkey.name + ", added " + passkey.added + used + copied + " ";
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Remove";
  button.setAttribute("aria-label", "Remove the passkey " + passkey.name + " of " + passkey.officer);
  button.addEventListener("click", () => step("Removing.", async () => {
    await ask("POST", "/v1/passkeys/" + encodeURIComponent(passkey.id) + "/remove");
    return "Removed " + passkey.name + ".";
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
    el("who").textContent = who.name + ", " + who.role + (who.expires ? ", until " + who.expires : "");
    el("list").replaceChildren(...(await ask("GET", "/v1/passkeys")).passkeys.map(row));
  }
}

// step does one thing that a person asked for, says how it went, and shows how things stand then.
async function step(before, what) {
  say(before);
  let text;
  try {
    text = await what();
  } catch (error) {
    text = "That did not work: " + error.message;
  }
  try {
    await show();
  } catch (error) {
    text = "The node cannot be asked: " + error.message;
  }
  say(text);
}

async function register(invitation, name) {
  const begun = await ask("POST", "/v1/passkeys/begin", { invitation });
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(begun.options.publicKey);
  const credential = await navigator.credentials.create({ publicKey });
  const made = await ask("POST", "/v1/passkeys/finish", { ceremony: begun.ceremony, name, credential: credential.toJSON() });
  el("register").reset();
  return "Registered " + made.name + " for " + made.officer + ". Sign in with it now.";
}

async function signIn() {
  const begun = await ask("POST", "/v1/session/begin");
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(begun.options.publicKey);
  const credential = await navigator.credentials.get({ publicKey });
  const who = await ask("POST", "/v1/session/finish", { ceremony: begun.ceremony, credential: credential.toJSON() });
  return "Signed in as " + who.name + ".";
}

el("sign-in").addEventListener("click", () => step("Waiting for your passkey.", signIn));
el("sign-out").addEventListener("click", () => step("Signing out.", async () => {
  await ask("POST", "/v1/session/end");
  return "Signed out.";
}));
el("register").addEventListener("submit", (event) => {
  event.preventDefault();
  step("Waiting for your authenticator.", () => register(el("invitation").value, el("name").value));
});
step("Asking the node.", async () => {
  if (!window.PublicKeyCredential || !PublicKeyCredential.parseRequestOptionsFromJSON) {
    throw new Error("this browser has no passkeys, or is too old for them");
  }
  return "Ready.";
});
