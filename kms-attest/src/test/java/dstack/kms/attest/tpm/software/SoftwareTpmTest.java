package dstack.kms.attest.tpm.software;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.attest.tpm.PcrSelection;
import dstack.kms.attest.tpm.TpmHandle;
import dstack.kms.attest.tpm.TpmHash;
import dstack.kms.attest.tpm.TpmRefusal;
import dstack.kms.attest.tpm.client.NvIndex;
import dstack.kms.attest.tpm.client.PrimaryKey;
import dstack.kms.attest.tpm.client.RetryRule;
import dstack.kms.attest.tpm.client.Tpm;
import dstack.kms.attest.tpm.command.Authorization;
import dstack.kms.attest.tpm.command.GetRandom;
import dstack.kms.attest.tpm.command.NvReadPublic;
import dstack.kms.attest.tpm.command.NvUndefineSpace;
import dstack.kms.attest.tpm.command.NvWrite;
import dstack.kms.attest.tpm.command.PcrExtend;
import dstack.kms.attest.tpm.command.PcrRead;
import dstack.kms.attest.tpm.command.ReadPublic;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.testkit.SoftwareTpm;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every command against a software TPM, over both kinds of sockets, beside the TPM2 tools. */
class SoftwareTpmTest {
  private static final Bytes DIGEST = Digests.sha256(Bytes.utf8("app"));

  @ParameterizedTest
  @ValueSource(strings = {"unix", "tcp"})
  void measuresWhatTheToolsRead(String kind) {
    try (SoftwareTpm software = start(kind)) {
      List<Bytes> values;
      try (Tpm tpm = open(software)) {
        tpm.run(new PcrExtend(14, TpmHash.SHA256, DIGEST));
        values = tpm.run(new PcrRead(new PcrSelection(TpmHash.SHA256, List.of(0, 2, 14))));
      }
      assertThat(values)
          .containsExactly(
              Bytes.zeros(32), Bytes.zeros(32), Digests.sha256(Bytes.zeros(32), DIGEST));
      assertThat(software.tool("tpm2_pcrread", "sha256:14"))
          .containsIgnoringCase(values.getLast().hex());
    }
  }

  @Test
  void getsRandomBytesThatDiffer() {
    try (SoftwareTpm software = SoftwareTpm.overUnixSocket();
        Tpm tpm = open(software)) {
      Bytes first = tpm.run(new GetRandom(32));
      assertThat(first.length()).isEqualTo(32);
      assertThat(tpm.run(new GetRandom(32))).isNotEqualTo(first);
    }
  }

  @Test
  void readsTheSamePublicAreaOfALoadedKeyAsWhenItWasMade() {
    try (SoftwareTpm software = SoftwareTpm.overUnixSocket();
        Tpm tpm = open(software);
        PrimaryKey key = tpm.primaryKey(TpmHandle.ENDORSEMENT, ProvisionedTpm.ECC_TEMPLATE);
        PrimaryKey again = tpm.primaryKey(TpmHandle.ENDORSEMENT, ProvisionedTpm.ECC_TEMPLATE)) {
      assertThat(tpm.run(new ReadPublic(key.handle()))).isEqualTo(key.publicArea());
      assertThat(again.publicArea()).isEqualTo(key.publicArea());
      assertThat(again.handle()).isNotEqualTo(key.handle());
    }
  }

  @Test
  void keepsAnIndexFromDefinitionToItsEnd() {
    try (SoftwareTpm software = SoftwareTpm.overUnixSocket();
        Tpm tpm = open(software)) {
      NvIndex index = new NvIndex(tpm, new TpmHandle(0x0180_1101));
      assertThat(index.read()).isEmpty();
      Bytes content = Bytes.fromHex("c3".repeat(1500));
      ProvisionedTpm.store(tpm, 0x0180_1101, content);
      assertThat(index.read()).contains(content);
      NvReadPublic.Found found = tpm.run(new NvReadPublic(index.index()));
      assertThat(found.publicArea().dataSize()).isEqualTo(1500);
      assertThat(found.name().length()).isEqualTo(2 + 32);
      assertThatThrownBy(
              () ->
                  tpm.run(
                      new NvWrite(
                          TpmHandle.OWNER,
                          index.index(),
                          Bytes.zeros(2),
                          1499,
                          Authorization.EMPTY_PASSWORD)))
          .hasMessage("TPM2_NV_Write failed: TPM_RC_NV_RANGE (0x146)");
      tpm.run(new NvUndefineSpace(index.index()));
      assertThat(index.read()).isEmpty();
    }
  }

  @Test
  void refusesAnIndexThatWasNeverWritten() {
    try (SoftwareTpm software = SoftwareTpm.overUnixSocket()) {
      software.tool(
          "tpm2_nvdefine", "0x01800001", "-C", "o", "-s", "8", "-a", "ownerread|ownerwrite");
      try (Tpm tpm = open(software)) {
        assertThatThrownBy(() -> new NvIndex(tpm, new TpmHandle(0x0180_0001)).read())
            .hasMessage(
                "NV index 0x01800001: TPM2_NV_Read failed: TPM_RC_NV_UNINITIALIZED (0x14a)");
      }
    }
  }

  @Test
  void saysWhichHandleIsNotThere() {
    try (SoftwareTpm software = SoftwareTpm.overUnixSocket();
        Tpm tpm = open(software)) {
      assertThatThrownBy(() -> tpm.run(new ReadPublic(new TpmHandle(0x8100_0100))))
          .isInstanceOfSatisfying(
              RefusalException.class,
              e -> assertThat(e.code()).isEqualTo(TpmRefusal.NO_SUCH_HANDLE))
          .hasMessage("TPM2_ReadPublic failed: TPM_RC_HANDLE (0x18b, handle 1)");
    }
  }

  private static SoftwareTpm start(String kind) {
    return kind.equals("unix") ? SoftwareTpm.overUnixSocket() : SoftwareTpm.overTcp();
  }

  private static Tpm open(SoftwareTpm software) {
    return Tpm.open(ProvisionedTpm.connector(software), RetryRule.STANDARD);
  }
}
