package dstack.kms.onboard.backup.share;

import com.exceptionfactory.jagged.bech32.Bech32;
import com.exceptionfactory.jagged.bech32.Bech32Address;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.core.crypto.P256PublicKey;
import dstack.kms.core.pem.PemArmor;
import dstack.kms.core.refusal.RefusalException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A public key that a share can be sealed to. */
public sealed interface HolderKey {
  /** What an age recipient begins with. */
  String AGE = "age1";

  /** The DER subject public key info. */
  Bytes subjectPublicKeyInfo();

  /**
   * An X25519 key: an age recipient.
   *
   * @param key 32 bytes
   */
  record X25519(Bytes key) implements HolderKey {
    static final int LENGTH = 32;
    static final Bytes SPKI_PREFIX = Bytes.fromHex("302a300506032b656e032100");

    public X25519 {
      if (key.length() != LENGTH) {
        throw new IllegalArgumentException("an X25519 key has 32 bytes");
      }
    }

    @Override
    public Bytes subjectPublicKeyInfo() {
      return Bytes.concat(SPKI_PREFIX, key);
    }

    /** The same key as age writes it. */
    String recipient() {
      return Bech32.getEncoder().encode("age", key.toArray()).toString();
    }
  }

  /** A P-256 key. */
  record P256(P256PublicKey key) implements HolderKey {
    @Override
    public Bytes subjectPublicKeyInfo() {
      return key.subjectPublicKeyInfo();
    }
  }

  /** SHA-256 of the subject public key info; the same for both spellings of an X25519 key. */
  default Bytes fingerprint() {
    return Digests.sha256(subjectPublicKeyInfo());
  }

  /**
   * Reads a key as {@code core.backup.holders} has it: an age recipient, or the path of a PEM file.
   *
   * @throws RefusalException with {@link ShareRefusal#HOLDER_KEY}
   */
  static HolderKey read(String text) {
    return text.startsWith(AGE) ? ofRecipient(text) : ofPem(content(text), text);
  }

  /** The key of an age recipient. */
  static HolderKey ofRecipient(String text) {
    try {
      Bech32Address address = Bech32.getDecoder().decode(text);
      Bytes key = Bytes.of(address.getData());
      if (!"age".contentEquals(address.getHumanReadablePart()) || key.length() != X25519.LENGTH) {
        throw bad(text, "is no X25519 recipient of age");
      }
      return new X25519(key);
    } catch (IllegalArgumentException e) {
      throw bad(text, "is no recipient of age: " + e.getMessage());
    }
  }

  /** The key in a PEM text with label {@code PUBLIC KEY}. */
  static HolderKey ofPem(String pem, String name) {
    Bytes der;
    try {
      der = PemArmor.decode("PUBLIC KEY", pem);
    } catch (RefusalException e) {
      throw bad(name, "is no public key in PEM: " + e.text());
    }
    int header = X25519.SPKI_PREFIX.length();
    if (der.length() == header + X25519.LENGTH && der.slice(0, header).equals(X25519.SPKI_PREFIX)) {
      return new X25519(der.slice(header, der.length()));
    }
    return P256PublicKey.fromSubjectPublicKeyInfo(der)
        .map(P256::new)
        .orElseThrow(() -> bad(name, "is neither an X25519 nor a P-256 public key"));
  }

  private static String content(String file) {
    try {
      return Files.readString(Path.of(file), StandardCharsets.UTF_8);
    } catch (IOException | java.nio.file.InvalidPathException e) {
      throw RefusalException.causedBy(
          ShareRefusal.HOLDER_KEY, "the holder's public key " + file + " cannot be read", e);
    }
  }

  private static RefusalException bad(String name, String why) {
    return new RefusalException(ShareRefusal.HOLDER_KEY, "the holder's key " + name + " " + why);
  }
}
