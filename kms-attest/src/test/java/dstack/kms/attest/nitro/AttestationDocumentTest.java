package dstack.kms.attest.nitro;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.cbor.CborMap;
import dstack.kms.core.cbor.CborValue;
import dstack.kms.core.cbor.CborWriter;
import dstack.kms.core.refusal.RefusalException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read from a document's payload, and what is not a document. */
final class AttestationDocumentTest {
  private static final Bytes USER_DATA = Bytes.fromHex("ab".repeat(64));
  private static final ForgedChain CHAIN = new ForgedChain();

  private static AttestationDocument parse(Bytes payload) {
    return AttestationDocument.parse(payload, ModuleKind.ENCLAVE);
  }

  private static ForgedDocument document() {
    return ForgedDocument.ofEnclave(CHAIN, USER_DATA);
  }

  private static RefusalException refusal(ForgedDocument document) {
    return Refusals.of(() -> parse(document.payload()));
  }

  @Test
  void readsTheProductionDocument() {
    AttestationDocument read = parse(CoseSign1.parse(NitroVectors.prodCose()).payload());

    assertThat(read.moduleId()).isEqualTo("i-0827e799ec9232d44-enc019b5640fdf630d6");
    assertThat(read.madeAt()).isEqualTo(NitroVectors.PROD_MADE);
    assertThat(read.registers().values()).hasSize(16);
    assertThat(read.registers().require(0).hex()).startsWith("eb7d0dab08ff41546d7e5659aee883af");
    assertThat(read.registers().require(4).hex()).startsWith("7b3574ad9b7e88ec8335e8ce");
    assertThat(read.registers().require(15).isAllZero()).isTrue();
    assertThat(read.certificate().length()).isEqualTo(639);
    assertThat(read.cabundle()).extracting(Bytes::length).containsExactly(533, 708, 793, 705);
    assertThat(read.publicKey()).isEmpty();
    assertThat(read.nonce()).isEmpty();
    assertThat(read.userData()).contains(NitroVectors.prod().claimedReportData());
  }

  @Test
  void readsTheDocumentsOf2022And2023() {
    AttestationDocument of2022 = parse(CoseSign1.parse(NitroVectors.debug2022()).payload());
    AttestationDocument of2023 = parse(CoseSign1.parse(NitroVectors.valid2023()).payload());

    assertThat(of2022.madeAt()).isEqualTo(NitroVectors.DEBUG_2022_MADE);
    assertThat(of2022.userData()).contains(Bytes.utf8("hello, world!"));
    assertThat(of2022.publicKey().orElseThrow().length()).isEqualTo(19);
    assertThat(of2022.nonce()).isEmpty();
    assertThat(of2023.madeAt()).isEqualTo(NitroVectors.VALID_2023_MADE);
    assertThat(of2023.userData().orElseThrow().length()).isEqualTo(91);
    assertThat(of2023.nonce().orElseThrow().length()).isEqualTo(256);
    assertThat(of2023.moduleId()).isEqualTo("i-0918f6c55e3b61d89-enc018aa8b8e2285d13");
  }

  @Test
  void readsTheSameFromADefiniteAndAnIndefiniteMap() {
    ForgedDocument open = document();
    ForgedDocument definite = document();
    definite.open = false;

    assertThat(open.payload()).isNotEqualTo(definite.payload());
    assertThat(parse(open.payload())).isEqualTo(parse(definite.payload()));
  }

  @Test
  void ignoresUnknownKeys() {
    ForgedDocument more = document().field("boot_id", new CborValue.Array(List.of()));

    assertThat(parse(more.payload())).isEqualTo(parse(document().payload()));
  }

  @Test
  void takesAbsentAndNullOptionalFieldsAlike() {
    ForgedDocument without = document().without("public_key").without("user_data").without("nonce");
    ForgedDocument nulls =
        document()
            .field("public_key", new CborValue.Null())
            .field("user_data", new CborValue.Null())
            .field("nonce", new CborValue.Null());

    assertThat(parse(without.payload())).isEqualTo(parse(nulls.payload()));
    assertThat(parse(without.payload()).userData()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"module_id", "digest", "timestamp", "certificate", "cabundle"})
  void refusesAMissingField(String name) {
    assertThat(refusal(document().without(name)))
        .hasMessage("Failed to parse attestation document: missing field `" + name + "`");
  }

