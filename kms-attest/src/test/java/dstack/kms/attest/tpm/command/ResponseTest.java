package dstack.kms.attest.tpm.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.attest.tpm.PcrSelection;
import dstack.kms.attest.tpm.ResponseCode;
import dstack.kms.attest.tpm.TpmHandle;
import dstack.kms.attest.tpm.TpmHash;
import dstack.kms.attest.tpm.TpmRefusal;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** T-11: what a lying TPM answers ends in a refusal (specification 14 §7, §8). */
class ResponseTest {
  private static final TpmHandle INDEX = new TpmHandle(0x01C1_0003);
  private static final TpmHandle KEY = new TpmHandle(0x8000_0001);
  private static final String SESSION = "0000" + "01" + "0000";
  private static final GetRandom RANDOM = new GetRandom(8);
  private static final PcrRead PCR_READ =
      new PcrRead(new PcrSelection(TpmHash.SHA256, List.of(0, 14)));
  private static final CreatePrimary PRIMARY =
      new CreatePrimary(TpmHandle.ENDORSEMENT, Bytes.fromHex("0023"));
  private static final Quote QUOTE =
      new Quote(KEY, Bytes.EMPTY, new PcrSelection(TpmHash.SHA256, List.of(0)));
  private static final StartAuthSession SESSION_START =
      new StartAuthSession(KEY, Bytes.EMPTY, Bytes.zeros(16), TpmHash.SHA512);

  @Test
  void readsTheAnswerOfTheToolboxRecipe() {
    assertThat(answer(RANDOM, "8001000000140000000000080102030405060708"))
        .isEqualTo(Bytes.fromHex("0102030405060708"));
  }

  @Test
  void readsAPrimaryKeyAndAQuote() {
    CreatePrimary.Created key =
        answer(
            PRIMARY,
            sessions(
                "80000000", "0002aabb" + "0000" + "0000" + "8021" + "4000000b" + "0000" + "0000"));
    assertThat(key.handle()).isEqualTo(new TpmHandle(0x8000_0000));
    assertThat(key.publicArea().hex()).isEqualTo("aabb");
    Quote.Quoted quoted =
        answer(QUOTE, sessions("", "0003010203" + "0018000b" + "0001aa" + "0001bb"));
    assertThat(quoted.message().hex()).isEqualTo("010203");
    assertThat(quoted.signature().hex()).isEqualTo("0018000b0001aa0001bb");
  }

