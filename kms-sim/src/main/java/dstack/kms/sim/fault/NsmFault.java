package dstack.kms.sim.fault;

import com.google.errorprone.annotations.Immutable;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.sim.nitro.NitroLink;
import dstack.kms.sim.nitro.NsmRecipe;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.bouncycastle.asn1.x509.KeyUsage;

/** An attestation document, of an enclave or a NitroTPM, that is not what it should be. */
public enum NsmFault implements SimulatedFault {
  OTHER_SIGNATURE(document -> document.editLast(raw -> turnedOver(raw, raw.length() - 1))),
  OTHER_SIGNER(NsmRecipe::otherSigner),
  ALTERED_AFTER_SIGNING(document -> document.editLast(raw -> turnedOver(raw, 40))),
  TRAILING_BYTE(document -> document.editLast(raw -> Bytes.concat(raw, Bytes.zeros(1)))),
  TRUNCATED(document -> document.editLast(raw -> raw.slice(0, raw.length() - 1))),
  PAYLOAD_WITH_TRAILING_BYTE(
      document -> document.editPayload(raw -> Bytes.concat(raw, Bytes.zeros(1)))),
  ANOTHER_ALGORITHM(document -> document.protectedHeader(Bytes.fromHex("a10126"))),
  NO_ALGORITHM(document -> document.protectedHeader(Bytes.fromHex("a0"))),
  UNKNOWN_CRITICAL_HEADER(document -> document.protectedHeader(Bytes.fromHex("a20138220281182a"))),
  ANOTHER_DIGEST(document -> document.digest("SHA256")),
  NO_REGISTERS(NsmRecipe::withoutRegisters),
  SHORT_REGISTER(document -> document.register(3, Bytes.zeros(32))),
  REGISTERS_OF_ANOTHER_NAME(document -> document.registersName("nitro_pcrs")),
  /** One second more than an hour. */
  STALE(document -> document.age(Duration.ofSeconds(3601))),
  /** One second more than five minutes. */
  FROM_THE_FUTURE(document -> document.age(Duration.ofSeconds(-301))),
  OTHER_USER_DATA(document -> document.userData(Optional.of(Bytes.fromHex("ab".repeat(64))))),
  NO_USER_DATA(document -> document.userData(Optional.empty())),
  LEAF_EXPIRED(document -> expired(document, NitroLink.LEAF)),
  LEAF_NOT_YET_VALID(
      document ->
          document
              .chain()
              .edit(
                  NitroLink.LEAF,
                  leaf ->
                      leaf.validity(
                          document.now().plusSeconds(60), document.now().plusSeconds(120)))),
  ZONAL_EXPIRED(document -> expired(document, NitroLink.ZONAL)),
  REGIONAL_EXPIRED(document -> expired(document, NitroLink.REGIONAL)),
  LEAF_IS_A_CA(document -> document.chain().edit(NitroLink.LEAF, leaf -> leaf.authority(0))),
  LEAF_MAY_SIGN_CERTIFICATES(
      document ->
          document
              .chain()
              .edit(
                  NitroLink.LEAF,
                  leaf -> leaf.keyUsage(KeyUsage.digitalSignature | KeyUsage.keyCertSign))),
  LEAF_FOR_ANOTHER_PURPOSE(
      document -> document.chain().edit(NitroLink.LEAF, leaf -> leaf.purpose("1.3.6.1.5.5.7.3.4"))),
  /** The leaf names the right issuer, which never signed it. */
  LEAF_FORGED(document -> document.chain().forgedLeaf()),
  /** Below the zonal CA no more than one CA may follow, and here none. */
  CHAIN_TOO_LONG(document -> document.chain().edit(NitroLink.ZONAL, zonal -> zonal.authority(0))),
  FOREIGN_ROOT(document -> document.chain().foreignRoot()),
  CHAIN_WITHOUT_ZONAL(
      document ->
          document
              .chain()
              .editBundle(
                  bundle -> {
                    bundle.remove(2);
                    return bundle;
                  })),
  /** The bundle begins with another certificate than the root. */
  BUNDLE_OF_ANOTHER_ROOT(
      document ->
          document
              .chain()
              .editBundle(
                  bundle -> {
                    bundle.set(0, bundle.get(3));
                    return bundle;
                  }));

  /** Changes a document before or after it is signed. */
  @Immutable
  private interface Edit {
    void apply(NsmRecipe document);
  }

  private final Edit edit;

  NsmFault(Edit edit) {
    this.edit = edit;
  }

  /** Changes what the document says. */
  public void applyTo(NsmRecipe document) {
    edit.apply(document);
  }

  private static void expired(NsmRecipe document, NitroLink link) {
    Instant now = document.now();
    document
        .chain()
        .edit(link, recipe -> recipe.validity(now.minus(Duration.ofDays(30)), now.minusSeconds(1)));
  }

  private static Bytes turnedOver(Bytes raw, int offset) {
    byte[] changed = raw.toArray();
    changed[offset] ^= 1;
    return Bytes.of(changed);
  }
}
