package dstack.kms.attest.nitro;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.cbor.CborMap;
import dstack.kms.core.cbor.CborValue;
import dstack.kms.core.cbor.CborWriter;
import dstack.kms.core.refusal.RefusalException;
import java.util.LinkedHashMap;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Whatever the bytes are, something strict comes out or a refusal. */
final class DocumentFuzz {
  private static final DocumentVerifier VERIFIER = Verifiers.archive(ForgedChain.NOW);
  private static final ForgedChain CHAIN = new ForgedChain();

  @FuzzTest(maxDuration = "20s")
  void anyCose(byte[] input) {
    readOrRefuse(Bytes.of(input));
  }

  @FuzzTest(maxDuration = "20s")
  void anyPayload(byte[] input) {
    for (ModuleKind kind : ModuleKind.values()) {
      try {
        AttestationDocument read = AttestationDocument.parse(Bytes.of(input), kind);
        assertThat(read.cabundle()).isNotEmpty();
        assertThat(read.registers().values()).isNotEmpty();
      } catch (RefusalException expected) {
        expected.text();
      }
    }
  }

  @FuzzTest(maxDuration = "10s")
  void anyHeader(byte[] input) {
    try {
      ProtectedHeader.requireEs384(Bytes.of(input));
      assertThat(Bytes.of(input).hex()).contains("013822");
    } catch (RefusalException expected) {
      expected.text();
    }
  }

  private static void readOrRefuse(Bytes input) {
    try {
      VERIFIER.verify(input, ModuleKind.ENCLAVE);
      throw new AssertionError("nobody can sign for AWS");
    } catch (RefusalException expected) {
      expected.text();
    }
  }

  @Property(tries = 300)
  void anyBytes(@ForAll byte[] input) {
    readOrRefuse(Bytes.of(input));
  }

  @Property(tries = 200)
  void anyChangeOfADocument(@ForAll @IntRange(max = 4000) int at, @ForAll byte value) {
    byte[] document = ForgedDocument.ofEnclave(CHAIN, Bytes.zeros(64)).cose().toArray();
    document[at % document.length] = value;
    readOrRefuse(Bytes.of(document));
  }

  @Provide
  Arbitrary<CborValue> items() {
    return Arbitraries.oneOf(
        Arbitraries.longs().map(CborValue.Int::new),
        Arbitraries.strings().ofMaxLength(8).ascii().map(CborValue.Text::new),
        Arbitraries.bytes()
            .array(byte[].class)
            .ofMaxSize(60)
            .map(b -> new CborValue.Raw(Bytes.of(b))),
        Arbitraries.of(new CborValue.Null(), new CborValue.Bool(true)),
        Arbitraries.of(new CborMap(Map.of()), new CborValue.Array(java.util.List.of())));
  }

  @Property(tries = 500)
  void anyItemInAnyField(@ForAll("items") CborValue item, @ForAll @IntRange(max = 8) int field) {
    Map<CborValue, CborValue> fields = new LinkedHashMap<>();
    String[] names = {
      "module_id",
      "digest",
      "timestamp",
      "pcrs",
      "certificate",
      "cabundle",
      "public_key",
      "user_data",
      "nonce"
    };
    ForgedDocument good = ForgedDocument.ofEnclave(CHAIN, Bytes.zeros(64));
    good.fields.forEach((name, value) -> fields.put(new CborValue.Text(name), value));
    fields.put(
        new CborValue.Text("pcrs"),
        new CborMap(Map.of(new CborValue.Int(0), new CborValue.Raw(Bytes.zeros(48)))));
    fields.put(new CborValue.Text(names[field]), item);
    anyPayload(CborWriter.write(new CborMap(fields)).toArray());
  }
}
