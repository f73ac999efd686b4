// usage: node sdk.mjs APP_ID ROOT_K256_PUBLIC_KEY ENV_CRYPT_KEY < PublicKeyResponse JSON
// The published client package verifies both signatures and encrypts; the derived key opens it.
import assert from 'node:assert/strict';
import { createDecipheriv } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { peer } from './peers.mjs';

const sdk = await peer('@phala/dstack-sdk/verify-env-encrypt-public-key');
const { encryptEnvVars } = await peer('@phala/dstack-sdk/encrypt-env-vars');
const { x25519 } = await peer('@noble/curves/ed25519');
const [app, root, envKey] = process.argv.slice(2);
const answer = JSON.parse(readFileSync(0, 'utf8'));
const hex = (text) => Uint8Array.from(Buffer.from(text, 'hex'));

const v1 = sdk.verifyEnvEncryptPublicKey(
  hex(answer.public_key), hex(answer.signature_v1), app, answer.timestamp);
assert.equal(v1, `0x${root}`);
const v0 = sdk.verifyEnvEncryptPublicKeyLegacy(hex(answer.public_key), hex(answer.signature), app);
assert.equal(v0, `0x${root}`);
const other = `${app.slice(0, -1)}${app.endsWith('0') ? '1' : '0'}`;
assert.notEqual(
  sdk.verifyEnvEncryptPublicKey(hex(answer.public_key), hex(answer.signature_v1), other, answer.timestamp),
  `0x${root}`);

const variables = [{ key: 'GREETING', value: 'only for the enclave' }];
const sealed = Buffer.from(await encryptEnvVars(variables, answer.public_key), 'hex');
const shared = x25519.getSharedSecret(hex(envKey), sealed.subarray(0, 32));
const opener = createDecipheriv('aes-256-gcm', shared, sealed.subarray(32, 44));
opener.setAuthTag(sealed.subarray(-16));
const opened = Buffer.concat([opener.update(sealed.subarray(44, -16)), opener.final()]);
assert.deepEqual(JSON.parse(opened.toString()), { env: variables });
console.log('ok');
