package dstack.kms.attest.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.attest.eventlog.EventLogVersion;
import dstack.kms.attest.eventlog.RuntimeEvent;
import dstack.kms.attest.eventlog.RuntimeEvents;
import dstack.kms.attest.eventlog.TdxEvent;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.core.msgpack.MsgPackWriter;
import dstack.kms.core.refusal.RefusalException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The container V1 of specification 10 §3 and its worked vectors. */
class MsgPackContainerTest {
  /** Worked vector A. */
  static final String VECTOR_A =
      "83a776657273696f6e01a8706c6174666f726d82a46b696e64a3746478a46461746182a571756f746593010203a96576656e745f6c6f67"
          + "9185a3696d7203aa6576656e745f74797065ce08000001a6646967657374c403aabbcca56576656e74a3706f64ad6576656e745f7061"
          + "796c6f6164c404deadbeefa5737461636b82a46b696e64aa64737461636b2d706f64a46461746184ab7265706f72745f64617461dc0040"
          + "07".repeat(64)
          + "ae72756e74696d655f6576656e74739182a56576656e74a3706f64a77061796c6f6164c404cafebabea6636f6e666967a27b7d"
          + "b37265706f72745f646174615f7061796c6f6164b17b2268656c6c6f223a22776f726c64227d";

  private static final String CONTEXT = "failed to decode attestation from msgpack: ";
  private static final String EMPTY_DSTACK =
      "a5737461636b82a46b696e64a664737461636ba46461746183ab7265706f72745f6461746190"
          + "ae72756e74696d655f6576656e747390a6636f6e666967a0";
  private static final String EMPTY_TDX =
      "a8706c6174666f726d82a46b696e64a3746478a46461746182a571756f746590a96576656e745f6c6f6790";

  @Test
  void readsAndWritesWorkedVectorA() {
    UnverifiedAttestation attestation = UnverifiedAttestation.decode(Bytes.fromHex(VECTOR_A));
    assertThat(attestation)
        .isEqualTo(
            new UnverifiedAttestation(
                ContainerVersion.V1,
                new TdxEvidence(
                    Bytes.fromHex("010203"),
                    List.of(
                        TdxEvent.v1(
                            3,
                            RuntimeEvent.TYPE,
                            Bytes.fromHex("aabbcc"),
                            "pod",
                            Bytes.fromHex("deadbeef")))),
                Bytes.fromHex("07".repeat(64)),
                new RuntimeEvents(List.of(RuntimeEvent.v1("pod", Bytes.fromHex("cafebabe")))),
                "{}",
                Optional.of("{\"hello\":\"world\"}")));
    assertThat(attestation.encode().hex()).isEqualTo(VECTOR_A).hasSize(2 * 317);
  }

  @Test
  void writesIntegersFrom128InTwoBytes() {
    Bytes encoded = Containers.v1(Bytes.zeros(64), RuntimeEvents.NONE, Optional.empty()).encode();
    assertThat(encoded.hex()).contains("a571756f7465" + "930102cc80");
  }

  @Test
  void upgradesTheRealAttestationToTheStatedBytes() {
    Bytes upgraded = Containers.dstack().toV1().encode();
    assertThat(upgraded).isEqualTo(Containers.vector("tdx/dstack_attestation_v1.msgpack"));
    assertThat(Digests.sha256(upgraded).hex())
        .isEqualTo("eadcb26e5b7c361b819281295e03de0e62cf13b527a3841fc0b6972643ddb0fa");
  }

  @Test
  void downgradesTheRealAttestationToItsOrigin() {
    UnverifiedAttestation v1 =
        UnverifiedAttestation.decode(Containers.vector("tdx/dstack_attestation_v1.msgpack"));
    assertThat(v1.container()).isEqualTo(ContainerVersion.V1);
    assertThat(v1.toV0().encode()).isEqualTo(Containers.vector("tdx/dstack_attestation_v0.bin"));
  }

  @Test
  void refusesToDowngradeInTheOrderOfTheSpecification() {
    RuntimeEvents version2 = new RuntimeEvents(List.of(Containers.VERSION_2));
    assertThatThrownBy(() -> Containers.v1(Bytes.EMPTY, version2, Optional.of("p")).toV0())
        .hasMessage("dstack-pod attestation cannot be represented by the legacy schema");
    assertThatThrownBy(() -> Containers.v1(Bytes.EMPTY, version2, Optional.empty()).toV0())
        .hasMessage("non-V1 runtime events cannot be represented by the legacy schema");
    assertThatThrownBy(
            () -> Containers.v1(Bytes.zeros(63), RuntimeEvents.NONE, Optional.empty()).toV0())
        .hasMessage("stack.report_data must be 64 bytes");
  }

