package dstack.kms.attest.nitro;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.cbor.CborMap;
import dstack.kms.core.cbor.CborReader;
import dstack.kms.core.cbor.CborRefusal;
import dstack.kms.core.cbor.CborValue;
import dstack.kms.core.refusal.RefusalException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The payload of an attestation document, read and not verified (specification 15 §1).
 *
 * <p>Byte strings only; no key stands there twice; unknown keys are ignored. Only the outermost map
 * may be of indefinite length, which is how modules have written it since about 2025.
 *
 * @param moduleId names the instance and its module, 1 to 128 printable ASCII characters
 * @param madeAt to the millisecond
 * @param registers never empty, 48 bytes each
 * @param certificate the signer's, DER
 * @param cabundle the root first, then down to the signer's issuer, DER; never empty
 * @param publicKey up to 1,024 bytes; no part of the protocol
 * @param userData up to 512 bytes
 * @param nonce up to 512 bytes; no part of the protocol
 */
record AttestationDocument(
    String moduleId,
    Instant madeAt,
    Registers registers,
    Bytes certificate,
    List<Bytes> cabundle,
    Optional<Bytes> publicKey,
    Optional<Bytes> userData,
    Optional<Bytes> nonce) {
  private static final int MAX_MODULE_ID = 128;
  private static final int MAX_CERTIFICATES = 8;
  private static final int MAX_PUBLIC_KEY = 1024;
  private static final int MAX_USER_DATA = 512;
  private static final String DIGEST = "SHA384";

  AttestationDocument {
    cabundle = List.copyOf(cabundle);
  }

  /**
   * Reads the whole payload. Its form is refused within {@code Failed to parse attestation
   * document}, digest and registers within {@code Attestation document validation failed}.
   */
  static AttestationDocument parse(Bytes payload, ModuleKind kind) {
    CborMap map = map(payload);
    try {
      String digest = map.require("digest").asText("digest");
      AttestationDocument document = read(map, kind);
      requireSha384(digest, document.registers);
      return document;
    } catch (RefusalException e) {
      throw e.code() == NitroRefusal.REGISTERS ? e : inForm(e);
    }
  }

  private static CborMap map(Bytes payload) {
    try {
      return CborReader.readAllFromOpenMap(payload).asMap("attestation document");
    } catch (RefusalException e) {
      throw inForm(
          e.code() == CborRefusal.TRAILING_BYTES
              ? NitroRefusal.DOCUMENT.because("Trailing bytes after attestation document")
              : e);
    }
  }

  private static RefusalException inForm(RefusalException e) {
    return e.within("Failed to parse attestation document");
  }

  private static AttestationDocument read(CborMap map, ModuleKind kind) {
    return new AttestationDocument(
        moduleId(map.require("module_id").asText("module_id")),
        madeAt(map.require("timestamp").asInteger("timestamp")),
        Registers.read(registers(map, kind)),
        map.require("certificate").asBytes("certificate"),
        cabundle(map.require("cabundle").asArray("cabundle")),
        optional(map, "public_key", MAX_PUBLIC_KEY),
        optional(map, "user_data", MAX_USER_DATA),
        optional(map, "nonce", MAX_USER_DATA));
  }

  private static void requireSha384(String digest, Registers registers) {
    try {
      if (!digest.equals(DIGEST)) {
        throw NitroRefusal.REGISTERS.because("Unsupported digest algorithm: " + digest);
      }
      registers.requireSha384();
    } catch (RefusalException e) {
      throw e.within("Attestation document validation failed");
    }
  }

  private static String moduleId(String text) {
    boolean printable = text.chars().allMatch(c -> c > ' ' && c < 0x7f);
    if (text.isEmpty() || text.length() > MAX_MODULE_ID || !printable) {
      throw NitroRefusal.DOCUMENT.because("module_id is not 1 to 128 printable characters");
    }
    return text;
  }

  private static Instant madeAt(long milliseconds) {
    if (milliseconds < 0) {
      throw NitroRefusal.DOCUMENT.because("timestamp is negative");
    }
    return Instant.ofEpochMilli(milliseconds);
  }

  private static CborMap registers(CborMap map, ModuleKind kind) {
    List<CborValue> found =
        kind.registerKeys().stream().map(map::get).flatMap(Optional::stream).toList();
    if (found.isEmpty()) {
      throw NitroRefusal.DOCUMENT.because("missing field `" + kind.registerKeys().getFirst() + "`");
    }
    if (found.size() > 1) {
      throw NitroRefusal.DOCUMENT.because("duplicate field `pcrs`");
    }
    return found.getFirst().asMap("pcrs");
  }

  private static List<Bytes> cabundle(List<CborValue> certificates) {
    if (certificates.isEmpty() || certificates.size() > MAX_CERTIFICATES) {
      throw NitroRefusal.DOCUMENT.because(
          "cabundle has " + certificates.size() + " certificates instead of 1 to 8");
    }
    return certificates.stream().map(der -> der.asBytes("cabundle")).toList();
  }

  private static Optional<Bytes> optional(CborMap map, String key, int limit) {
    Optional<Bytes> value =
        map.get(key).filter(v -> !(v instanceof CborValue.Null)).map(v -> v.asBytes(key));
    if (value.isPresent() && value.get().length() > limit) {
      throw NitroRefusal.DOCUMENT.because(key + " is longer than " + limit + " bytes");
    }
    return value;
  }
}
