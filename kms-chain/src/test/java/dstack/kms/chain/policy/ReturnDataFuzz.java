package dstack.kms.chain.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Whatever is read is what the same values are encoded to; everything else ends in a refusal. */
final class ReturnDataFuzz {
  @FuzzTest(maxDuration = "10s")
  void anyBytes(byte[] input) {
    requireSameBytesOrRefusal(Bytes.of(input));
  }

  @FuzzTest(maxDuration = "10s")
  void anyTailOfAVerdict(byte[] input) {
    Bytes head = Bytes.concat(Tail.number(1), Tail.number(0x40));
    requireSameBytesOrRefusal(Bytes.concat(head, Bytes.of(input)));
  }

  @Property
  void anyText(@ForAll byte[] input) {
    Bytes padded = Bytes.of(input).paddedTo((input.length + 31) & ~31);
    requireSameBytesOrRefusal(
        Bytes.concat(Tail.number(0), Tail.number(0x40), Tail.number(input.length), padded));
  }

  private static void requireSameBytesOrRefusal(Bytes data) {
    try {
      Verdict verdict = ReturnData.verdict(data);
      assertThat(
              Bytes.concat(
                  Tail.number(verdict.allowed() ? 1 : 0),
                  Tail.number(0x40),
                  Tail.text(verdict.reason())))
          .isEqualTo(data);
    } catch (RefusalException e) {
      assertThat(e.code()).isInstanceOf(PolicyRefusal.class);
    }
    try {
      assertThat(Bytes.concat(Tail.number(0x20), Tail.text(ReturnData.text(data)))).isEqualTo(data);
    } catch (RefusalException e) {
      assertThat(e.code()).isInstanceOf(PolicyRefusal.class);
    }
  }
}
