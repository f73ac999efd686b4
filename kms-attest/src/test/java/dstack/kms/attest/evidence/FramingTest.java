package dstack.kms.attest.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/** The outer framing of specification 10 §1. */
class FramingTest {
  private static final int LIMIT = 10_485_760;

  @Test
  void refusesNoBytes() {
    assertRefused(Bytes.EMPTY, "Empty attestation bytes");
  }

  @Test
  void refusesMoreThanTenMebibytesBeforeLookingAtThem() {
    assertRefused(Bytes.zeros(LIMIT + 1), "attestation bytes too large: 10485761 > 10485760");
    assertThatThrownBy(() -> UnverifiedAttestation.decode(Bytes.zeros(LIMIT)))
        .hasMessageStartingWith("Trailing bytes after legacy VersionedAttestation: ");
  }

  @Test
  void refusesEveryOtherFirstByte() {
    for (int first = 1; first < 256; first++) {
      Bytes bytes = Bytes.concat(Bytes.of(new byte[] {(byte) first}), Bytes.zeros(100));
      boolean map = (first >= 0x80 && first <= 0x8f) || first == 0xde || first == 0xdf;
      assertThatThrownBy(() -> UnverifiedAttestation.decode(bytes))
          .isInstanceOf(RefusalException.class)
          .hasMessageStartingWith(
              map
                  ? "failed to decode attestation from msgpack: "
                  : "Unknown attestation wire format");
    }
  }

  @Test
  void t10_refusesCompressedBytesWithoutExpandingThem() throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(new byte[10 << 20]);
    }
    assertThat(packed.size()).isLessThan(11 << 10);
    Bytes bomb = Bytes.of(packed.toByteArray());
    assertRefused(bomb, "Unknown attestation wire format");
    assertRefused(Bytes.concat(Bytes.utf8("ELGZv1"), bomb), "Unknown attestation wire format");
  }

  private static void assertRefused(Bytes bytes, String text) {
    assertThatThrownBy(() -> UnverifiedAttestation.decode(bytes))
        .isInstanceOfSatisfying(
            RefusalException.class,
            e -> assertThat(e.code()).isEqualTo(EvidenceRefusal.ATTESTATION_FORMAT))
        .hasMessage(text);
  }
}
