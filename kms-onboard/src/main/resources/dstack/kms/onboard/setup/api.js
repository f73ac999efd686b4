// The calls that this page makes, all to the server that it came from.

/** What went wrong, in words for the person in front of the page. */
export class Refused extends Error {}

const GONE = "The server does not answer. If set-up was finished elsewhere, it serves over HTTPS now; "
  + "otherwise look at its log.";

async function answer(path, options) {
  let response;
  try {
    response = await fetch(path, { cache: "no-store", credentials: "omit", redirect: "error", ...options });
  } catch {
    throw new Refused(GONE);
  }
  return { ok: response.ok, text: await response.text() };
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

async function json(path, options) {
  const { ok, text } = await answer(path, options);
  const value = parsed(text);
  if (!ok) {
    throw new Refused(value.error ?? text);
  }
  return value;
}

const tokenHeader = (token) => (token === "" ? {} : { "X-Onboard-Token": token });

export const status = () => json("/setup/status");
export const preflight = () => json("/setup/preflight");
export const attestationInfo = () => json("/prpc/Onboard.GetAttestationInfo?json");

export const call = (method, body, token) =>
  json(`/prpc/Onboard.${method}?json`, {
    method: "POST",
    headers: { "Content-Type": "application/json", ...tokenHeader(token) },
    body: JSON.stringify(body),
  });

export async function finish(token) {
  const { ok, text } = await answer("/finish", { headers: tokenHeader(token) });
  if (!ok) {
    throw new Refused(text);
  }
}
