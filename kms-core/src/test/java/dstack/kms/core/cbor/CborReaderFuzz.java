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

  /** A document from an open map holds what the same entries in a definite one hold. */
  @FuzzTest(maxDuration = "10s")
  void anyOpenMap(byte[] input) {
    Bytes open = Bytes.concat(Bytes.fromHex("bf"), Bytes.of(input), Bytes.fromHex("ff"));
    CborMap map;
    try {
      map = CborReader.readAllFromOpenMap(open).asMap("input");
    } catch (RefusalException e) {
      return;
    }
    assertThat(CborReader.readAll(CborWriter.write(map))).isEqualTo(map);
    assertThat(CborWriter.write(map).hex()).endsWith(Bytes.of(input).hex());
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
