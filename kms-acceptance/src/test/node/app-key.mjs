// usage: node app-key.mjs CERT_DIR APP_ID INSTANCE_ID < AppKeyResponse JSON
// Checks every key of an answer against an independent derivation from the root key files.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import * as keys from './keys.mjs';

const [folder, appHex, instanceHex] = process.argv.slice(2);
const app = Buffer.from(appHex, 'hex');
const instance = Buffer.from(instanceHex, 'hex');
const root = keys.scalarOfPem(readFileSync(`${folder}/root-ca.key`, 'utf8'));
const k256 = readFileSync(`${folder}/root-k256.key`);
const answer = JSON.parse(readFileSync(0, 'utf8'));

assert.equal(k256.length, 32);
assert.equal(answer.ca_cert, readFileSync(`${folder}/root-ca.crt`, 'utf8'));
assert.equal(answer.disk_crypt_key, keys.diskKey(root, app, instance).toString('hex'));
assert.equal(answer.env_crypt_key, keys.envKey(root, app).toString('hex'));
assert.equal(answer.k256_key, keys.appKey(k256, app).toString('hex'));
const signer = keys.recover(
  Buffer.from(answer.k256_signature, 'hex'),
  Buffer.from('dstack-kms-issued:'),
  app,
  keys.compressed(Buffer.from(answer.k256_key, 'hex')),
);
assert.deepEqual(signer, keys.compressed(k256));
assert.deepEqual(Object.keys(answer), [
  'ca_cert', 'disk_crypt_key', 'env_crypt_key', 'k256_key', 'k256_signature',
  'tproxy_app_id', 'gateway_app_id', 'os_image_hash',
]);
console.log('ok');
