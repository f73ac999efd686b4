package dstack.kms.attest.tpm.nsm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.attest.tpm.TpmConnector;
import dstack.kms.attest.tpm.TpmHandle;
import dstack.kms.attest.tpm.TpmHash;
import dstack.kms.attest.tpm.TpmRefusal;
import dstack.kms.attest.tpm.TpmTransport;
import dstack.kms.attest.tpm.client.PrimaryKey;
import dstack.kms.attest.tpm.client.RetryRule;
import dstack.kms.attest.tpm.client.Tpm;
import dstack.kms.attest.tpm.command.Authorization;
import dstack.kms.attest.tpm.command.CommandCode;
import dstack.kms.attest.tpm.command.NvDefineSpace;
import dstack.kms.attest.tpm.command.NvPublic;
import dstack.kms.attest.tpm.command.NvRead;
import dstack.kms.attest.tpm.software.ProvisionedTpm;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.reportdata.ReportData;
import dstack.kms.core.secret.Secret;
import dstack.kms.testkit.SoftwareTpm;
import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Documents through NitroTPM (specification 15 §9). The software TPM does everything but the vendor
 * command, which a transport in between plays; that the HMAC authorization is right is proved by a
 * command that the software TPM has.
 */
class NitroTpmModuleTest {
  /** The largest index that the software TPM defines; the real one takes 8,192 bytes. */
  private static final int SMALL = 2048;

  private static final Bytes DOCUMENT = Bytes.utf8("a document");

  private final SecureRandom random = new SecureRandom();
  private SoftwareTpm software;

  @BeforeEach
  void start() {
    software = SoftwareTpm.overTcp();
  }

  @AfterEach
  void end() {
    software.close();
  }

  @Test
  void authorizesWithAnHmacThatTheTpmAccepts() {
    try (Tpm tpm = open();
        PrimaryKey key = endorsementKey(tpm);
        MessageBuffer buffer = MessageBuffer.define(tpm, SMALL, random)) {
      buffer.write(Bytes.utf8("message"));
      assertThat(readWithHmac(tpm, key, buffer, buffer.password()))
          .isEqualTo(Bytes.utf8("message"));
    }
  }

  @Test
  void isRefusedByTheTpmUnderAnotherPassword() {
    try (Tpm tpm = open();
        PrimaryKey key = endorsementKey(tpm);
        MessageBuffer buffer = MessageBuffer.define(tpm, SMALL, random);
        Secret other = Secret.generate(64, random)) {
      buffer.write(Bytes.utf8("message"));
      assertThatThrownBy(() -> readWithHmac(tpm, key, buffer, other))
          .isInstanceOfSatisfying(
              RefusalException.class,
              e -> assertThat(e.code()).isEqualTo(TpmRefusal.AUTHORIZATION));
    }
    assertNothingIsLeft();
  }

  /** {@code parameters} of the hash are those of the command: size and offset. */
  private static Bytes readWithHmac(
      Tpm tpm, PrimaryKey key, MessageBuffer buffer, Secret password) {
    Bytes name = buffer.name();
    try (SaltedSession session = SaltedSession.start(tpm, key, new SecureRandom())) {
      Authorization authorization =
          session.authorize(
              CommandCode.NV_READ, List.of(name, name), Bytes.fromHex("00070000"), password);
      return tpm.run(new NvRead(buffer.handle(), buffer.handle(), 7, 0, authorization));
    }
  }

  @Test
  void readsBackTheWholeBufferInChunks() {
    try (Tpm tpm = open();
        MessageBuffer buffer = MessageBuffer.define(tpm, SMALL, random)) {
      Bytes content = Bytes.concat(Bytes.fromHex("5a".repeat(1025)), Bytes.zeros(1023));
      buffer.write(content);
      assertThat(buffer.read()).isEqualTo(content);
    }
  }

  @Test
  void takesTheFirstIndexThatIsFree() {
    try (Tpm tpm = open()) {
      assertThat(FreeIndex.find(tpm)).isEqualTo(new TpmHandle(0x0100_0000));
      define(tpm, 0x0100_0000);
      define(tpm, 0x0100_0002);
      assertThat(FreeIndex.find(tpm)).isEqualTo(new TpmHandle(0x0100_0001));
      define(tpm, 0x0100_0001);
      assertThat(FreeIndex.find(tpm)).isEqualTo(new TpmHandle(0x0100_0003));
    }
  }

  @Test
  void bringsTheDocumentThatTheSecurityModuleWrites() {
    NitroModule module = new NitroModule(answer());
    assertThat(module.document()).isEqualTo(DOCUMENT);
    assertThat(module.request).isEqualTo(NsmMessages.attestationRequest(report()));
    assertThat(module.vendorCommand.hex())
        .startsWith("8002" + "0000009f" + "20000001" + "01000000" + "01000000" + "00000089" + "02");
    assertNothingIsLeft();
  }

