package dstack.kms.attest.evidence;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.msgpack.MsgPackReader;
import dstack.kms.core.refusal.RefusalException;

/**
 * A map of {@code kind} and {@code data}. The kind must come first: in the other order the original
 * expects another encoding of the data, so no real bytes look like that (specification 10 §3).
 *
 * @param kind which form the data has
 * @param data the encoded value
 */
record MsgPackTagged(String kind, Bytes data) {
  static MsgPackTagged of(Bytes value) {
    MsgPackFields fields =
        MsgPackFields.of(value, new MsgPackReader(value), MsgPackTagged::kindFirst);
    return new MsgPackTagged(
        fields.get("kind", in -> in.readString(Limits.SHORT_NAME)), fields.raw("data"));
  }

  private static void kindFirst(String key, MsgPackFields soFar) {
    if (key.equals("data") && !soFar.has("kind")) {
      throw new RefusalException(
          EvidenceRefusal.ATTESTATION_MALFORMED, "`kind` must precede `data`");
    }
  }
}
