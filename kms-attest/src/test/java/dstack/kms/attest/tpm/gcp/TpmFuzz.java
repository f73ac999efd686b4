package dstack.kms.attest.tpm.gcp;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dstack.kms.attest.eventlog.PcrLog;
import dstack.kms.attest.tpm.TpmTransport;
import dstack.kms.attest.tpm.client.RetryRule;
import dstack.kms.attest.tpm.nsm.NitroTpmModule;
import dstack.kms.attest.tpm.software.ScriptedTpm;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.reportdata.ReportData;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;

/** Whatever a TPM answers and whatever its log holds is taken or refused; nothing else happens. */
final class TpmFuzz {
  private static final RetryRule RETRY = new RetryRule(2, Duration.ZERO, wait -> {});

  @FuzzTest(maxDuration = "20s")
  void takesOrRefusesAnyAnswerToAQuote(FuzzedDataProvider data) {
    expectRefusal(
        () ->
            new TpmQuoter(lying(data), RETRY, new TpmBootLog(Path.of("/dev/null")))
                .quote(Bytes.zeros(32), List.of()));
  }

  @FuzzTest(maxDuration = "20s")
  void takesOrRefusesAnyAnswerToARequestForADocument(FuzzedDataProvider data) {
    expectRefusal(
        () -> new NitroTpmModule(lying(data), RETRY, new SecureRandom()).document(ReportData.ZERO));
  }

  @FuzzTest(maxDuration = "20s")
  void readsOrRefusesAnyBootLog(byte[] input) {
    expectRefusal(() -> PcrLog.parse(Bytes.of(input)).sha256Digests());
  }

  /** Half of the answers get a header that fits, so that what is behind it is reached. */
  private static ScriptedTpm lying(FuzzedDataProvider data) {
    return ScriptedTpm.answering(
        command -> {
          boolean framed = data.consumeBoolean();
          Bytes content = Bytes.of(data.consumeBytes(TpmTransport.MAX_LENGTH));
          int size = content.length() + 10;
          return framed && size <= TpmTransport.MAX_LENGTH
              ? Bytes.concat(header(command, size), content)
              : content;
        });
  }

  private static Bytes header(Bytes command, int size) {
    return Bytes.of(
        ByteBuffer.allocate(10).put(command.toArray(), 0, 2).putInt(size).putInt(0).array());
  }

  private static void expectRefusal(Runnable work) {
    try {
      work.run();
    } catch (RefusalException expected) {
      expected.text();
    }
  }
}
