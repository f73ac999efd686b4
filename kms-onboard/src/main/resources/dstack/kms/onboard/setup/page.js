// The set-up page: what the person does, and when the server is asked.

import * as api from "./api.js";
import { showAttestation } from "./attestation.js";
import { byId, copyable, make, say, show } from "./dom.js";
import { showPreflight } from "./preflight.js";
import { showError, showProgress, showResult } from "./status.js";

const CALM = 5000;
const BUSY = 400;

let known = null; // the last status document
let calling = false; // whether Bootstrap or Onboard is under way from this page
let bootstrapped = null; // what Bootstrap answered to this page
let finished = false;
let attested = true; // false once the first reading failed

const token = () => byId("token").value.trim();

function choose(form) {
  for (const id of ["choice", "bootstrap-form", "onboard-form"]) {
    show(id, id === form);
  }
  showError("");
  const first = byId(form).querySelector("input, button");
  first.focus();
}

function present(status) {
  const first = known === null;
  known = status;
  byId("version").textContent = status.version;
  show("token-part", status.token_needed);
  if (first) {
    byId("bootstrap-domain").value = status.domain ?? "";
    byId("onboard-domain").value = status.domain ?? "";
    byId("peers").replaceChildren(...status.peers.map((peer) => make("option", { value: peer })));
    byId("onboard-source").value = status.peers[0] ?? "";
  }
  showProgress(status.procedure);
  if (status.identity !== null) {
    say("state", "This node has its keys. Set-up can be finished.");
    for (const id of ["choice", "bootstrap-form", "onboard-form"]) {
      show(id, false);
    }
    show("setup", status.token_needed); // Finish needs the token too
    showResult(status.identity, bootstrapped);
    show("result", true);
  }
}

function busy(yes) {
  calling = yes;
  for (const button of document.querySelectorAll("#setup button")) {
    button.disabled = yes;
  }
}

/** One Bootstrap or Onboard: the answer is shown, or the error with what to do about it. */
async function setUp(method, form) {
  const fields = Object.fromEntries(new FormData(form));
  showError("");
  busy(true);
  const watching = watch();
  try {
    const answer = await api.call(method, fields, token());
    bootstrapped = method === "Bootstrap" ? answer : null;
    await watching.stop();
    await refreshStatus();
    byId("result-title").focus();
  } catch (error) {
    await watching.stop();
    await refreshStatus();
    const said = known?.procedure?.error === error.message ? known.procedure : {};
    showError(error.message, said.advice, said.command);
    form.querySelector("input").focus();
  } finally {
    busy(false);
  }
}

/** Shows the progress while a call is under way. */
function watch() {
  let going = true;
  const loop = (async () => {
    while (going) {
      await pause(BUSY);
      if (going) {
        await refreshStatus();
      }
    }
  })();
  return { stop: () => { going = false; return loop; } };
}

const pause = (milliseconds) => new Promise((done) => { setTimeout(done, milliseconds); });

async function refreshStatus() {
  try {
    present(await api.status());
  } catch (error) {
    if (!finished) {
      say("state", error.message);
    }
  }
}

async function finish() {
  byId("finish").disabled = true;
  try {
    await api.finish(token());
  } catch (error) {
    byId("finish").disabled = false;
    showError(error.message);
    return;
  }
  finished = true;
  const address = serviceAddress();
  byId("service").href = address;
  byId("service").textContent = address;
  byId("status-command").replaceChildren(make("li", {}, copyable(`kms status ${address}`, "the command")));
  for (const id of ["attestation", "preflight", "setup", "progress", "result"]) {
    show(id, false);
  }
  say("state", "This node serves.");
  show("final", true);
  byId("final-title").focus();
}

/** The service takes this page's port over where both are configured alike, whatever it is mapped to. */
function serviceAddress() {
  const host = known.domain ?? location.hostname;
  const port = known.same_port ? location.port || "80" : String(known.main_port);
  return `https://${host}${port === "443" ? "" : `:${port}`}`;
}

/** Looks again and again, but not while nobody sees it. */
async function keepLooking() {
  while (!finished) {
    if (!document.hidden && !calling) {
      await refreshStatus();
      if (known?.identity === null && (await showPreflight()) && !attested) {
        attested = await showAttestation();
      }
    }
    await pause(CALM);
  }
}

function wire() {
  byId("choose-bootstrap").addEventListener("click", () => choose("bootstrap-form"));
  byId("choose-onboard").addEventListener("click", () => choose("onboard-form"));
  for (const back of document.querySelectorAll(".back")) {
    back.addEventListener("click", () => choose("choice"));
  }
  for (const [id, method] of [["bootstrap-form", "Bootstrap"], ["onboard-form", "Onboard"]]) {
    byId(id).addEventListener("submit", (event) => {
      event.preventDefault();
      if (!calling) {
        setUp(method, event.target);
      }
    });
  }
  byId("finish").addEventListener("click", finish);
}

wire();
showAttestation().then((shown) => { attested = shown; });
keepLooking();
