package dstack.kms.sim.nitro;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.sim.cbor.CborText;
import dstack.kms.sim.vendor.SigningScheme;
import dstack.kms.sim.vendor.VendorKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * What an attestation document is to say (specification 15 §1): a COSE_Sign1 with ES384, its
 * payload in the order of the real device. Every part can be made wrong on purpose.
 */
public final class NsmRecipe {
  private static final Bytes ES384 = Bytes.fromHex("a1013822");
  private static final int SCALAR_LENGTH = 48;

  private final NitroAuthority authority;
  private final String moduleId;
  private final NitroChainRecipe chain;
  private final TreeMap<Integer, Bytes> registers;
  private String registersName;
  private String digest = "SHA384";
  private Instant timestamp;
  private Optional<Bytes> userData = Optional.empty();
  private Bytes protectedHeader = ES384;
  private boolean otherSigner;
  private UnaryOperator<Bytes> payloadEdit = UnaryOperator.identity();
  private UnaryOperator<Bytes> lastEdit = UnaryOperator.identity();

  private NsmRecipe(
      NitroAuthority authority,
      String documents,
      String moduleId,
      Map<Integer, Bytes> registers,
      String registersName) {
    this.authority = authority;
    this.moduleId = moduleId;
    this.registers = new TreeMap<>(registers);
    this.registersName = registersName;
    chain = new NitroChainRecipe(authority, documents, moduleId);
    timestamp = now();
  }

  /**
   * The document of an enclave.
   *
   * @param documents the address below which its chain's revocation lists lie
   * @param registers of 48 bytes each
   */
  public static NsmRecipe ofEnclave(
      NitroAuthority authority, String documents, int device, Map<Integer, Bytes> registers) {
    Bytes seed = NitroAuthority.seed(device);
    String moduleId =
        "i-0" + seed.slice(0, 8).hex() + "-enc0" + seed.slice(8, 16).hex().substring(1);
    return new NsmRecipe(authority, documents, moduleId, registers, "pcrs");
  }

  /** The document of a NitroTPM, whose module is the instance. */
  public static NsmRecipe ofTpm(
      NitroAuthority authority, String documents, int device, Map<Integer, Bytes> registers) {
    String moduleId = "i-0" + NitroAuthority.seed(device).slice(0, 8).hex();
    return new NsmRecipe(authority, documents, moduleId, registers, "nitrotpm_pcrs");
  }

  /** What names the machine. */
  public String moduleId() {
    return moduleId;
  }

  /** The time by which the document is made. */
  public Instant now() {
    return authority.folder().now();
  }

  /** How the chain is made. */
  public NitroChainRecipe chain() {
    return chain;
  }

  /** What the document is bound to; empty leaves it out. */
  public NsmRecipe userData(Optional<Bytes> value) {
    userData = value;
    return this;
  }

  /** Replaces a register. */
  public NsmRecipe register(int index, Bytes value) {
    registers.put(index, value);
    return this;
  }

  /** Leaves a register out. */
  public NsmRecipe withoutRegister(int index) {
    registers.remove(index);
    return this;
  }

  /** Leaves every register out. */
  public NsmRecipe withoutRegisters() {
    registers.clear();
    return this;
  }

  /** The key of the registers' map. */
  public NsmRecipe registersName(String name) {
    registersName = name;
    return this;
  }

  /** The name of the registers' digest. */
  public NsmRecipe digest(String name) {
    digest = name;
    return this;
  }

  /** Makes the document that much earlier; a negative age is in the future. */
  public NsmRecipe age(Duration age) {
    timestamp = now().minus(age);
    return this;
  }

  /** Replaces the protected header's CBOR. */
  public NsmRecipe protectedHeader(Bytes cbor) {
    protectedHeader = cbor;
    return this;
  }

  /** Signs with a key that is not the leaf's. */
  public NsmRecipe otherSigner() {
    otherSigner = true;
    return this;
  }

  /** Changes the payload before it is signed. */
  public NsmRecipe editPayload(UnaryOperator<Bytes> edit) {
    payloadEdit = edit;
    return this;
  }

  /** Changes the finished document. */
  public NsmRecipe editLast(UnaryOperator<Bytes> edit) {
    lastEdit = edit;
    return this;
  }

  /** The document. */
  public Bytes make() {
    NitroChain made = chain.make();
    Bytes payload = payloadEdit.apply(payload(made));
    Bytes signed =
        CborText.array(
            CborText.text("Signature1"),
            CborText.bytes(protectedHeader),
            CborText.bytes(Bytes.EMPTY),
            CborText.bytes(payload));
    VendorKey signer = otherSigner ? authority.freshKey() : made.leaf().key();
    Bytes signature = signer.signFixed(SigningScheme.ECDSA_SHA384, signed, SCALAR_LENGTH);
    return lastEdit.apply(
        CborText.array(
            CborText.bytes(protectedHeader),
            CborText.map(),
            CborText.bytes(payload),
            CborText.bytes(signature)));
  }

  private Bytes payload(NitroChain made) {
    List<Bytes> pcrs = new ArrayList<>();
    registers.forEach(
        (index, value) -> {
          pcrs.add(CborText.integer(index));
          pcrs.add(CborText.bytes(value));
        });
    Bytes[] bundle =
        made.bundle().stream().map(each -> CborText.bytes(each.der())).toArray(Bytes[]::new);
    return CborText.map(
        CborText.text("module_id"),
        CborText.text(moduleId),
        CborText.text("digest"),
        CborText.text(digest),
        CborText.text("timestamp"),
        CborText.integer(timestamp.toEpochMilli()),
        CborText.text(registersName),
        CborText.map(pcrs.toArray(Bytes[]::new)),
        CborText.text("certificate"),
        CborText.bytes(made.leaf().der()),
        CborText.text("cabundle"),
        CborText.array(bundle),
        CborText.text("public_key"),
        CborText.NULL,
        CborText.text("user_data"),
        userData.map(CborText::bytes).orElse(CborText.NULL),
        CborText.text("nonce"),
        CborText.NULL);
  }
}
