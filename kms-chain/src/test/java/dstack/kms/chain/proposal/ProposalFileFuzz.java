package dstack.kms.chain.proposal;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dstack.kms.chain.safe.SafeSignature;
import dstack.kms.chain.timelock.TimelockCall;
import dstack.kms.chain.watch.WatchStateFile;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Whatever is handed in is a proposal that writes itself as it was read, or a refusal. */
final class ProposalFileFuzz {
  @FuzzTest(maxDuration = "10s")
  void anyFile(byte[] input) {
    file(Bytes.of(input).utf8Text());
  }

  /** One byte of a good file is another. */
  @FuzzTest(maxDuration = "10s")
  void almostAProposal(byte[] input) {
    if (input.length >= 3) {
      byte[] file = Bytes.utf8(ProposalFile.write(ProposalFileTest.proposal())).toArray();
      int at = (((input[0] & 0xff) << 8) | (input[1] & 0xff)) % file.length;
      file[at] = input[2];
      file(Bytes.of(file).utf8Text());
    }
  }

  @FuzzTest(maxDuration = "10s")
  void anySignature(byte[] input) {
    signature(Bytes.of(input));
  }

  @Property
  void anySmallSignature(@ForAll byte[] input) {
    signature(Bytes.of(input));
  }

  @Property
  void anySmallFile(@ForAll String input) {
    file(input);
    try {
      WatchStateFile.read(input);
    } catch (RefusalException e) {
      assertThat(e.code()).isNotNull();
    }
  }

  @FuzzTest(maxDuration = "10s")
  void anyCalldata(byte[] input) {
    for (String selector : new String[] {"01d5062a", "8f2a0bb0", "134008d3", "e38335e5"}) {
      Bytes calldata = Bytes.concat(Bytes.fromHex(selector), Bytes.of(input));
      try {
        assertThat(TimelockCall.of(calldata)).isPresent();
      } catch (RefusalException e) {
        assertThat(e.code()).isNotNull();
      }
    }
  }

  private static void file(String text) {
    try {
      Proposal proposal = ProposalFile.read(text);
      assertThat(ProposalFile.read(ProposalFile.write(proposal))).isEqualTo(proposal);
    } catch (RefusalException e) {
      assertThat(e.code()).isNotNull();
    }
  }

  private static void signature(Bytes input) {
    try {
      assertThat(SafeSignature.parse(input).bytes()).isEqualTo(input);
    } catch (RefusalException e) {
      assertThat(e.code()).isNotNull();
    }
  }
}
