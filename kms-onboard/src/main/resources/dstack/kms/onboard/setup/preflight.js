// What stands between this machine and its keys, shown anew whenever it changes.

import { preflight } from "./api.js";
import { byId, copyable, make, say } from "./dom.js";

const MARKS = { good: "✓ good", bad: "✗ in the way", left_out: "– not looked at" };

let shown = "";

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

/** Rebuilds the list only if it says something else: a focused button must not vanish. */
function render(report) {
  const now = JSON.stringify(report.checks);
  if (now !== shown) {
    shown = now;
    byId("preflight-checks").replaceChildren(...report.checks.map(item));
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
