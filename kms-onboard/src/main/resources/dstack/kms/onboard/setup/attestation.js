// What to register with the authority, and the commands that do it.

import { attestationInfo } from "./api.js";
import { byId, copyable, make, say, show } from "./dom.js";

const DUMMY_DEVICE = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

const WRONG_IMAGE = "The evidence of this machine names no OS image, and that is denied. The likely cause is the "
  + "wrong variant of the image: deploy the one whose archive ends in -uki.tar.gz.";

const value = (name, text) => [make("dt", {}, name), make("dd", {}, text)];

const hex = (name, digits) => [make("dt", {}, name), make("dd", {}, copyable(`0x${digits}`, name))];

const commandItem = (command) => make("li", {}, copyable(command, command));

function warnings(info) {
  const found = [];
  if (info.os_image_hash === "") {
    found.push(WRONG_IMAGE);
  }
  if (info.device_id === DUMMY_DEVICE) {
    found.push("This device id is the hash of nothing, a dummy value: never register it.");
  }
  return found;
}

function values(info) {
  const rows = [...value("TEE variant", info.tee_variant || info.attestation_mode)];
  if (info.ppid !== "") {
    rows.push(...hex("PPID", info.ppid));
  }
  rows.push(...hex("Device id", info.device_id), ...hex("MR aggregated", info.mr_aggregated));
  rows.push(...(info.os_image_hash === "" ? value("OS image hash", "none") : hex("OS image hash", info.os_image_hash)));
  if (info.eth_rpc_url !== "") {
    rows.push(...value("RPC URL", info.eth_rpc_url));
  }
  if (contract(info) !== "") {
    rows.push(...value("Contract", make("code", {}, contract(info))));
  }
  return rows;
}

/** The contract's address; authorities without a chain name none, or only zeros. */
const contract = (info) => (/^(0x)?0*$/.test(info.kms_contract_address) ? "" : info.kms_contract_address);

/** Each value with its command and its task; nothing that must never be registered. */
function registrations(info) {
  return [
    ["image", "kms:add-image", info.os_image_hash],
    ["mr", "kms:add", info.mr_aggregated],
    ["device", "kms:add-device", info.device_id === DUMMY_DEVICE ? "" : info.device_id],
  ].filter(([, , digits]) => digits !== "");
}

function render(info) {
  say("attestation-note", warnings(info).join(" "));
  byId("attestation-note").classList.toggle("bad", warnings(info).length > 0);
  byId("attestation-values").replaceChildren(...values(info));
  const option = contract(info) === "" ? "" : ` --kms ${contract(info)}`;
  byId("commands").replaceChildren(
    ...registrations(info).map(([noun, , digits]) => commandItem(`kms gov ${noun} add 0x${digits}${option}`)),
  );
  byId("old-commands").replaceChildren(
    ...registrations(info).map(([, task, digits]) => commandItem(`npx hardhat ${task} 0x${digits} --network custom`)),
  );
  show("registration", true);
}

/** Reads and shows the values; true once they are there. */
export async function showAttestation() {
  try {
    render(await attestationInfo());
    return true;
  } catch (error) {
    say("attestation-note", error.message);
    byId("attestation-note").classList.add("bad");
    return false;
  }
}
