package dstack.kms.attest.gcp;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.attest.evidence.TpmQuote;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.math.BigInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Changed real quotes are refused, and numbers keep their value however they were written. */
class TpmProperties {
  private static final TpmQuote REAL = GcpData.quote(GcpData.REAL);

  @Property(tries = 1000)
  void aMessageWithAnyByteInsertedOrRemovedIsNotTheSameQuote(
      @ForAll @IntRange(min = 0, max = 144) int position, @ForAll byte value) {
    Bytes message = REAL.message();
    Bytes before = message.slice(0, position);
    Bytes after = message.slice(position, message.length());
    assertAnother(Bytes.concat(before, Bytes.of(new byte[] {value}), after));
    assertAnother(Bytes.concat(before, message.slice(position + 1, message.length())));
  }

  private static void assertAnother(Bytes message) {
    try {
      assertThat(TpmsAttest.parse(message)).isNotEqualTo(TpmsAttest.parse(REAL.message()));
    } catch (RefusalException expected) {
      assertThat(expected.code()).isEqualTo(GcpRefusal.ATTEST);
    }
  }

  @Property(tries = 500)
  void scalarsKeepTheirValueWithoutTheirLeadingZeros(
      @ForAll @Size(max = 32) byte[] r, @ForAll @Size(max = 32) byte[] s) {
    Bytes encoded = TpmtSignatureTest.ecdsa(Bytes.of(r).hex(), Bytes.of(s).hex());
    Bytes value = TpmtSignature.parse(encoded, SignatureScheme.ECDSA).value();
    assertThat(new BigInteger(1, value.slice(0, 32).toArray())).isEqualTo(new BigInteger(1, r));
    assertThat(new BigInteger(1, value.slice(32, 64).toArray())).isEqualTo(new BigInteger(1, s));
  }
}
