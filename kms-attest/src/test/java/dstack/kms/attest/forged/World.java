package dstack.kms.attest.forged;

import dstack.kms.attest.collateral.Collateral;
import dstack.kms.core.bytes.Bytes;
import java.time.Instant;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Encodable;

/** One consistent set of certificates, lists, documents and a quote. Change it, then build. */
public final class World {
  public static final String ROOT = "Forged Root CA";
  public static final String PCK_CA = "Forged PCK Platform CA";
  public static final String PCK = "Forged PCK Certificate";
  public static final String SIGNER = "Forged TCB Signing";
  public static final Instant NOW = Instant.ofEpochSecond(1_800_000_000L);

  public final Certs root = Certs.authority(ROOT, ROOT);
  public final Certs pckCa = Certs.authority(PCK_CA, ROOT);
  public final Certs signer = Certs.leaf(SIGNER, ROOT);
  public final Certs qeSigner = Certs.leaf(SIGNER, ROOT);
  public final PckParts pckParts = new PckParts();
  public final Certs pck = Certs.leaf(PCK, PCK_CA);
  public final Crls rootCrl = Crls.of(ROOT);
  public final Crls pckCrl = Crls.of(PCK_CA);
  public String tcbInfo = TDX_TCB_INFO;
  public String qeIdentity = TD_QE_IDENTITY;
  public Optional<Bytes> tcbInfoSignature = Optional.empty();
  public Optional<Bytes> qeIdentitySignature = Optional.empty();
  public Optional<String> tcbInfoChain = Optional.empty();
  public Optional<String> qeIdentityChain = Optional.empty();
  public Optional<String> pckChain = Optional.empty();
  public Optional<String> collateralPckChain = Optional.empty();
  public java.util.function.Consumer<Quotes> quote = q -> {};

  public static final String LEVEL_COMPONENTS =
      "[{\"svn\":5},{\"svn\":5},{\"svn\":2},{\"svn\":2},{\"svn\":3},{\"svn\":1},{\"svn\":1},{\"svn\":3},"
          + "{\"svn\":0},{\"svn\":0},{\"svn\":0},{\"svn\":0},{\"svn\":0},{\"svn\":0},{\"svn\":0},{\"svn\":0}]";
  public static final String TDX_COMPONENTS =
      "[{\"svn\":5},{\"svn\":0},{\"svn\":3},{\"svn\":0},{\"svn\":0},{\"svn\":0},{\"svn\":0},{\"svn\":0},"
          + "{\"svn\":0},{\"svn\":0},{\"svn\":0},{\"svn\":0},{\"svn\":0},{\"svn\":0},{\"svn\":0},{\"svn\":0}]";

  public static final String MODULE =
      "\"mrsigner\":\""
          + "00".repeat(48)
          + "\",\"attributes\":\"0000000000000000\",\"attributesMask\":\"FFFFFFFFFFFFFFFF\"";

  public static final String LEVEL =
      "{\"tcb\":{\"sgxtcbcomponents\":"
          + LEVEL_COMPONENTS
          + ",\"pcesvn\":11,\"tdxtcbcomponents\":"
          + TDX_COMPONENTS
          + "},\"tcbDate\":\"2027-01-01T00:00:00Z\",\"tcbStatus\":\"UpToDate\"}";

  public static final String MODULE_LEVELS =
      "[{\"tcb\":{\"isvsvn\":5},\"tcbDate\":\"2027-01-01T00:00:00Z\",\"tcbStatus\":\"UpToDate\"},"
          + "{\"tcb\":{\"isvsvn\":3},\"tcbDate\":\"2026-01-01T00:00:00Z\",\"tcbStatus\":\"OutOfDate\","
          + "\"advisoryIDs\":[\"INTEL-SA-00003\"]}]";

  public static final String TDX_TCB_INFO =
      "{\"id\":\"TDX\",\"version\":3,\"issueDate\":\"2027-01-10T00:00:00Z\",\"nextUpdate\":\"2027-02-09T00:00:00Z\","
          + "\"fmspc\":\"00906ED50000\",\"pceId\":\"0000\",\"tcbType\":0,\"tcbEvaluationDataNumber\":21,"
          + "\"tdxModule\":{"
          + MODULE
          + "},\"tdxModuleIdentities\":[{\"id\":\"TDX_01\","
          + MODULE
          + ",\"tcbLevels\":"
          + MODULE_LEVELS
          + "}],\"tcbLevels\":["
          + LEVEL
          + "]}";