  @Test
  void refusesWhatTheSecurityModuleRefuses() {
    NitroModule module =
        new NitroModule(Bytes.fromHex("a1654572726f726f496e76616c6964417267756d656e74"));
    assertThatThrownBy(module::document).hasMessage("NitroTPM NSM error response: InvalidArgument");
    assertNothingIsLeft();
  }

  @Test
  void leavesNothingInATpmWithoutTheVendorCommand() {
    NitroModule module = new NitroModule(answer());
    module.knowsVendorCommand = false;
    assertThatThrownBy(module::document)
        .isInstanceOfSatisfying(
            RefusalException.class, e -> assertThat(e.code()).isEqualTo(TpmRefusal.COMMAND_FAILED))
        .hasMessage(
            "NitroTPM NSM request failed: AWS_NSM_Request failed: TPM_RC_COMMAND_CODE (0x143)");
    assertNothingIsLeft();
  }

  @Test
  void leavesNothingInATpmThatHasNoRoomForTheBuffer() {
    NitroTpmModule module =
        new NitroTpmModule(ProvisionedTpm.connector(software), RetryRule.STANDARD, random);
    assertThatThrownBy(() -> module.document(ReportData.ZERO))
        .isInstanceOfSatisfying(
            RefusalException.class,
            e -> assertThat(e.text()).startsWith("TPM2_NV_DefineSpace failed: TPM_RC_SIZE"));
    assertNothingIsLeft();
  }

  private void assertNothingIsLeft() {
    assertThat(software.tool("tpm2_getcap", "handles-transient")).isBlank();
    assertThat(software.tool("tpm2_getcap", "handles-loaded-session")).isBlank();
    assertThat(software.tool("tpm2_getcap", "handles-nv-index")).isBlank();
  }

  private Tpm open() {
    return Tpm.open(ProvisionedTpm.connector(software), RetryRule.STANDARD);
  }

  private static PrimaryKey endorsementKey(Tpm tpm) {
    return tpm.primaryKey(TpmHandle.ENDORSEMENT, EndorsementKey.template());
  }

  private static void define(Tpm tpm, int index) {
    tpm.run(
        new NvDefineSpace(
            NvPublic.of(new TpmHandle(index), TpmHash.SHA256, NvPublic.OWNER_READ_WRITE, 8),
            Bytes.EMPTY));
  }

  private static ReportData report() {
    return new ReportData(Bytes.fromHex("ab".repeat(64)));
  }

  private static Bytes answer() {
    return Bytes.fromHex("a16b4174746573746174696f6ea168646f63756d656e744a" + DOCUMENT.hex());
  }

  /**
   * A NitroTPM: the software TPM with a larger index than it can define, and with the vendor
   * command, which puts the answer where the request was.
   */
  private final class NitroModule implements TpmConnector {
    private final Bytes answer;
    private boolean knowsVendorCommand = true;
    private boolean answered;
    private Bytes request = Bytes.EMPTY;
    private Bytes vendorCommand = Bytes.EMPTY;

    NitroModule(Bytes answer) {
      this.answer = answer;
    }

    Bytes document() {
      return new NitroTpmModule(this, RetryRule.STANDARD, random).document(report());
    }

    @Override
    public TpmTransport open() {
      TpmTransport real = ProvisionedTpm.connector(software).open();
      return new TpmTransport() {
        @Override
        public Bytes transmit(Bytes command) {
          return respond(real, command);
        }

        @Override
        public void close() {
          real.close();
        }
      };
    }

    private Bytes respond(TpmTransport real, Bytes command) {
      return switch (command.buffer().getInt(6)) {
        case 0x12A -> real.transmit(smaller(command));
        case 0x137 -> {
          request = command.slice(command.length() - 2 - request().length(), command.length() - 2);
          yield real.transmit(command);
        }
        case 0x20000001 -> {
          vendorCommand = command;
          answered = knowsVendorCommand;
          yield knowsVendorCommand ? success(Bytes.EMPTY) : real.transmit(command);
        }
        case 0x14E -> answered ? chunk(command) : real.transmit(command);
        default -> real.transmit(command);
      };
    }

    private static Bytes request() {
      return NsmMessages.attestationRequest(report());
    }

    /** The same definition with 2,048 bytes. */
    private static Bytes smaller(Bytes command) {
      assertThat(command.slice(command.length() - 2, command.length()).hex()).isEqualTo("2000");
      return Bytes.concat(command.slice(0, command.length() - 2), Bytes.fromHex("0800"));
    }

    private Bytes chunk(Bytes command) {
      int size = command.buffer().getShort(command.length() - 4);
      int offset = command.buffer().getShort(command.length() - 2);
      Bytes content = answer.paddedTo(NitroTpmModule.BUFFER_SIZE).slice(offset, offset + size);
      return success(Bytes.concat(Bytes.fromHex("%04x".formatted(size)), content));
    }

    private static Bytes success(Bytes parameters) {
      int length = parameters.length();
      return Bytes.concat(
          Bytes.fromHex("8002%08x00000000%08x".formatted(19 + length, length)),
          parameters,
          Bytes.fromHex("0000010000"));
    }
  }
}
