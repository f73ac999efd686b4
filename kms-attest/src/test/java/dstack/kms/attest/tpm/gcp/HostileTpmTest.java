package dstack.kms.attest.tpm.gcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dstack.kms.attest.eventlog.RuntimeEvents;
import dstack.kms.attest.evidence.TpmQuote;
import dstack.kms.attest.tpm.TpmTransport;
import dstack.kms.attest.tpm.client.RetryRule;
import dstack.kms.attest.tpm.software.ProvisionedTpm;
import dstack.kms.attest.tpm.software.ScriptedTpm;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.testkit.SoftwareTpm;
import dstack.kms.testkit.Vectors;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** T-11: the recorded responses of a whole quote, each changed in each place. */
class HostileTpmTest {
  private static final Bytes NONCE = Digests.sha256(Bytes.utf8("a TDX quote"));
  private static final Bytes FAILURE = Bytes.fromHex("80010000000a00000101");
  private static final List<Bytes> RECORDED = new ArrayList<>();

  @BeforeAll
  static void record() {
    RECORDED.clear();
    try (SoftwareTpm software = SoftwareTpm.overUnixSocket()) {
      ProvisionedTpm.provision(software, RuntimeEvents.NONE);
      try (TpmTransport real = ProvisionedTpm.connector(software).open()) {
        quote(
            ScriptedTpm.answering(
                command -> {
                  Bytes response = real.transmit(command);
                  RECORDED.add(response);
                  return response;
                }));
      }
    }
  }

  @Test
  void playsTheRecordingToTheEnd() {
    ScriptedTpm script = playing(RECORDED);
    assertThat(quote(script).message().hex()).startsWith("ff5443478018");
    assertThat(script.commands()).hasSameSizeAs(RECORDED);
  }

  @Test
  void t11_answersOrRefusesWhateverByteIsFlipped() {
    int refused = 0;
    for (int index = 0; index < RECORDED.size(); index++) {
      for (int at = 0; at < RECORDED.get(index).length(); at++) {
        int place = at;
        refused += tryWith(index, response -> flipped(response, place));
      }
    }
    assertThat(refused).isGreaterThan(200);
  }

  @Test
  void t11_refusesWhereverAResponseIsCut() {
    for (int index = 0; index < RECORDED.size() - 1; index++) {
      for (int at = 0; at < RECORDED.get(index).length(); at++) {
        int end = at;
        assertThat(tryWith(index, response -> response.slice(0, end)))
            .as("response %s cut at %s", index, at)
            .isOne();
      }
    }
  }

  /** 1 if it was refused; anything but an answer or a refusal fails the test. */
  private static int tryWith(int index, UnaryOperator<Bytes> change) {
    List<Bytes> changed = new ArrayList<>(RECORDED);
    changed.set(index, change.apply(RECORDED.get(index)));
    try {
      assertThat(quote(playing(changed)).pcrValues()).hasSize(3);
      return 0;
    } catch (RefusalException e) {
      assertThatCode(e::text).doesNotThrowAnyException();
      return 1;
    }
  }

  /** In that order; a TPM that is asked for more only fails. */
  private static ScriptedTpm playing(List<Bytes> responses) {
    List<Bytes> left = new ArrayList<>(responses);
    return ScriptedTpm.answering(command -> left.isEmpty() ? FAILURE : left.removeFirst());
  }

  private static TpmQuote quote(ScriptedTpm script) {
    return new TpmQuoter(
            script,
            new RetryRule(2, Duration.ZERO, wait -> {}),
            new TpmBootLog(Vectors.path("platforms/tpm/tpm_eventlog.bin")))
        .quote(NONCE);
  }

  private static Bytes flipped(Bytes original, int index) {
    byte[] changed = original.toArray();
    changed[index] ^= (byte) 0x80;
    return Bytes.of(changed);
  }
}