  @ParameterizedTest
  @MethodSource("dstack.kms.attest.evidence.Containers#everyPlatform")
  void readsBackEveryPlatform(Evidence evidence) {
    UnverifiedAttestation attestation = Containers.v0(evidence).toV1();
    assertThat(UnverifiedAttestation.decode(attestation.encode())).isEqualTo(attestation);
    assertThat(attestation.toV0()).isEqualTo(Containers.v0(evidence));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tdx/dstack_attestation_v0_gcp.bin",
        "platforms/nitro/dstack_v0_prod.bin",
        "platforms/snp/sev_snp_attestation.bin",
      })
  void carriesRealEvidenceOfEveryPlatformThroughBothContainers(String name) {
    Bytes v0 = Containers.vector(name);
    Bytes v1 = UnverifiedAttestation.decode(v0).toV1().encode();
    assertThat(UnverifiedAttestation.decode(v1).toV0().encode()).isEqualTo(v0);
  }

  @Test
  void keepsVersionAndPreimageOfEvents() {
    TdxEvent event =
        new TdxEvent(
            3,
            RuntimeEvent.TYPE,
            Bytes.EMPTY,
            "e",
            Bytes.EMPTY,
            EventLogVersion.V2,
            Optional.of("7b"));
    UnverifiedAttestation attestation =
        new UnverifiedAttestation(
            ContainerVersion.V1,
            new TdxEvidence(Bytes.EMPTY, List.of(event)),
            Bytes.zeros(64),
            new RuntimeEvents(List.of(Containers.VERSION_2)),
            "",
            Optional.empty());
    Bytes encoded = attestation.encode();
    assertThat(UnverifiedAttestation.decode(encoded)).isEqualTo(attestation);
    assertThat(encoded.hex())
        .contains("a776657273696f6e02a8707265696d616765a23762")
        .contains("a77061796c6f6164c402abcda776657273696f6e02");
  }

  @Test
  void takesBinariesForIntegerArraysAndIntegerArraysAndStringsForBinaries() {
    String binQuote = VECTOR_A.replace("a571756f746593010203", "a571756f7465c403010203");
    String arrayDigest =
        VECTOR_A.replace("a6646967657374c403aabbcc", "a664696765737493ccaaccbbcccc");
    String stringDigest = VECTOR_A.replace("a6646967657374c403aabbcc", "a6646967657374a3aabbcc");
    UnverifiedAttestation expected = UnverifiedAttestation.decode(Bytes.fromHex(VECTOR_A));
    for (String hex : List.of(binQuote, arrayDigest, stringDigest)) {
      assertThat(UnverifiedAttestation.decode(Bytes.fromHex(hex))).isEqualTo(expected);
    }
  }

  @Test
  void takesWiderIntegersOtherOrderAndUnknownKeys() {
    UnverifiedAttestation expected = UnverifiedAttestation.decode(Bytes.fromHex(VECTOR_A));
    String wide = VECTOR_A.replace("a3696d7203", "a3696d72cf0000000000000003");
    String unknown = VECTOR_A.replace("9185a3696d7203", "9186a178819390c0ca00000000a3696d7203");
    unknown = unknown.replace("a178819390c0ca00000000", "a178" + "9290c0");
    String reordered =
        "83" + "a5737461636b" + stack() + "a8706c6174666f726d" + platform() + "a776657273696f6e01";
    for (String hex : List.of(wide, unknown, reordered)) {
      assertThat(UnverifiedAttestation.decode(Bytes.fromHex(hex))).isEqualTo(expected);
    }
  }

  @Test
  void takesAMissingDigestAndANilPreimageAsAbsent() {
    String noDigest =
        VECTOR_A
            .replace("9185a3696d7203", "9184a3696d7203")
            .replace("a6646967657374c403aabbcc", "");
    String nilPreimage = VECTOR_A.replace("9185a3696d7203", "9186a8707265696d616765c0a3696d7203");
    assertThat(events(noDigest).getFirst().digest()).isEqualTo(Bytes.EMPTY);
    assertThat(events(nilPreimage).getFirst().preimage()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "02, 2",
    "00, 0",
    "cd0100, 256",
  })
  void refusesOtherVersions(String encoded, String version) {
    assertThatThrownBy(
            () ->
                UnverifiedAttestation.decode(
                    Bytes.fromHex(
                        VECTOR_A.replace("a776657273696f6e01", "a776657273696f6e" + encoded))))
        .hasMessage("unsupported attestation version: expected 1, got " + version);
  }

  @Test
  void refusesTrailingBytes() {
    assertThatThrownBy(() -> UnverifiedAttestation.decode(Bytes.fromHex(VECTOR_A + "c0c0")))
        .hasMessage("trailing bytes after attestation msgpack: 2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "80",
        "81a776657273696f6e01",
        "83a776657273696f6e01a776657273696f6e01" + EMPTY_TDX, // the same key twice
        "83a776657273696f6eff" + EMPTY_TDX + EMPTY_DSTACK, // version -1
        "83a776657273696f6ea131" + EMPTY_TDX + EMPTY_DSTACK, // version as text
        "df00ffffff",
        "deffff",
        "8f",
      })
  void refusesMapsThatAreNoAttestation(String hex) {
    assertRefused(hex);
  }

  @Test
  void acceptsTheEmptyPartsThatTheRefusedOnesAreMadeOf() {
    UnverifiedAttestation empty =
        UnverifiedAttestation.decode(
            Bytes.fromHex("83a776657273696f6e01" + EMPTY_TDX + EMPTY_DSTACK));
    assertThatThrownBy(empty::reportData).hasMessage("stack.report_data must be 64 bytes");
  }

  @ParameterizedTest
  @CsvSource({
    "a3746478a4, a3746479a4", // unknown platform kind
    "aa64737461636b2d706f64, aa64737461636b2d706f65", // unknown stack kind
    "93010203, 93010203c0", // shifted
    "93010203, 9301cd010003", // an integer above 255 in a byte array
    "93010203, 9301ff03", // a negative one
    "93010203, c0", // nil for bytes
    "93010203, a3010203", // a string for an integer array
    "93010203, ddffffffff", // T-11
    "93010203, c6ffffffff", // T-11
    "a96576656e745f6c6f6791, a96576656e745f6c6f67ddffffffff", // T-11
    "c403aabbcc, c0", // nil for a digest
    "ce08000001, cf0000000100000000", // above u32
    "ce08000001, ff",
    "a56576656e74a3706f64ad, a56576656e74c403706f64ad", // a name as bin
    "a56576656e74a3706f64ad, a56576656e74a3ffffffad", // a name that is no UTF-8
    "a6636f6e666967a27b7d, a6636f6e666967c0",
    "dc0040, dc0041",
  })
  void refusesFieldsOfAnotherForm(String original, String changed) {
    assertThat(VECTOR_A).contains(original);
    assertRefused(VECTOR_A.replaceFirst(original, changed));
  }

  @Test
  void refusesMissingRepeatedAndPositionalMembers() {
    assertRefused(VECTOR_A.replace("9185a3696d7203", "9184")); // no imr
    assertRefused(VECTOR_A.replace("9185a3696d7203", "9186a3696d7203a3696d7203"));
    assertRefused(VECTOR_A.replace("9182a56576656e74a3706f64", "9181")); // no name
    assertRefused(VECTOR_A.replace("9182a56576656e74a3706f64a77061796c6f6164", "9192a3706f64"));
    assertRefused(VECTOR_A.replace("9185a3696d7203", "9186a776657273696f6e03a3696d7203"));
    assertRefused(VECTOR_A.replace("9185a3696d7203", "9186a776657273696f6ec0a3696d7203"));
    assertRefused(VECTOR_A.replace("9185a3696d7203", "9186a8707265696d616765c40100a3696d7203"));
  }

  @Test
  void refusesDataBeforeItsKind() {
    String data = platform().substring("82a46b696e64a3746478".length());
    String swapped = "82" + data + "a46b696e64a3746478";
    assertThatThrownBy(
            () ->
                UnverifiedAttestation.decode(Bytes.fromHex(VECTOR_A.replace(platform(), swapped))))
        .hasMessage(CONTEXT + "`kind` must precede `data`");
  }

  @Test
  void refusesEveryTruncation() {
    Bytes bytes = Bytes.fromHex(VECTOR_A);
    for (int length = 1; length < bytes.length(); length++) {
      Bytes cut = bytes.slice(0, length);
      assertThatThrownBy(() -> UnverifiedAttestation.decode(cut))
          .isInstanceOf(RefusalException.class)
          .hasMessageStartingWith(CONTEXT);
    }
  }

  @Test
  void refusesNestingWithoutEnd() {
    MsgPackWriter out = new MsgPackWriter();
    out.writeMapHeader(1).writeString("x");
    for (int i = 0; i < 100_000; i++) {
      out.writeArrayHeader(1);
    }
    assertRefused(out.writeNil().toBytes().hex());
  }

  private static String platform() {
    int from = VECTOR_A.indexOf("82a46b696e64a3746478");
    return VECTOR_A.substring(from, VECTOR_A.indexOf("a5737461636b82"));
  }

  private static String stack() {
    return VECTOR_A.substring(VECTOR_A.indexOf("82a46b696e64aa"));
  }

  private static List<TdxEvent> events(String hex) {
    return ((TdxEvidence) UnverifiedAttestation.decode(Bytes.fromHex(hex)).evidence()).eventLog();
  }

  private static void assertRefused(String hex) {
    assertThatThrownBy(() -> UnverifiedAttestation.decode(Bytes.fromHex(hex)))
        .isInstanceOf(RefusalException.class)
        .hasMessageStartingWith(CONTEXT);
  }
}
