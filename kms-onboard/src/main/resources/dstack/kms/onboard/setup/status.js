// The server's own account of the set-up: its steps, how the last attempt ended, the keys.

import { byId, copyable, make, say, show } from "./dom.js";

const MARKS = { waiting: "·", running: "…", done: "✓", failed: "✗" };
const WORDS = { waiting: "waiting", running: "under way", done: "done", failed: "failed" };

function step({ id, text, state, seconds }) {
  const took = state === "waiting" ? "" : ` (${seconds.toFixed(1)} s)`;
  return make("li", { id: `step-${id}`, "data-state": state },
    make("span", { class: "mark", "aria-hidden": "true" }, MARKS[state]),
    ` ${text}: `, make("span", { class: "state" }, WORDS[state]), took);
}

export function showProgress(procedure) {
  show("progress", procedure !== null);
  if (procedure === null) {
    return;
  }
  byId("steps").replaceChildren(...procedure.steps.map(step));
  const running = procedure.steps.find((each) => each.state === "running");
  say("says", procedure.says !== "" ? procedure.says : (running ? `Now ${running.text}.` : ENDED[procedure.state]));
}

const ENDED = { running: "", done: "Done.", failed: "It failed; nothing was changed." };

/** The error in the server's words, and below it what to do about it. */
export function showError(text, advice, command) {
  const parts = text === "" ? [] : [make("p", { class: "bad" }, text)];
  if (advice) {
    parts.push(make("p", { class: "advice" }, advice));
  }
  if (command) {
    parts.push(copyable(command, "the command"));
  }
  byId("error").replaceChildren(...parts);
}

const entry = (name, label, digits) =>
  [make("dt", {}, label), make("dd", { id: `result-${name}` }, copyable(`0x${digits}`, label))];

/** The keys that this node has now; evidence only where Bootstrap has just answered with it. */
export function showResult(identity, bootstrapped) {
  say("verdict", identity.says);
  byId("verdict").className = identity.verified ? "good" : "bad";
  const rows = [...entry("k256", "k256 public key", identity.k256_pubkey), ...entry("ca", "CA public key", identity.ca_pubkey)];
  if (bootstrapped) {
    const json = JSON.stringify({
      caPubkey: `0x${bootstrapped.ca_pubkey}`,
      k256Pubkey: `0x${bootstrapped.k256_pubkey}`,
      attestation: `0x${bootstrapped.attestation}`,
    }, null, 2);
    rows.push(make("dt", {}, "As JSON, with the attestation"),
      make("dd", {}, make("pre", { id: "result-json", tabindex: "0" }, json)));
  }
  byId("result-values").replaceChildren(...rows);
}
