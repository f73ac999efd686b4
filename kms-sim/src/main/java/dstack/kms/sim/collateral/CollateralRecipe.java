package dstack.kms.sim.collateral;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.sim.pki.CertifiedKey;
import dstack.kms.sim.pki.PckAuthority;
import dstack.kms.sim.pki.PckIdentity;
import dstack.kms.sim.pki.RevocationList;
import dstack.kms.sim.pki.SimulatedKey;
import dstack.kms.sim.pki.SimulatedPki;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** What the collateral is to say; right to begin with, and every part can be made wrong. */
public final class CollateralRecipe {
  private final SimulatedPki pki;
  private final PckAuthority authority;
  private final Instant now;
  private final Validity validity;
  private final List<BigInteger> revokedByRoot = new ArrayList<>();
  private final List<BigInteger> revokedByPckCa = new ArrayList<>();
  private TeeKind tcbInfoKind;
  private TeeKind qeIdentityKind;
  private Validity tcbInfoValidity;
  private Validity qeIdentityValidity;
  private Validity rootCrlValidity;
  private Validity pckCrlValidity;
  private SimulatedKey rootCrlSigner;
  private SimulatedKey pckCrlSigner;
  private List<CertifiedKey> signerChain;
  private Bytes fmspc = PckIdentity.FMSPC;
  private UnaryOperator<String> tcbInfoEdit = UnaryOperator.identity();
  private UnaryOperator<String> qeIdentityEdit = UnaryOperator.identity();
  private UnaryOperator<SimulatedCollateral> lastEdit = UnaryOperator.identity();

  /** The right collateral for that kind of report and that PCK CA at that time. */
  public CollateralRecipe(SimulatedPki pki, TeeKind kind, PckAuthority authority, Instant now) {
    this.pki = pki;
    this.authority = authority;
    this.now = now;
    validity = Validity.around(now);
    tcbInfoKind = kind;
    qeIdentityKind = kind;
    tcbInfoValidity = validity;
    qeIdentityValidity = validity;
    rootCrlValidity = validity;
    pckCrlValidity = validity;
    rootCrlSigner = pki.root().key();
    pckCrlSigner = pki.ca(authority).key();
    signerChain = List.of(pki.tcbSigner(), pki.root());
  }

  /** The roots that the recipe works with. */
  public SimulatedPki pki() {
    return pki;
  }

  /** The CA whose PCK certificates are judged. */
  public PckAuthority authority() {
    return authority;
  }

  /** The time for which the collateral is made. */
  public Instant now() {
    return now;
  }

  public CollateralRecipe tcbInfoKind(TeeKind kind) {
    tcbInfoKind = kind;
    return this;
  }

  public CollateralRecipe qeIdentityKind(TeeKind kind) {
    qeIdentityKind = kind;
    return this;
  }

  public CollateralRecipe tcbInfoValidity(Validity other) {
    tcbInfoValidity = other;
    return this;
  }

  public CollateralRecipe qeIdentityValidity(Validity other) {
    qeIdentityValidity = other;
    return this;
  }

  public CollateralRecipe rootCrlValidity(Validity other) {
    rootCrlValidity = other;
    return this;
  }

  public CollateralRecipe pckCrlValidity(Validity other) {
    pckCrlValidity = other;
    return this;
  }

  public CollateralRecipe rootCrlSigner(SimulatedKey key) {
    rootCrlSigner = key;
    return this;
  }

  public CollateralRecipe pckCrlSigner(SimulatedKey key) {
    pckCrlSigner = key;
    return this;
  }

  /** Lists the certificate in the root's revocation list. */
  public CollateralRecipe revokedByRoot(CertifiedKey certificate) {
    revokedByRoot.add(certificate.serialNumber());
    return this;
  }

  /** Lists the certificates in the PCK CA's revocation list. */
  public CollateralRecipe revokedByPckCa(List<CertifiedKey> certificates) {
    certificates.forEach(certificate -> revokedByPckCa.add(certificate.serialNumber()));
    return this;
  }

  /** Who signs TCB info and QE identity, and the chain that is presented for it. */
  public CollateralRecipe signer(CertifiedKey signer, CertifiedKey... issuers) {
    signerChain = new ArrayList<>(List.of(issuers));
    signerChain.addFirst(signer);
    return this;
  }

  public CollateralRecipe fmspc(Bytes other) {
    fmspc = other;
    return this;
  }

  /** Changes the text of the TCB info before it is signed. */
  public CollateralRecipe editTcbInfo(UnaryOperator<String> edit) {
    tcbInfoEdit = edit;
    return this;
  }

  /** Changes the text of the QE identity before it is signed. */
  public CollateralRecipe editQeIdentity(UnaryOperator<String> edit) {
    qeIdentityEdit = edit;
    return this;
  }

  /** Changes the finished collateral. */
  public CollateralRecipe editLast(UnaryOperator<SimulatedCollateral> edit) {
    lastEdit = edit;
    return this;
  }

  /** Signs everything. */
  public SimulatedCollateral make() {
    CertifiedKey ca = pki.ca(authority);
    PlatformSvn lowest = new PlatformSvn(PckIdentity.CPU_SVN, PckIdentity.PCE_SVN);
    String tcbInfo =
        TcbInfoText.of(tcbInfoKind, tcbInfoValidity, fmspc, PckIdentity.PCE_ID, lowest);
    String qeIdentity = QeIdentityText.of(qeIdentityKind, qeIdentityValidity);
    return lastEdit.apply(
        new SimulatedCollateral(
            revocations(ca, pckCrlSigner, pckCrlValidity, revokedByPckCa),
            ca.pem() + pki.root().pem(),
            revocations(pki.root(), rootCrlSigner, rootCrlValidity, revokedByRoot),
            signed(tcbInfoEdit.apply(tcbInfo)),
            signed(qeIdentityEdit.apply(qeIdentity)),
            validity));
  }

  private SignedText signed(String text) {
    return SignedText.of(text, signerChain.getFirst(), signerChain);
  }

  private static Bytes revocations(
      CertifiedKey issuer, SimulatedKey signer, Validity validity, List<BigInteger> serials) {
    return new RevocationList(issuer, signer, validity.from(), validity.to(), serials).der();
  }
}
