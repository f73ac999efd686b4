package dstack.kms.core.cbor;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Whatever is accepted is written back byte for byte; whatever is not ends in a refusal. */
final class CborReaderFuzz {
  @FuzzTest(maxDuration = "10s")
  void anyBytes(byte[] input) {
    requireSameBytesOrRefusal(Bytes.of(input));
  }

  @Property
  void anySmallBytes(@ForAll byte[] input) {
    requireSameBytesOrRefusal(Bytes.of(input));
  }

  private static void requireSameBytesOrRefusal(Bytes input) {
    CborValue value;
    try {
      value = CborReader.readAll(input);
    } catch (RefusalException e) {
      return;
    }
    assertThat(CborWriter.write(value)).isEqualTo(input);
  }
}
