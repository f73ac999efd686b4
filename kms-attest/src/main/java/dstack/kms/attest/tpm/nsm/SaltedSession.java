package dstack.kms.attest.tpm.nsm;

import dstack.kms.attest.tpm.TpmHash;
import dstack.kms.attest.tpm.client.Loaded;
import dstack.kms.attest.tpm.client.PrimaryKey;
import dstack.kms.attest.tpm.client.Tpm;
import dstack.kms.attest.tpm.command.Authorization;
import dstack.kms.attest.tpm.command.CommandCode;
import dstack.kms.attest.tpm.command.StartAuthSession;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.secret.Secret;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;

/**
 * An HMAC session with SHA-512 whose salt only the endorsement key's TPM can read; for one
 * authorization. Closing flushes it and erases its key.
 */
final class SaltedSession implements AutoCloseable {
  private static final int SALT_LENGTH = 32;
  private static final int NONCE_LENGTH = 64;
  private static final int CONTINUE_SESSION = 0x01;

  private final Loaded loaded;
  private final Secret key;
  private final Bytes nonceTpm;
  private final SecureRandom random;

  private SaltedSession(Loaded loaded, Secret key, Bytes nonceTpm, SecureRandom random) {
    this.loaded = loaded;
    this.key = key;
    this.nonceTpm = nonceTpm;
    this.random = random;
  }

  /** Starts a session salted to that key. */
  static SaltedSession start(Tpm tpm, PrimaryKey saltKey, SecureRandom random) {
    EndorsementKey recipient = EndorsementKey.read(saltKey.publicArea());
    Bytes nonceCaller = nonce(random);
    try (Secret salt = Secret.generate(SALT_LENGTH, random)) {
      Bytes encryptedSalt = salt.expose(raw -> recipient.encrypt(raw, random));
      StartAuthSession.Started started =
          tpm.run(
              new StartAuthSession(saltKey.handle(), encryptedSalt, nonceCaller, TpmHash.SHA512));
      Secret key =
          Secret.takeOver(
              salt.expose(raw -> SessionSecrets.sessionKey(raw, started.nonceTpm(), nonceCaller)));
      return new SaltedSession(tpm.flushing(started.handle()), key, started.nonceTpm(), random);
    }
  }

  /**
   * Authorizes one command with a password that does not travel.
   *
   * @param names the names of the entities behind its handles
   * @param parameters its parameters
   */
  Authorization authorize(CommandCode code, List<Bytes> names, Bytes parameters, Secret password) {
    Bytes nonceCaller = nonce(random);
    Bytes commandHash = SessionSecrets.commandHash(code, names, parameters);
    Bytes proof =
        key.expose(
            rawKey ->
                password.expose(
                    rawPassword -> proof(joined(rawKey, rawPassword), commandHash, nonceCaller)));
    return new Authorization(loaded.handle(), nonceCaller, CONTINUE_SESSION, proof);
  }

  private Bytes proof(byte[] keyAndPassword, Bytes commandHash, Bytes nonceCaller) {
    try {
      return SessionSecrets.proof(
          keyAndPassword, commandHash, nonceCaller, nonceTpm, CONTINUE_SESSION);
    } finally {
      Arrays.fill(keyAndPassword, (byte) 0);
    }
  }

  private static byte[] joined(byte[] key, byte[] password) {
    byte[] joined = Arrays.copyOf(key, key.length + password.length);
    System.arraycopy(password, 0, joined, key.length, password.length);
    return joined;
  }

  private static Bytes nonce(SecureRandom random) {
    byte[] fresh = new byte[NONCE_LENGTH];
    random.nextBytes(fresh);
    return Bytes.of(fresh);
  }

  @Override
  public void close() {
    key.close();
    loaded.close();
  }
}
