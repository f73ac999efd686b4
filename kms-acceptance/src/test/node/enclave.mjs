// usage: node enclave.mjs URL ROOT_CA_FILE APP_ID KMS_PROGRAM SIMULATION_FOLDER
// A client of its own, written from docs/reference/wire.md: gets the keys of an application over
// RA-TLS and sealed, with evidence of the simulated platform, and verifies what comes.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash, generateKeyPairSync, randomBytes, sign, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import https from 'node:https';
import { peer } from './peers.mjs';

const { secp256k1 } = await peer('@noble/curves/secp256k1');
const { x25519 } = await peer('@noble/curves/ed25519');
const { keccak_256 } = await peer('@noble/hashes/sha3');
const { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } = await peer('@hpke/core');

const [url, rootFile, appHex, program, simulation] = process.argv.slice(2);
const root = readFileSync(rootFile, 'utf8');
const app = Buffer.from(appHex, 'hex');
const hex = (text) => Buffer.from(text, 'hex');
const sha256 = (...parts) => parts.reduce((h, part) => h.update(part), createHash('sha256')).digest();
const reportData = (tag, content) =>
  createHash('sha512').update(`${tag}:`).update(content).digest('hex');

const attest = (data) =>
  hex(execFileSync(program, ['sim', 'attest', '--dir', simulation, '--report-data', data],
    { encoding: 'utf8' }).trim());

const call = (method, body, tls = {}) => new Promise((resolve, reject) => {
  const request = https.request(`${url}/prpc/${method}?json`,
    { method: 'POST', ca: root, agent: false, ...tls }, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () => {
        const answer = JSON.parse(Buffer.concat(chunks).toString('utf8'));
        if (response.statusCode === 200) resolve(answer);
        else reject(new Error(`${method}: ${answer.error}`));
      });
    });
  request.on('error', reject);
  request.end(JSON.stringify(body));
});

// ---- DER, as much as a certificate needs

const der = (tag, ...contents) => {
  const content = Buffer.concat(contents);
  const short = content.length.toString(16);
  const digits = short.padStart(2 * Math.ceil(short.length / 2), '0');
  const length = content.length < 128
    ? Buffer.from([content.length])
    : Buffer.concat([Buffer.from([0x80 + digits.length / 2]), hex(digits)]);
  return Buffer.concat([Buffer.from([tag]), length, content]);
};
const sequence = (...items) => der(0x30, ...items);
const utcTime = (date) =>
  der(0x17, Buffer.from(date.toISOString().replace(/^..|[-:T]|\.[0-9]+/g, ''), 'ascii'));
const ecdsaWithSha256 = hex('300a06082a8648ce3d040302');
const name = sequence(der(0x31, sequence(hex('0603550403'), der(0x0c, Buffer.from('RA-TLS TEMP Cert')))));
const evidenceOid = hex('060a2b0601040183e73d0108'); // 1.3.6.1.4.1.62397.1.8

/** A certificate that the key issues for itself; the attestation lies in two OCTET STRINGs. */
const certificate = ({ privateKey, publicKey }, evidence) => {
  const now = Date.now();
  const tbs = sequence(
    der(0xa0, hex('020102')),
    der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    ecdsaWithSha256,
    name,
    sequence(utcTime(new Date(now - 86400e3)), utcTime(new Date(now + 86400e3))),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(sequence(evidenceOid, der(0x04, der(0x04, evidence))))),
  );
  const signature = sign('sha256', tbs, privateKey);
  const whole = sequence(tbs, ecdsaWithSha256, der(0x03, Buffer.from([0]), signature));
  return `-----BEGIN CERTIFICATE-----\n${whole.toString('base64').match(/.{1,64}/g).join('\n')}\n-----END CERTIFICATE-----\n`;
};

// ---- what the root k256 key signs

const signer = (signature, ...statement) => {
  assert.equal(signature.length, 65);
  return secp256k1.Signature.fromCompact(signature.subarray(0, 64))
    .addRecoveryBit(signature[64])
    .recoverPublicKey(keccak_256(Buffer.concat(statement)))
    .toHex(true);
};

const verify = (keys, rootKey) => {
  for (const field of ['disk_crypt_key', 'env_crypt_key', 'k256_key'])
    assert.equal(hex(keys[field]).length, 32);
  const appKey = Buffer.from(secp256k1.getPublicKey(hex(keys.k256_key), true));
  assert.equal(
    signer(hex(keys.k256_signature), Buffer.from('dstack-kms-issued:'), app, appKey), rootKey);
  const spki = (pem) => new X509Certificate(pem).publicKey.export({ type: 'spki', format: 'der' });
  assert.deepEqual(spki(keys.ca_cert), spki(root));
};

const meta = await call('GetMeta', {});

// ---- over RA-TLS

const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const spki = pair.publicKey.export({ type: 'spki', format: 'der' });
assert.equal(spki.length, 91);
const tls = {
  cert: certificate(pair, attest(reportData('ratls-cert', spki))),
  key: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }),
};
const plain = await call('GetAppKey', { api_version: 1, vm_config: '' }, tls);
verify(plain, meta.k256_pubkey);
await assert.rejects(call('GetAppKey', { api_version: 1 }), /No attestation provided/);

// ---- sealed

const secret = randomBytes(32);
const publicKey = Buffer.from(x25519.getPublicKey(secret));
const attestation = attest(reportData('kms-sealed-keys', publicKey));
const request = {
  api_version: 1,
  vm_config: '',
  public_key: publicKey.toString('hex'),
  attestation: attestation.toString('hex'),
};
const answer = await call('GetAppKeySealed', request);
const data = Buffer.concat([sha256(attestation), sha256(request.vm_config)]);
const sealed = hex(answer.sealed);
assert.equal(
  signer(hex(answer.signature), Buffer.from('dstack-kms-sealed-keys:'), app,
    sha256(publicKey, data, sealed)),
  meta.k256_pubkey);
const suite = new CipherSuite({
  kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });
const opener = await suite.createRecipientContext({
  recipientKey: await suite.kem.deserializePrivateKey(secret),
  enc: sealed.subarray(0, 32),
  info: Buffer.from('dstack-kms-sealed-keys-v1'),
});
const opened = JSON.parse(new TextDecoder().decode(await opener.open(sealed.subarray(32), data)));
verify(opened, meta.k256_pubkey);
assert.deepEqual(opened, plain);

// A request that somebody recorded is of no use: an answer is sealed to a key once.
await assert.rejects(call('GetAppKeySealed', request), /sealed to this public_key before/);

// A certificate's evidence is of no use for the same key, and a thief's key is not in the other.
const other = Buffer.from(x25519.getPublicKey(randomBytes(32)));
await assert.rejects(
  call('GetAppKeySealed', {
    ...request,
    public_key: other.toString('hex'),
    attestation: attest(reportData('ratls-cert', other)).toString('hex') }, tls),
  /report data mismatch/);
await assert.rejects(
  call('GetAppKeySealed', {
    ...request, public_key: Buffer.from(x25519.getPublicKey(randomBytes(32))).toString('hex') }, tls),
  /report data mismatch/);
console.log(JSON.stringify(plain));