  @Test
  void refusesMissingRegistersAndBothNames() {
    ForgedDocument none = document();
    none.registersKey = "";
    assertThat(refusal(none))
        .hasMessage("Failed to parse attestation document: missing field `pcrs`");

    ForgedDocument both = ForgedDocument.ofTpm(CHAIN, USER_DATA);
    both.field("pcrs", new CborMap(Map.of()));
    assertThat(Refusals.of(() -> AttestationDocument.parse(both.payload(), ModuleKind.NITRO_TPM)))
        .hasMessage("Failed to parse attestation document: duplicate field `pcrs`");
  }

  @Test
  void takesTheNameOfTheTpmsRegistersOnlyForATpm() {
    ForgedDocument tpm = ForgedDocument.ofTpm(CHAIN, USER_DATA);
    ForgedDocument enclave = document();

    assertThat(AttestationDocument.parse(tpm.payload(), ModuleKind.NITRO_TPM).registers().values())
        .hasSize(24);
    assertThat(AttestationDocument.parse(enclave.payload(), ModuleKind.NITRO_TPM))
        .isEqualTo(parse(enclave.payload()));
    assertThat(refusal(tpm))
        .hasMessage("Failed to parse attestation document: missing field `pcrs`");
  }

  @Test
  void refusesARepeatedKeyOfTheMapAndOfTheRegisters() {
    String payload = document().payload().hex();
    String digest = "66646967657374" + "66534841333834";
    assertThat(payload).contains(digest);
    Bytes twice = Bytes.fromHex(payload.replace(digest, digest + digest));
    assertThat(Refusals.of(() -> parse(twice)))
        .hasMessage("Failed to parse attestation document: CBOR map key stands twice");

    String registers = "6470637273b0" + "005830";
    assertThat(payload).contains(registers);
    Bytes extra =
        Bytes.fromHex(
            payload.replace(registers, "6470637273b1" + "005830" + "00".repeat(48) + "005830"));
    assertThat(Refusals.of(() -> parse(extra)))
        .hasMessage("Failed to parse attestation document: CBOR map key stands twice");
  }

  @Test
  void refusesIndefiniteLengthsInside() {
    String payload = document().payload().hex();
    for (String[] change :
        new String[][] {
          {"6470637273b0", "6470637273bf"},
          {"66534841333834", "7f6653484133383" + "4ff"},
          {"68636162756e646c6584", "68636162756e646c659f"}
        }) {
      assertThat(payload).contains(change[0]);
      Bytes changed = Bytes.fromHex(payload.replace(change[0], change[1]));
      assertThat(Refusals.of(() -> parse(changed)).text())
          .startsWith("Failed to parse attestation document: ");
    }
  }

  @Test
  void refusesTrailingBytesAndOtherItems() {
    Bytes trailing = Bytes.concat(document().payload(), Bytes.zeros(1));
    assertThat(Refusals.of(() -> parse(trailing)))
        .hasMessage(
            "Failed to parse attestation document: Trailing bytes after attestation document");
    for (String other : List.of("", "80", "f6", "40", "a0", "bfff", "bf", "ff")) {
      Bytes bytes = Bytes.fromHex(other);
      assertThat(Refusals.of(() -> parse(bytes)).text())
          .startsWith("Failed to parse attestation document: ");
    }
  }

  @TestFactory
  List<DynamicTest> refusesFieldsOfOtherTypes() {
    CborValue bytesAsNumbers =
        new CborValue.Array(List.of(new CborValue.Int(1), new CborValue.Int(2)));
    List<DynamicTest> tests = new ArrayList<>();
    for (String field :
        List.of(
            "module_id",
            "digest",
            "timestamp",
            "certificate",
            "cabundle",
            "pcrs",
            "public_key",
            "user_data",
            "nonce")) {
      for (CborValue wrong :
          List.of(
              bytesAsNumbers,
              new CborValue.Bool(true),
              new CborValue.Tagged(24, new CborValue.Raw(Bytes.zeros(48))))) {
        tests.add(
            DynamicTest.dynamicTest(
                field + " " + wrong,
                () -> {
                  ForgedDocument document = document();
                  document.registersKey = field.equals("pcrs") ? "" : "pcrs";
                  assertThat(refusal(document.field(field, wrong)).text())
                      .startsWith("Failed to parse attestation document: ");
                }));
      }
    }
    return tests;
  }

