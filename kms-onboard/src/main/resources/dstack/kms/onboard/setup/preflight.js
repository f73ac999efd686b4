// What stands between this machine and its keys, shown anew whenever it changes.

import { preflight } from "./api.js";
import { byId, copyable, make, say } from "./dom.js";

const MARKS = { good: "✓ good", bad: "✗ in the way", left_out: "– not looked at" };

const shown = new Map(); // by the check's id, what stands there now

function item(check) {
  const mark = make("strong", { class: `mark ${check.state}` }, MARKS[check.state]);
  const entry = make("li", { id: `check-${check.id}`, "data-state": check.state },
    mark, " ", check.question, " ", make("span", { class: "says" }, check.says));
  if (check.advice !== "") {
    entry.append(make("p", { class: "advice" }, check.advice));
  }
  if (check.command !== "") {
    entry.append(copyable(check.command, "the command"));
  }
  return entry;
}

/** Replaces only what says something else now: a focused button must not vanish. */
function render(report) {
  for (const check of report.checks) {
    const now = JSON.stringify(check);
    if (shown.get(check.id) !== now) {
      const old = byId(`check-${check.id}`);
      old === null ? byId("preflight-checks").append(item(check)) : old.replaceWith(item(check));
      shown.set(check.id, now);
    }
  }
  say("preflight-verdict", report.ready ? "Nothing stands in the way." : "Something stands in the way.");
  byId("preflight-verdict").className = report.ready ? "good" : "bad";
  byId("preflight-time").textContent = `Looked at ${report.at}; looks again by itself.`;
}

/** Asks once and shows the answer; true if evidence could be made and verified. */
export async function showPreflight() {
  try {
    const report = await preflight();
    render(report);
    return report.checks.some((check) => check.id === "verification" && check.state === "good");
  } catch (error) {
    say("preflight-verdict", error.message);
    return false;
  }
}
