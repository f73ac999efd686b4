package dstack.kms.attest.gcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.attest.dcap.QuoteVerifier;
import dstack.kms.attest.dcap.TdxTrustAnchor;
import dstack.kms.attest.device.GuestFiles;
import dstack.kms.attest.device.NativeLibC;
import dstack.kms.attest.device.Timing;
import dstack.kms.attest.eventlog.RuntimeEvent;
import dstack.kms.attest.eventlog.RuntimeEvents;
import dstack.kms.attest.evidence.GcpTdxEvidence;
import dstack.kms.attest.evidence.TpmQuote;
import dstack.kms.attest.evidence.UnverifiedAttestation;
import dstack.kms.attest.forged.Certs;
import dstack.kms.attest.issuer.NoIssuerDocuments;
import dstack.kms.attest.issuer.RevocationRule;
import dstack.kms.attest.platform.Claims;
import dstack.kms.attest.source.EventLock;
import dstack.kms.attest.source.GcpTdxQuoteSource;
import dstack.kms.attest.tdx.TdxVerifier;
import dstack.kms.attest.tpm.TpmHash;
import dstack.kms.attest.tpm.TpmRefusal;
import dstack.kms.attest.tpm.client.RetryRule;
import dstack.kms.attest.tpm.client.Tpm;
import dstack.kms.attest.tpm.command.PcrExtend;
import dstack.kms.attest.tpm.gcp.TpmBootLog;
import dstack.kms.attest.tpm.gcp.TpmQuoter;
import dstack.kms.attest.tpm.software.ProvisionedTpm;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.core.config.GcpEvidenceConfig;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.testkit.SoftwareTpm;
import dstack.kms.testkit.Vectors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The quote source {@code gcp-tdx} and the verifier face to face: a forged TDX quote, everything
 * else from files and from a software TPM.
 */
class SoftwareTpmEvidenceTest {
  private static final int RTMR0 = 328;
  private static final int LENGTH = 48;

  /** Replays of the boot log {@code tdx/ccel_dstack.bin} by specification 12 §1. */
  private static final String RTMR0_VALUE =
      "274c2344116db7c663470693b5ba62b8621eac28cb41d2f816ddf188f9f423f900a1c44d32386fd3c993dc814e62af9d";

  private static final String RTMR1_VALUE =
      "bdcf4ee0f7fdfe7c73fbb19ded73193aee23a6726b86d3b282ea097cf4c9ed7a0db21b5c1ccd513e410d90e310836b26";

  @TempDir Path folder;

  private final GcpWorld world = new GcpWorld();
  private final RuntimeEvents events = world.events;
  private SoftwareTpm software;

  @BeforeEach
  void start() throws IOException {
    software = SoftwareTpm.overUnixSocket();
    ProvisionedTpm.provision(software, events);
    writeLog(events);
    Files.copy(Vectors.path("tdx/ccel_dstack.bin"), folder.resolve("ccel"));
    Files.writeString(folder.resolve(".sys-config.json"), "{\"vm_config\":\"{}\"}");
    world.tdx.quote(
        quote -> {
          System.arraycopy(Bytes.fromHex(RTMR0_VALUE).toArray(), 0, quote.body, RTMR0, LENGTH);
          System.arraycopy(
              Bytes.fromHex(RTMR1_VALUE).toArray(), 0, quote.body, RTMR0 + LENGTH, LENGTH);
          System.arraycopy(new byte[LENGTH], 0, quote.body, RTMR0 + 2 * LENGTH, LENGTH);
        });
  }

  @AfterEach
  void end() {
    software.close();
  }

  @Test
  void makesEvidenceThatTheVerifierAccepts() {
    UnverifiedAttestation made = attest();
    VerifiedGcpTdx verified = verifier().verify(evidence(made), claims(made));
    assertThat(verified.unchecked()).isEmpty();
    assertThat(made.config()).isEqualTo("{}");
    assertThat(made.runtimeEvents()).isEqualTo(events);
    assertThat(made.reportData()).isEqualTo(world.reportData());
  }

  @Test
  void makesEvidenceWithTheRsaKeyThatTheVerifierAccepts() {
    software.tool("tpm2_nvundefine", "-C", "o", "0x01C10003");
    UnverifiedAttestation made = attest();
    assertThat(evidence(made).tpmQuote().signature().hex()).startsWith("0014");
    assertThat(verifier().verify(evidence(made), claims(made)).unchecked()).isEmpty();
  }

  @Test
  void bindsTheTpmToTheWholeTdxQuote() {
    GcpTdxEvidence evidence = evidence(attest());
    assertThat(TpmsAttest.parse(evidence.tpmQuote().message()).extraData())
        .isEqualTo(Digests.sha256(evidence.quote()));
    assertThat(evidence.eventLog()).hasSize(18 + events.events().size());
  }

