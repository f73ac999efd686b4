package dstack.kms.attest.tpm.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.attest.tpm.PcrSelection;
import dstack.kms.attest.tpm.TpmHandle;
import dstack.kms.attest.tpm.TpmHash;
import dstack.kms.attest.tpm.TpmWriter;
import dstack.kms.core.bytes.Bytes;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The bytes of commands: those of specification 14 §7, the others from the TPM 2.0 library. */
class CommandBytesTest {
  private static final PcrSelection GCP = new PcrSelection(TpmHash.SHA256, List.of(0, 2, 14));
  private static final TpmHandle INDEX = new TpmHandle(0x01C1_0003);
  private static final TpmHandle KEY = new TpmHandle(0x8000_0001);
  private static final String EMPTY_PASSWORD = "00000009" + "40000009" + "0000" + "00" + "0000";

  static Stream<Arguments> commands() {
    Bytes nonce = Bytes.fromHex("ab".repeat(32));
    return Stream.of(
        Arguments.of(new GetRandom(32), "80010000000c0000017b0020"),
        Arguments.of(new PcrRead(GCP), "8001000000140000017e00000001000b03054000"),
        Arguments.of(
            new Quote(KEY, nonce, GCP),
            "8002000000490000015880000001"
                + EMPTY_PASSWORD
                + "0020"
                + nonce
                + "001000000001000b03054000"),
        Arguments.of(new FlushContext(KEY), "80010000000e0000016580000001"),
        Arguments.of(new NvReadPublic(INDEX), "80010000000e0000016901c10003"),
        Arguments.of(
            new NvRead(TpmHandle.OWNER, INDEX, 88, 5, Authorization.EMPTY_PASSWORD),
            "8002000000230000014e4000000101c10003" + EMPTY_PASSWORD + "00580005"),
        Arguments.of(
            new NvWrite(
                INDEX, INDEX, Bytes.fromHex("aabb"), 7, Authorization.password(Bytes.utf8("p"))),
            "8002000000260000013701c1000301c10003"
                + "0000000a40000009000000000170"
                + "0002aabb0007"),
        Arguments.of(
            new NvDefineSpace(
                NvPublic.of(INDEX, TpmHash.SHA256, NvPublic.OWNER_READ_WRITE, 88), Bytes.EMPTY),
            "80020000002d0000012a40000001"
                + EMPTY_PASSWORD
                + "0000"
                + "000e01c10003000b0002000200000058"),
        Arguments.of(
            new NvUndefineSpace(INDEX), "80020000001f000001224000000101c10003" + EMPTY_PASSWORD),
        Arguments.of(
            new CreatePrimary(TpmHandle.ENDORSEMENT, Bytes.fromHex("0023")),
            "80020000002b000001314000000b"
                + EMPTY_PASSWORD
                + "000400000000"
                + "00020023"
                + "0000"
                + "00000000"),
        Arguments.of(new ReadPublic(KEY), "80010000000e0000017380000001"),
        Arguments.of(
            new PcrExtend(14, TpmHash.SHA256, nonce),
            "80020000004100000182" + "0000000e" + EMPTY_PASSWORD + "00000001000b" + nonce),
        Arguments.of(
            new GetHandles(new TpmHandle(0x0100_0000)),
            "8001000000160000017a0000000101000000000000fe"),
        Arguments.of(
            new StartAuthSession(KEY, Bytes.fromHex("cc"), nonce.slice(0, 16), TpmHash.SHA512),
            "80010000002c0000017680000001400000070010" + "ab".repeat(16) + "0001cc" + "000010000d"),
        Arguments.of(
            new NsmRequest(
                INDEX,
                new Authorization(
                    new TpmHandle(0x0200_0000), Bytes.fromHex("01"), 1, Bytes.fromHex("02"))),
            "80020000002120000001"
                + "01c1000301c10003"
                + "0000000b"
                + "02000000000101010001"
                + "02"));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void writesTheBytesOfTheSpecification(TpmCommand<?> command, String hex) {
    assertThat(CommandFrame.encode(command).hex()).isEqualTo(hex);
  }

  @Test
  void putsEachRegisterAtItsBit() {
    for (int register = 0; register < 24; register++) {
      TpmWriter output = new TpmWriter();
      new PcrSelection(TpmHash.SHA384, List.of(register)).write(output);
      byte[] bitmap = new byte[3];
      bitmap[register / 8] = (byte) (1 << register % 8);
      assertThat(output.bytes().hex()).isEqualTo("00000001000c03" + Bytes.of(bitmap));
    }
  }

  static Stream<List<Integer>> impossibleSelections() {
    return Stream.of(
        List.of(),
        List.of(24),
        List.of(-1),
        List.of(2, 2),
        List.of(2, 0),
        List.of(0, 1, 2, 3, 4, 5, 6, 7, 8));
  }

  @ParameterizedTest
  @MethodSource("impossibleSelections")
  void knowsNoOtherSelections(List<Integer> registers) {
    assertThatThrownBy(() -> new PcrSelection(TpmHash.SHA256, registers))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void sendsNothingThatNoTpmTakes() {
    assertThatThrownBy(() -> new GetRandom(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new GetRandom(49)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Quote(KEY, Bytes.zeros(65), GCP))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new PcrExtend(24, TpmHash.SHA256, Bytes.zeros(32)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new PcrExtend(14, TpmHash.SHA256, Bytes.zeros(48)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> CommandFrame.encode(new CreatePrimary(TpmHandle.ENDORSEMENT, Bytes.zeros(4090))))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new TpmWriter().sized(Bytes.zeros(65_536)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void showsNoPasswordInText() {
    Authorization password = Authorization.password(Bytes.fromHex("5ec4e7"));
    NvPublic index = NvPublic.of(INDEX, TpmHash.SHA512, NvPublic.AUTH_READ_WRITE, 8);
    assertThat(
            new NvRead(INDEX, INDEX, 1, 0, password)
                + " "
                + new NvDefineSpace(index, Bytes.fromHex("5ec4e7")))
        .doesNotContain("5ec4e7");
  }
}
