package dstack.kms.rpc.kms;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.X25519;
import dstack.kms.core.reportdata.ReportData;
import dstack.kms.core.secret.Secret;
import dstack.kms.sim.fault.SimulatedFault;
import dstack.kms.sim.platform.SimulatedIdentity;
import dstack.kms.testkit.Node;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What an enclave does around {@code GetAppKeySealed}; opening and the signature are left to other
 * people's code.
 */
final class SealedClient {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String OPEN =
      """
      import { createHash } from 'node:crypto';
      import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from '@hpke/core';
      import { x25519 } from '@noble/curves/ed25519';
      import { secp256k1 } from '@noble/curves/secp256k1';
      import { keccak_256 } from '@noble/hashes/sha3';
      const [key, attestation, vmConfig, app, sealed, signature] = process.argv.slice(1);
      const bytes = hex => new Uint8Array(Buffer.from(hex, 'hex'));
      const sha = (...parts) => {
        const hash = createHash('sha256');
        parts.forEach(part => hash.update(part));
        return hash.digest();
      };
      const suite = new CipherSuite({
        kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });
      const recipientKey = await suite.kem.deserializePrivateKey(bytes(key));
      const aad = Buffer.concat([sha(bytes(attestation)), sha(vmConfig)]);
      const all = bytes(sealed);
      const recipient = await suite.createRecipientContext({
        recipientKey, enc: all.slice(0, 32),
        info: new TextEncoder().encode('dstack-kms-sealed-keys-v1') });
      const publicKey = x25519.getPublicKey(bytes(key));
      const statement = Buffer.concat([
        Buffer.from('dstack-kms-sealed-keys:'), bytes(app), sha(publicKey, aad, all)]);
      const signer = secp256k1.Signature.fromCompact(signature.slice(0, 128))
        .addRecoveryBit(parseInt(signature.slice(128), 16))
        .recoverPublicKey(keccak_256(statement)).toHex(true);
      const text = await recipient.open(all.slice(32), aad).then(
        plain => new TextDecoder().decode(plain), () => '{"closed":true}');
      console.log(JSON.stringify({ signer, keys: JSON.parse(text) }));
      """;

  final TestNode node;
  final Path folder;
  final Bytes privateKey;
  final Bytes publicKey;

  SealedClient(TestNode node, Path folder) {
    this.node = node;
    this.folder = folder;
    byte[] fresh = new byte[32];
    new SecureRandom().nextBytes(fresh);
    privateKey = Bytes.of(fresh);
    try (Secret secret = Secret.takeOver(fresh)) {
      publicKey = X25519.publicKey(secret);
    }
  }

  /** Evidence over this client's key. */
  Bytes evidence(SimulatedIdentity guest, SimulatedFault... faults) {
    return node.platform.attest(guest, ReportData.ofSealedKeys(publicKey), faults);
  }

  static String request(Bytes publicKey, Bytes attestation, String vmConfig) {
    return "{\"api_version\":1,\"vm_config\":\""
        + vmConfig.replace("\"", "\\\"")
        + "\",\"public_key\":\""
        + publicKey
        + "\",\"attestation\":\""
        + attestation
        + "\"}";
  }

  JsonNode call(CurlClient over, String request) {
    try {
      Path body = Files.writeString(Files.createTempFile(folder, "sealed", ".json"), request);
      return over.call("KMS.GetAppKeySealed", "@" + body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  JsonNode call(Bytes publicKey, Bytes attestation) {
    return call(CurlClient.anonymous(node), request(publicKey, attestation, ""));
  }

  /** Signer and keys of an answer, or {@code closed} in place of the keys. */
  JsonNode open(JsonNode answer, Bytes attestation, String vmConfig, Bytes app) {
    return JSON.readTree(
        Node.run(
            OPEN,
            privateKey.hex(),
            attestation.hex(),
            vmConfig,
            app.hex(),
            answer.get("sealed").asString(),
            answer.get("signature").asString()));
  }
}