  @Test
  void t43_itsEvidenceIsRefusedOnceAnythingChanged() {
    UnverifiedAttestation made = attest();
    TpmQuote quote = evidence(made).tpmQuote();
    assertRefused(
        made,
        Changed.withMessage(quote, GcpData.xor(quote.message(), 70, 1)),
        "failed to verify TPM quote: verification failed: ");
    assertRefused(
        made,
        Changed.withSignature(quote, GcpData.xor(quote.signature(), 40, 1)),
        "failed to verify TPM quote: verification failed: signature verification failed");
    assertRefused(
        made,
        Changed.withEventLog(quote, quote.eventLog().subList(1, quote.eventLog().size())),
        "failed to verify TPM quote: verification failed: event log verification failed: PCR 0");
  }

  @Test
  void makesItsEvidenceAnewWhenAnEventWasEmittedMeanwhile() {
    AtomicInteger quotes = new AtomicInteger();
    UnverifiedAttestation made =
        UnverifiedAttestation.decode(
            source(
                    () -> {
                      if (quotes.getAndIncrement() == 0) {
                        emit();
                      }
                    })
                .attest(world.reportData()));
    assertThat(quotes).hasValue(2);
    assertThat(made.runtimeEvents().events()).hasSize(events.events().size() + 1);
  }

  @Test
  void refusesWhenTheRegisterNeverFitsTheLog() throws IOException {
    writeLog(RuntimeEvents.NONE);
    assertThatThrownBy(this::attest)
        .isInstanceOfSatisfying(
            RefusalException.class, e -> assertThat(e.code()).isEqualTo(TpmRefusal.REGISTERS_MOVED))
        .hasMessage("PCR 14 does not fit the runtime events of this machine");
  }

  private UnverifiedAttestation attest() {
    return UnverifiedAttestation.decode(source(() -> {}).attest(world.reportData()));
  }

  private GcpTdxQuoteSource source(Runnable duringQuote) {
    Path log = folder.resolve("runtime_events.log");
    return new GcpTdxQuoteSource(
        reportData -> {
          duringQuote.run();
          return world.tdx.quoteBytes();
        },
        new TpmQuoter(
            ProvisionedTpm.connector(software),
            RetryRule.STANDARD,
            new TpmBootLog(Vectors.path("platforms/tpm/tpm_eventlog.bin"))),
        new GuestFiles(folder.resolve("ccel"), log, folder),
        EventLock.beside(log, NativeLibC.load(), Timing.system(), Duration.ofSeconds(1)));
  }

  /** One more event in the register and in the log, as the guest does it. */
  private void emit() {
    RuntimeEvent event = RuntimeEvent.v1("storage-fs", Bytes.utf8("zfs"));
    try (Tpm tpm = Tpm.open(ProvisionedTpm.connector(software), RetryRule.STANDARD)) {
      tpm.run(new PcrExtend(14, TpmHash.SHA256, event.sha256()));
    }
    java.util.List<RuntimeEvent> more = new java.util.ArrayList<>(events.events());
    more.add(event);
    try {
      writeLog(new RuntimeEvents(more));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private void writeLog(RuntimeEvents content) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (RuntimeEvent event : content.events()) {
      lines
          .append("{\"event\":\"")
          .append(event.name())
          .append("\",\"payload\":\"")
          .append(Base64.getEncoder().encodeToString(event.payload().toArray()))
          .append("\"}\n");
    }
    Files.writeString(folder.resolve("runtime_events.log"), lines);
  }

  private void assertRefused(UnverifiedAttestation made, TpmQuote changed, String text) {
    GcpTdxEvidence evidence =
        new GcpTdxEvidence(evidence(made).quote(), evidence(made).eventLog(), changed);
    assertThatThrownBy(() -> verifier().verify(evidence, claims(made)))
        .isInstanceOf(RefusalException.class)
        .hasMessageStartingWith(text);
  }

  private GcpTdxVerifier verifier() {
    InstantSource clock = InstantSource.fixed(GcpWorld.NOW);
    QuoteVerifier quotes =
        new QuoteVerifier(TdxTrustAnchor.external(world.tdx.rootDer()), GcpWorld.VERIFIER);
    Bytes root = Certs.authority(ProvisionedTpm.ROOT, ProvisionedTpm.ROOT).der();
    AttestationKeyChain chains =
        new AttestationKeyChain(
            GcpTrustAnchor.external(Bytes.utf8(Certs.pem(root))),
            new NoIssuerDocuments(),
            RevocationRule.REQUIRED,
            GcpWorld.VERIFIER,
            clock);
    return new GcpTdxVerifier(
        new TdxVerifier(quotes, quote -> world.tdx.collateral(), clock),
        chains,
        GcpWorld.VERIFIER,
        GcpEvidenceConfig.defaults());
  }

  private static GcpTdxEvidence evidence(UnverifiedAttestation made) {
    return (GcpTdxEvidence) made.evidence();
  }

  private static Claims claims(UnverifiedAttestation made) {
    return new Claims(made.reportData(), made.runtimeEvents(), made.config());
  }
}