  static Stream<Arguments> lies() {
    return Stream.of(
        Arguments.of("no header", RANDOM, "80010000000a0000"),
        Arguments.of("nothing", RANDOM, ""),
        Arguments.of("size too small", RANDOM, "8001000000130000000000080102030405060708"),
        Arguments.of("size too large", RANDOM, "8001000000150000000000080102030405060708"),
        Arguments.of("size beyond 2^31", RANDOM, "8001ffffffff0000000000080102030405060708"),
        Arguments.of("unknown tag", RANDOM, "8003000000140000000000080102030405060708"),
        Arguments.of("tag of TPM 1.2", RANDOM, "00c4000000140000000000080102030405060708"),
        Arguments.of("session tag", RANDOM, "8002000000140000000000080102030405060708"),
        Arguments.of("failure with content", RANDOM, "80010000000b0000010100"),
        Arguments.of("failure under session tag", RANDOM, "80020000000a00000101"),
        Arguments.of("content cut", RANDOM, plain("000801020304")),
        Arguments.of("content trailing", RANDOM, plain("0008010203040506070809")),
        Arguments.of("content shorter than asked", RANDOM, plain("000401020304")),
        Arguments.of("no content", RANDOM, plain("")),
        Arguments.of(
            "other selection", PCR_READ, plain("00000000" + "00000001000b03014001" + "00000000")),
        Arguments.of(
            "one register of two",
            PCR_READ,
            plain("00000000" + "00000001000b03014000" + "00000001" + "0020" + "00".repeat(32))),
        Arguments.of(
            "three registers of two",
            PCR_READ,
            plain("00000000" + "00000001000b03014000" + "00000003")),
        Arguments.of(
            "2^32 registers", PCR_READ, plain("00000000" + "00000001000b03014000" + "ffffffff")),
        Arguments.of(
            "short register",
            PCR_READ,
            plain(
                "00000000"
                    + "00000001000b03014000"
                    + "00000002"
                    + "001f"
                    + "00".repeat(31)
                    + "0020"
                    + "00".repeat(32))),
        Arguments.of(
            "no session area",
            QUOTE,
            "80020000001600000000" + "00000008" + "0000" + "0018000b" + "0000"),
        Arguments.of(
            "parameter size too large", QUOTE, "80020000001300000000" + "ffffffff" + SESSION),
        Arguments.of(
            "parameter size beyond the response",
            QUOTE,
            "80020000001300000000" + "00000006" + SESSION),
        Arguments.of("session area trailing", QUOTE, quote("0018000b00000000") + "00"),
        Arguments.of("unknown signature", QUOTE, quote("0016000b0000")),
        Arguments.of("signature cut", QUOTE, quote("0018000b00000001")),
        Arguments.of("signature trailing", QUOTE, quote("0014000b000000")),
        Arguments.of("no signature", QUOTE, quote("")),
        Arguments.of(
            "a handle that is not transient",
            PRIMARY,
            sessions("81000001", "0000" + "0000" + "0000" + "8021" + "4000000b" + "0000" + "0000")),
        Arguments.of("no handle", PRIMARY, "80020000000a00000000"),
        Arguments.of(
            "key trailing",
            PRIMARY,
            sessions(
                "80000000", "0000" + "0000" + "0000" + "8021" + "4000000b" + "0000" + "000000")),
        Arguments.of(
            "a session that is an object",
            SESSION_START,
            plain("80000000" + "0010" + "00".repeat(16))),
        Arguments.of("a short nonce", SESSION_START, plain("02000000" + "000f" + "00".repeat(15))),
        Arguments.of(
            "another index",
            new NvReadPublic(INDEX),
            plain("000e" + "01c10002000b0002000200000058" + "0000")),
        Arguments.of(
            "public area cut",
            new NvReadPublic(INDEX),
            plain("000c" + "01c10003000b000200020000" + "0000")),
        Arguments.of(
            "public area trailing",
            new NvReadPublic(INDEX),
            plain("000f" + "01c10003000b000200020000005800" + "0000")),
        Arguments.of(
            "fewer bytes of an index",
            new NvRead(INDEX, INDEX, 4, 0, Authorization.EMPTY_PASSWORD),
            sessions("", "0003010203")),
        Arguments.of(
            "more bytes of an index",
            new NvRead(INDEX, INDEX, 2, 0, Authorization.EMPTY_PASSWORD),
            sessions("", "0003010203")),
        Arguments.of(
            "another capability", new GetHandles(INDEX), plain("00" + "00000002" + "00000000")),
        Arguments.of(
            "too many handles",
            new GetHandles(INDEX),
            plain("00" + "00000001" + "000000ff" + "01c10003".repeat(255))),
        Arguments.of(
            "handles out of order",
            new GetHandles(INDEX),
            plain("00" + "00000001" + "00000002" + "01c10004" + "01c10003")),
        Arguments.of(
            "a handle twice",
            new GetHandles(INDEX),
            plain("00" + "00000001" + "00000002" + "01c10004" + "01c10004")),
        Arguments.of(
            "a handle before the first",
            new GetHandles(INDEX),
            plain("00" + "00000001" + "00000001" + "01c10002")),
        Arguments.of("answer to a flush", new FlushContext(KEY), plain("00")));
  }

  @ParameterizedTest(name = "T-11 refuses {0}")
  @MethodSource("lies")
  void refuses(String what, TpmCommand<?> command, String hex) {
    assertThatThrownBy(() -> answer(command, hex))
        .isInstanceOfSatisfying(
            RefusalException.class,
            e -> assertThat(e.code()).as(what).isEqualTo(TpmRefusal.MALFORMED_ANSWER));
  }

  @Test
  void refusesAResponseBeyondTheLargest() {
    Bytes huge = Bytes.concat(Bytes.fromHex("80010000100100000000"), Bytes.zeros(4087));
    assertThatThrownBy(() -> CommandFrame.codeOf(huge))
        .hasMessage("malformed TPM response: response of 4097 bytes");
  }

  @ParameterizedTest
  @CsvSource({
    "80010000000a00000922, 922",
    "80010000000a0000018b, 18b",
    "00c40000000a0000001e, 1e",
    "80010000000a00000000, 0"
  })
  void readsResponseCodes(String hex, String code) {
    assertThat(CommandFrame.codeOf(Bytes.fromHex(hex)))
        .isEqualTo(new ResponseCode(Integer.parseInt(code, 16)));
  }

  private static <R> R answer(TpmCommand<R> command, String hex) {
    Bytes response = Bytes.fromHex(hex);
    assertThat(CommandFrame.codeOf(response).isSuccess()).isTrue();
    return CommandFrame.decode(command, response);
  }

  private static String plain(String parameters) {
    return "8001" + size(10 + parameters.length() / 2) + "00000000" + parameters;
  }

  private static String sessions(String handle, String parameters) {
    int length = parameters.length() / 2;
    return "8002"
        + size(10 + handle.length() / 2 + 4 + length + SESSION.length() / 2)
        + "00000000"
        + handle
        + size(length)
        + parameters
        + SESSION;
  }

  private static String quote(String signature) {
    return sessions("", "0000" + signature);
  }

  private static String size(int value) {
    return "%08x".formatted(value);
  }
}