  @ParameterizedTest
  @CsvSource({
    "public_key, 1024, true",
    "public_key, 1025, false",
    "user_data, 512, true",
    "user_data, 513, false",
    "nonce, 512, true",
    "nonce, 513, false"
  })
  void boundsOptionalFields(String field, int length, boolean taken) {
    ForgedDocument document = document().field(field, new CborValue.Raw(Bytes.zeros(length)));
    if (taken) {
      assertThat(parse(document.payload())).isNotNull();
    } else {
      assertThat(refusal(document))
          .hasMessage(
              "Failed to parse attestation document: "
                  + field
                  + " is longer than "
                  + (length - 1)
                  + " bytes");
    }
  }

  @Test
  void refusesAnEmptyAndAnEndlessBundle() {
    for (int count : new int[] {0, 9}) {
      List<CborValue> certificates = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        certificates.add(new CborValue.Raw(Bytes.zeros(10)));
      }
      assertThat(refusal(document().field("cabundle", new CborValue.Array(certificates))))
          .hasMessage(
              "Failed to parse attestation document: cabundle has "
                  + count
                  + " certificates instead of 1 to 8");
    }
  }

  @Test
  void refusesOtherDigestsAndRegisters() {
    assertThat(refusal(document().field("digest", new CborValue.Text("SHA512"))))
        .hasMessage("Attestation document validation failed: Unsupported digest algorithm: SHA512");
    assertThat(refusal(with(document -> document.registers.clear())))
        .hasMessage("Attestation document validation failed: No PCRs in attestation document");
    assertThat(refusal(with(document -> document.registers.put(3, Bytes.zeros(32)))))
        .hasMessage(
            "Attestation document validation failed: PCR3 length mismatch: 32 (expected 48)");
    assertThat(refusal(with(document -> document.registers.put(15, Bytes.EMPTY))))
        .hasMessage(
            "Attestation document validation failed: PCR15 length mismatch: 0 (expected 48)");
    assertThat(refusal(with(document -> document.registers.put(65_536, Bytes.zeros(48)))).text())
        .isEqualTo("Failed to parse attestation document: PCR index 65536 is out of range");
    assertThat(refusal(with(document -> document.registers.put(-1, Bytes.zeros(48)))).text())
        .isEqualTo("Failed to parse attestation document: PCR index -1 is out of range");
    assertThat(
            parse(with(d -> d.registers.put(65_535, Bytes.zeros(48))).payload())
                .registers()
                .get(65_535))
        .isPresent();
  }

  private static ForgedDocument with(Consumer<ForgedDocument> change) {
    ForgedDocument document = document();
    change.accept(document);
    return document;
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "i-0 -enc", "i-0\n", "i-ü", "i-\u0000"})
  void refusesModuleIdsThatAreNoNames(String id) {
    assertThat(refusal(document().field("module_id", new CborValue.Text(id))))
        .hasMessage(
            "Failed to parse attestation document: module_id is not 1 to 128 printable"
                + " characters");
  }

  @Test
  void refusesTimestampsThatAreNone() {
    assertThat(refusal(document().field("timestamp", new CborValue.Int(-1))))
        .hasMessage("Failed to parse attestation document: timestamp is negative");
    String payload = document().payload().hex();
    String timestamp = "6974696d657374616d701b";
    int at = payload.indexOf(timestamp) + timestamp.length();
    Bytes huge =
        Bytes.fromHex(payload.substring(0, at) + "ff".repeat(8) + payload.substring(at + 16));
    assertThat(Refusals.of(() -> parse(huge)))
        .hasMessage("Failed to parse attestation document: CBOR number beyond 2^63");
  }

  @Test
  void readsTheRegistersOfAnyOrder() {
    Map<CborValue, CborValue> reversed = new java.util.LinkedHashMap<>();
    document().registers.entrySet().stream()
        .sorted(Map.Entry.<Integer, Bytes>comparingByKey().reversed())
        .forEach(e -> reversed.put(new CborValue.Int(e.getKey()), new CborValue.Raw(e.getValue())));
    ForgedDocument document = document().field("pcrs", new CborMap(reversed));
    document.registersKey = "";
    assertThat(parse(document.payload()).registers())
        .isEqualTo(parse(document().payload()).registers());
    assertThat(CborWriter.write(new CborMap(reversed)).length()).isGreaterThan(16 * 48);
  }
}
