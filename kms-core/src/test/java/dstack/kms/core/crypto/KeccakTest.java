package dstack.kms.core.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.core.bytes.Bytes;
import org.junit.jupiter.api.Test;

class KeccakTest {
  /** The hashes of no bytes, as Ethereum and the Keccak submission publish them. */
  @Test
  void hashesNoBytesWithTheOriginalPadding() {
    assertThat(Keccak.keccak256().hex())
        .isEqualTo("c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470");
    assertThat(Keccak.keccak384().hex())
        .isEqualTo(
            "2c23146a63a29acf99e73b88f8c24eaa7dc60aa771780ccc006afbfa8fe2479b"
                + "2dd2b21362337441ac12b515911957ff");
    assertThat(Keccak.keccak512().hex())
        .isEqualTo(
            "0eab42de4c3ceb9235fc91acffe746b29c29a8c366b7c60e4e67c466f36a4304"
                + "c00fa9caf9d87976ba469bcbe06713b435f091ef2769fb160cdab33d3670680e");
  }

  @Test
  void hashesPartsAsTheirConcatenation() {
    assertThat(Keccak.keccak256(Bytes.utf8("ab"), Bytes.EMPTY, Bytes.utf8("c")))
        .isEqualTo(
            Bytes.fromHex("4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45"));
  }

  @Test
  void hashesTheMessagesOfTheVectors() {
    KeyVectors.document()
        .get("roots")
        .valueStream()
        .flatMap(root -> root.get("apps").valueStream())
        .map(app -> app.get("k256"))
        .forEach(
            k256 ->
                assertThat(Keccak.keccak256(KeyVectors.bytes(k256, "message")))
                    .isEqualTo(KeyVectors.bytes(k256, "keccak256")));
  }
}
