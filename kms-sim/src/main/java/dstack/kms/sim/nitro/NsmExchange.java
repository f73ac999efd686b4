package dstack.kms.sim.nitro;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.cbor.CborReader;

/**
 * The CBOR in which a security module is asked for a document and gives it (specification 15 §6).
 */
public final class NsmExchange {
  private NsmExchange() {}

  /** The user data in a request for a document. */
  public static Bytes userData(Bytes request) {
    return CborReader.readAll(request)
        .asMap("the question")
        .require("Attestation")
        .asMap("attestation")
        .require("user_data")
        .asBytes("user_data");
  }

  /** The answer with that document, of 256 to 65,535 bytes. */
  public static Bytes answer(Bytes document) {
    int length = document.length();
    return Bytes.concat(
        Bytes.fromHex("a16b"),
        Bytes.utf8("Attestation"),
        Bytes.fromHex("a168"),
        Bytes.utf8("document"),
        Bytes.fromHex("59"),
        Bytes.of(new byte[] {(byte) (length >> 8), (byte) length}),
        document);
  }
}
