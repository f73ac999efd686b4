// usage: node sign-request.mjs KEY_PEM ATTESTATION SUBJECT [SAN ...] > SignCertRequest JSON
// Builds and signs a version 2 certificate request from the documents alone.
import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { bool, bytes, compact, optionU64, text } from './scale.mjs';

const [keyFile, attestationFile, subject, ...names] = process.argv.slice(2);
const key = createPrivateKey(readFileSync(keyFile));
const request = Buffer.concat([
  text('please sign cert:'),
  bytes(createPublicKey(key).export({ type: 'spki', format: 'der' })),
  bool(false), // no organisation name
  text(subject),
  Buffer.concat([compact(names.length), ...names.map(text)]),
  bool(true), // server authentication
  bool(true), // client authentication
  bool(true), // with attestation
  bool(true), // with app info
  optionU64(undefined),
  optionU64(undefined),
  readFileSync(attestationFile),
]);
console.log(JSON.stringify({
  api_version: 2,
  csr: request.toString('hex'),
  signature: sign('sha256', request, key).toString('hex'),
  vm_config: '',
}));
