package dstack.kms.attest.nitro;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.core.cbor.CborMap;
import dstack.kms.core.cbor.CborValue;
import dstack.kms.core.cbor.CborWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** An attestation document of either kind; every part can be changed before it is signed. */
final class ForgedDocument {
  static final Bytes ES384 = Bytes.fromHex("a1013822");

  final Map<String, CborValue> fields = new LinkedHashMap<>();
  final Map<Integer, Bytes> registers = new TreeMap<>();
  String registersKey = "pcrs";
  boolean open = true;
  Bytes protectedHeader = ES384;
  CborValue unprotected = new CborMap(Map.of());
  String signer = ForgedChain.LEAF;
  Optional<Bytes> signature = Optional.empty();
  Optional<Bytes> payload = Optional.empty();

  private ForgedDocument(ForgedChain chain, String moduleId, Bytes userData) {
    field("module_id", new CborValue.Text(moduleId));
    field("digest", new CborValue.Text("SHA384"));
    made(ForgedChain.NOW);
    field("certificate", new CborValue.Raw(chain.leaf.der()));
    field(
        "cabundle",
        new CborValue.Array(chain.cabundle().stream().<CborValue>map(CborValue.Raw::new).toList()));
    field("public_key", new CborValue.Null());
    field("user_data", new CborValue.Raw(userData));
    field("nonce", new CborValue.Null());
  }

  static ForgedDocument ofEnclave(ForgedChain chain, Bytes userData) {
    ForgedDocument document =
        new ForgedDocument(chain, "i-0123456789abcdef0-enc0123456789abcdef", userData);
    for (int i = 0; i < 16; i++) {
      document.registers.put(i, i < 3 ? register("enclave " + i) : Bytes.zeros(48));
    }
    return document;
  }

  static ForgedDocument ofTpm(ForgedChain chain, Bytes userData) {
    ForgedDocument document =
        new ForgedDocument(chain, "i-0123456789abcdef0-tpm0000000000000000", userData);
    document.registersKey = "nitrotpm_pcrs";
    for (int i = 0; i < 24; i++) {
      document.registers.put(i, i < 8 || i == 12 ? register("tpm " + i) : Bytes.zeros(48));
    }
    return document;
  }

  static Bytes register(String name) {
    return Digests.sha384(Bytes.utf8(name));
  }

  ForgedDocument field(String name, CborValue value) {
    fields.put(name, value);
    return this;
  }

  ForgedDocument without(String name) {
    fields.remove(name);
    return this;
  }

  ForgedDocument made(Instant at) {
    return field("timestamp", new CborValue.Int(at.toEpochMilli()));
  }

  Bytes payload() {
    if (payload.isPresent()) {
      return payload.get();
    }
    Map<CborValue, CborValue> all = new LinkedHashMap<>();
    fields.forEach((name, value) -> all.put(new CborValue.Text(name), value));
    if (!registersKey.isEmpty()) {
      Map<CborValue, CborValue> values = new LinkedHashMap<>();
      registers.forEach((i, value) -> values.put(new CborValue.Int(i), new CborValue.Raw(value)));
      all.put(new CborValue.Text(registersKey), new CborMap(values));
    }
    Bytes definite = CborWriter.write(new CborMap(all));
    return open
        ? Bytes.concat(
            Bytes.fromHex("bf"), definite.slice(1, definite.length()), Bytes.fromHex("ff"))
        : definite;
  }

  /** What the signature is over, laid out by hand. */
  Bytes signedStructure() {
    Bytes payload = payload();
    return Bytes.concat(
        Bytes.fromHex("846a5369676e617475726531"),
        CborWriter.write(new CborValue.Raw(protectedHeader)),
        Bytes.fromHex("40"),
        CborWriter.write(new CborValue.Raw(payload)));
  }

  Bytes signature() {
    return signature.orElseGet(() -> P384Keys.sign(signer, signedStructure()));
  }

  List<CborValue> parts() {
    return new ArrayList<>(
        List.of(
            new CborValue.Raw(protectedHeader),
            unprotected,
            new CborValue.Raw(payload()),
            new CborValue.Raw(signature())));
  }

  Bytes cose() {
    return CborWriter.write(new CborValue.Array(parts()));
  }
}