  public static final String SGX_TCB_INFO =
      "{\"id\":\"SGX\",\"version\":3,\"issueDate\":\"2027-01-10T00:00:00Z\",\"nextUpdate\":\"2027-02-09T00:00:00Z\","
          + "\"fmspc\":\"00906ED50000\",\"pceId\":\"0000\",\"tcbType\":0,\"tcbEvaluationDataNumber\":21,"
          + "\"tcbLevels\":[{\"tcb\":{\"sgxtcbcomponents\":"
          + LEVEL_COMPONENTS
          + ",\"pcesvn\":11},\"tcbDate\":\"2027-01-01T00:00:00Z\",\"tcbStatus\":\"SWHardeningNeeded\","
          + "\"advisoryIDs\":[\"INTEL-SA-00615\"]}]}";

  public static final String TD_QE_IDENTITY =
      "{\"id\":\"TD_QE\",\"version\":2,\"issueDate\":\"2027-01-11T00:00:00Z\",\"nextUpdate\":\"2027-02-10T00:00:00Z\","
          + "\"tcbEvaluationDataNumber\":21,\"miscselect\":\"00000000\",\"miscselectMask\":\"FFFFFFFF\","
          + "\"attributes\":\"11000000000000000000000000000000\",\"attributesMask\":\"FBFFFFFFFFFFFFFF0000000000000000\","
          + "\"mrsigner\":\""
          + "44".repeat(32)
          + "\",\"isvprodid\":2,\"tcbLevels\":[{\"tcb\":{\"isvsvn\":6},\"tcbDate\":\"2027-01-01T00:00:00Z\","
          + "\"tcbStatus\":\"UpToDate\"},{\"tcb\":{\"isvsvn\":4},\"tcbDate\":\"2026-01-01T00:00:00Z\","
          + "\"tcbStatus\":\"OutOfDate\",\"advisoryIDs\":[\"INTEL-SA-00007\"]}]}";

  public static final String SGX_QE_IDENTITY = TD_QE_IDENTITY.replace("\"TD_QE\"", "\"QE\"");

  /** The same world with SGX documents and an SGX quote. */
  public World sgx() {
    tcbInfo = SGX_TCB_INFO;
    qeIdentity = SGX_QE_IDENTITY;
    quote = Quotes::sgx;
    return this;
  }

  public World tcbInfo(String find, String replace) {
    tcbInfo = replaced(tcbInfo, find, replace);
    return this;
  }

  public World qeIdentity(String find, String replace) {
    qeIdentity = replaced(qeIdentity, find, replace);
    return this;
  }

  public World quote(java.util.function.Consumer<Quotes> change) {
    quote = quote.andThen(change);
    return this;
  }

  public World pck(String suffix, ASN1Encodable value) {
    (suffix.startsWith(".2.") ? pckParts.tcb : pckParts.entries).put(suffix, value);
    return this;
  }

  private static String replaced(String text, String find, String replace) {
    if (!text.contains(find)) {
      throw new IllegalArgumentException("not there: " + find);
    }
    return text.replace(find, replace);
  }

  public Bytes rootDer() {
    return root.der();
  }

  public String pckChain() {
    return pckChain.orElseGet(
        () -> Certs.pem(pckDer()) + Certs.pem(pckCa.der()) + Certs.pem(root.der()));
  }

  public Bytes pckDer() {
    boolean hasExtension =
        pck.extensions.stream()
            .anyMatch(
                e ->
                    org.bouncycastle.asn1.x509.Extension.getInstance(e)
                        .getExtnId()
                        .equals(PckParts.OID));
    if (!hasExtension && !pckParts.entries.isEmpty()) {
      pck.with(PckParts.OID, false, pckParts.der());
    }
    return pck.der();
  }

  public Bytes quoteBytes() {
    Quotes built = new Quotes(Bytes.utf8(pckChain()));
    quote.accept(built);
    return built.bytes();
  }

  public Collateral collateral() {
    return new Collateral(
        Certs.pem(pckCa.der()) + Certs.pem(root.der()),
        rootCrl.der(),
        pckCrl.der(),
        tcbInfoChain.orElseGet(() -> Certs.pem(signer.der()) + Certs.pem(root.der())),
        tcbInfo,
        tcbInfoSignature.orElseGet(() -> sign(tcbInfo)),
        qeIdentityChain.orElseGet(() -> Certs.pem(qeSigner.der()) + Certs.pem(root.der())),
        qeIdentity,
        qeIdentitySignature.orElseGet(() -> sign(qeIdentity)),
        collateralPckChain);
  }

  public static Bytes sign(String document) {
    return Keys.sign(SIGNER, Bytes.utf8(document)).rs();
  }
}
