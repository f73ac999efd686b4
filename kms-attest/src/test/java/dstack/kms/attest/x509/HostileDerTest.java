package dstack.kms.attest.x509;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import dstack.kms.attest.forged.Crls;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Encodings that are made to cost: depth, and numbers that collide. */
class HostileDerTest {
  /** Values in one another, each with a length of four bytes. */
  private static Bytes nested(int tag, int size) {
    byte[] der = new byte[size / 6 * 6];
    for (int at = 0; at < der.length; at += 6) {
      int length = der.length - at - 6;
      der[at] = (byte) tag;
      der[at + 1] = (byte) 0x84;
      for (int i = 0; i < 4; i++) {
        der[at + 2 + i] = (byte) (length >>> (8 * (3 - i)));
      }
    }
    return Bytes.of(der);
  }

  /** The same with the shortest lengths, as DER wants them. */
  private static Bytes nestedStrictly(int tag, int size) {
    byte[] reversed = new byte[size];
    int used = 0;
    while (used < size - 5) {
      int length = used;
      if (length < 0x80) {
        reversed[used++] = (byte) length;
      } else {
        int count = 0;
        for (int rest = length; rest > 0; rest >>>= 8) {
          reversed[used++] = (byte) rest;
          count++;
        }
        reversed[used++] = (byte) (0x80 | count);
      }
      reversed[used++] = (byte) tag;
    }
    byte[] der = new byte[used];
    for (int i = 0; i < used; i++) {
      der[i] = reversed[used - 1 - i];
    }
    return Bytes.of(der);
  }

  @ParameterizedTest
  @ValueSource(ints = {0x30, 0x31, 0xa0, 0x24})
  void t25_depthIsARefusal(int tag) {
    for (Bytes der :
        new Bytes[] {
          nested(tag, UnverifiedCertificate.MAX_LENGTH),
          nestedStrictly(tag, UnverifiedCertificate.MAX_LENGTH)
        }) {
      assertThatThrownBy(() -> UnverifiedCertificate.parse(der))
          .isInstanceOf(RefusalException.class);
    }
    for (Bytes der : new Bytes[] {nested(tag, 1 << 20), nestedStrictly(tag, 1 << 20)}) {
      assertThatThrownBy(() -> RevocationList.parse(der)).isInstanceOf(RefusalException.class);
    }
  }

  @Test
  void t25_collidingNumbersCostNoMoreThanOthers() {
    Crls list = Crls.of("issuer");
    for (int i = 0; i < 30_000; i++) {
      // Two words a and b hash to 31 a + b.
      list.revoking(((0x0100_0000L + i) << 32) | (0x7000_0000L - 31L * i));
    }
    Bytes der = list.der();
    assertTimeout(Duration.ofSeconds(2), () -> assertThat(RevocationList.parse(der)).isNotNull());
  }
}
