// The key hierarchy of specification 03 once more, on node:crypto and @noble only.
import { createHash, createPrivateKey, createPublicKey, hkdfSync } from 'node:crypto';
import { peer } from './peers.mjs';

const { secp256k1 } = await peer('@noble/curves/secp256k1');
const { keccak_256 } = await peer('@noble/hashes/sha3');
const { p256 } = await peer('@noble/curves/p256');
const { x25519 } = await peer('@noble/curves/ed25519');

const ascii = (text) => Buffer.from(text, 'ascii');
const derive = (ikm, ...info) =>
  Buffer.from(hkdfSync('sha256', ikm, ascii('RATLS'), Buffer.concat(info), 32));

const pkcs8 = (scalar) =>
  Buffer.concat([
    Buffer.from('308187020100301306072a8648ce3d020106082a8648ce3d030107046d306b0201010420', 'hex'),
    scalar,
    Buffer.from('a144034200', 'hex'),
    Buffer.from(p256.getPublicKey(scalar, false)),
  ]);

export const scalarOfPem = (pem) =>
  Buffer.from(createPrivateKey(pem).export({ format: 'jwk' }).d, 'base64url');

const secret = (root, ...info) => createHash('sha256').update(pkcs8(derive(root, ...info))).digest();

export const diskKey = (root, app, instance) => secret(root, app, instance, ascii('app-disk-crypt-key'));

export const envKey = (root, app) => secret(root, app, ascii('env-encrypt-key'));

export const envPublicKey = (root, app) => Buffer.from(x25519.getPublicKey(envKey(root, app)));

export const appCaPublicPoint = (root, app) =>
  Buffer.from(p256.getPublicKey(derive(root, app, ascii('app-ca')), false));

export const appKey = (k256Root, app) => derive(k256Root, app, ascii('app-key'));

export const compressed = (scalar) => Buffer.from(secp256k1.getPublicKey(scalar, true));

export const recover = (signature, ...message) => {
  const digest = keccak_256(Buffer.concat(message));
  return Buffer.from(
    secp256k1.Signature.fromCompact(signature.subarray(0, 64))
      .addRecoveryBit(signature[64])
      .recoverPublicKey(digest)
      .toRawBytes(true),
  );
};

export const spkiOf = (certificatePem) =>
  createPublicKey(certificatePem).export({ type: 'spki', format: 'der' });
