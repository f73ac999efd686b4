package dstack.kms.sim.tpm;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.sim.container.TpmQuoteContent;
import dstack.kms.sim.vendor.VendorCertificate;
import dstack.kms.sim.vendor.VendorKey;
import dstack.kms.sim.vendor.VendorRecipe;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** What a TPM's quote is to say (specification 14 §2.2, §3); every part can be made wrong. */
public final class TpmQuoteRecipe {
  private static final long FIRMWARE = 0x2016051100162800L;
  private static final int SHA256 = 0x000b;
  private static final int RSASSA = 0x0014;
  private static final int ECDSA = 0x0018;
  private static final Bytes SIGNER = Bytes.fromHex("000b");

  private final TpmAuthority authority;
  private final String documents;
  private final int device;
  private final AkKind kind;
  private final TreeMap<Integer, Bytes> registers = new TreeMap<>();
  private List<TpmQuoteContent.Event> log;
  private long magic = 0xff544347L;
  private int type = 0x8018;
  private int bank = SHA256;
  private Bytes nonce = Bytes.EMPTY;
  private boolean otherSigner;
  private UnaryOperator<VendorRecipe> leafEdit = UnaryOperator.identity();
  private boolean foreignIssuer;
  private boolean forgedLeaf;
  private UnaryOperator<Bytes> messageEdit = UnaryOperator.identity();
  private UnaryOperator<TpmQuoteContent> lastEdit = UnaryOperator.identity();

  /**
   * A quote of registers 0, 2 and 14.
   *
   * @param documents the address below which the chain's documents lie
   * @param log from which registers 0 and 2 follow
   * @param runtime what register 14 holds
   */
  public TpmQuoteRecipe(
      TpmAuthority authority,
      String documents,
      int device,
      AkKind kind,
      List<TpmQuoteContent.Event> log,
      Bytes runtime) {
    this.authority = authority;
    this.documents = documents;
    this.device = device;
    this.kind = kind;
    this.log = List.copyOf(log);
    registers.put(0, TpmBoot.replay(0, log));
    registers.put(2, TpmBoot.replay(2, log));
    registers.put(14, runtime);
  }

  /** The time by which the quote is made. */
  public Instant now() {
    return authority.folder().now();
  }

  /** What the quote is bound to. */
  public TpmQuoteRecipe nonce(Bytes value) {
    nonce = value;
    return this;
  }

  /** Replaces or adds a register. */
  public TpmQuoteRecipe register(int index, Bytes value) {
    registers.put(index, value);
    return this;
  }

  /** Leaves a register out. */
  public TpmQuoteRecipe withoutRegister(int index) {
    registers.remove(index);
    return this;
  }

  /** Measures other events: registers 0 and 2 follow. */
  public TpmQuoteRecipe editLog(UnaryOperator<List<TpmQuoteContent.Event>> edit) {
    log = edit.apply(new ArrayList<>(log));
    registers.put(0, TpmBoot.replay(0, log));
    registers.put(2, TpmBoot.replay(2, log));
    return this;
  }

  /** The first word of the structure. */
  public TpmQuoteRecipe magic(long value) {
    magic = value;
    return this;
  }

  /** The kind of structure. */
  public TpmQuoteRecipe type(int value) {
    type = value;
    return this;
  }

  /** The algorithm of the selected bank. */
  public TpmQuoteRecipe bank(int algorithm) {
    bank = algorithm;
    return this;
  }

  /** Signs with a key that is not the certified one. */
  public TpmQuoteRecipe otherSigner() {
    otherSigner = true;
    return this;
  }

  /** Changes the key's certificate before it is signed. */
  public TpmQuoteRecipe editLeaf(UnaryOperator<VendorRecipe> edit) {
    leafEdit = edit;
    return this;
  }

  /** Certifies the key by another intermediate of the same name. */
  public TpmQuoteRecipe foreignIssuer() {
    foreignIssuer = true;
    return this;
  }

  /** The key's certificate names the intermediate, which never signed it. */
  public TpmQuoteRecipe forgedLeaf() {
    forgedLeaf = true;
    return this;
  }

  /** Changes the structure before it is signed. */
  public TpmQuoteRecipe editMessage(UnaryOperator<Bytes> edit) {
    messageEdit = edit;
    return this;
  }

  /** Changes the finished quote. */
  public TpmQuoteRecipe editLast(UnaryOperator<TpmQuoteContent> edit) {
    lastEdit = edit;
    return this;
  }

  /** The quote. */
  public TpmQuoteContent make() {
    VendorKey key = authority.attestationKey(kind);
    Bytes message = messageEdit.apply(message(key));
    VendorKey signer = otherSigner ? authority.folder().freshKey(kind.key()) : key;
    List<TpmQuoteContent.Value> values = new ArrayList<>();
    registers.forEach(
        (index, value) -> values.add(new TpmQuoteContent.Value(index, "sha256", value)));
    return lastEdit.apply(
        new TpmQuoteContent(
            message,
            signature(signer, message),
            values,
            certificate(key).der(),
            TpmQuoteContent.Maker.GCP,
            log));
  }

  private Bytes message(VendorKey key) {
    return Bytes.concat(
        BigEndian.u32(magic),
        BigEndian.u16(type),
        BigEndian.sized(Bytes.concat(SIGNER, Digests.sha256(key.publicInfo()))),
        BigEndian.sized(nonce),
        BigEndian.u64(163_535_471),
        BigEndian.u32(15),
        BigEndian.u32(0),
        BigEndian.u8(1),
        BigEndian.u64(FIRMWARE),
        selection(),
        BigEndian.sized(Digests.sha256(registers.values().toArray(Bytes[]::new))));
  }

  private Bytes selection() {
    byte[] bitmap = new byte[3];
    for (int index : registers.keySet()) {
      bitmap[index / 8] |= (byte) (1 << index % 8);
    }
    return Bytes.concat(
        BigEndian.u32(1), BigEndian.u16(bank), BigEndian.u8(bitmap.length), Bytes.of(bitmap));
  }

  private Bytes signature(VendorKey signer, Bytes message) {
    return switch (kind) {
      case RSA ->
          Bytes.concat(
              BigEndian.u16(RSASSA),
              BigEndian.u16(SHA256),
              BigEndian.sized(signer.sign(kind.scheme(), message)));
      case ECC -> {
        Bytes scalars = signer.signFixed(kind.scheme(), message, 32);
        yield Bytes.concat(
            BigEndian.u16(ECDSA),
            BigEndian.u16(SHA256),
            BigEndian.sized(scalars.slice(0, 32)),
            BigEndian.sized(scalars.slice(32, 64)));
      }
    };
  }

  private VendorCertificate certificate(VendorKey key) {
    VendorRecipe recipe = leafEdit.apply(authority.attestationRecipe(documents, key, device));
    VendorCertificate issuer = authority.intermediate(documents);
    if (foreignIssuer) {
      VendorKey other = authority.folder().freshKey(issuer.key().kind());
      return recipe.signedBy(
          authority
              .folder()
              .recipe(
                  issuer.certificate().getSubject().toString(),
                  other,
                  Duration.ofDays(1),
                  Duration.ofDays(1))
              .authority()
              .signsWith(issuer.scheme())
              .selfSigned());
    }
    return forgedLeaf
        ? recipe.forged(issuer, authority.folder().freshKey(issuer.key().kind()))
        : recipe.signedBy(issuer);
  }
}
