package dstack.kms.attest.issuer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.attest.forged.Certs;
import dstack.kms.attest.forged.Crls;
import dstack.kms.attest.forged.Keys;
import dstack.kms.attest.forged.World;
import dstack.kms.attest.x509.DistinguishedName;
import dstack.kms.attest.x509.PathRules;
import dstack.kms.attest.x509.RevocationList;
import dstack.kms.attest.x509.TrustAnchor;
import dstack.kms.attest.x509.UnverifiedCertificate;
import dstack.kms.attest.x509.ValidityWindow;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.SignatureVerifiers;
import dstack.kms.core.refusal.RefusalException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x509.AccessDescription;
import org.bouncycastle.asn1.x509.AuthorityInformationAccess;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLDistPoint;
import org.bouncycastle.asn1.x509.DistributionPoint;
import org.bouncycastle.asn1.x509.DistributionPointName;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.IssuingDistributionPoint;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Path first, then the lists that its certificates name. */
class ChainVerifierTest {
  private static final String ROOT_LIST = "http://pki.goog/root.crl";
  private static final String AUTHORITY_LIST = "http://pki.goog/authority.crl";
  private static final String AUTHORITY = "http://pki.goog/authority.crt";

  /** Documents by address; writes down what was asked and what was found authentic. */
  private static final class Documents implements IssuerDocuments {
    final Map<String, Bytes> certificates = new HashMap<>();
    final Map<String, Bytes> lists = new HashMap<>();
    final List<String> asked = new ArrayList<>();
    final List<String> authentic = new ArrayList<>();

    @Override
    public Bytes certificate(String uri) {
      asked.add(uri);
      return Optional.ofNullable(certificates.get(uri))
          .orElseThrow(() -> IssuerRefusal.UNAVAILABLE.refuse("not there", uri));
    }

    @Override
    public Optional<RevocationList> revocationList(String uri, DistinguishedName issuer) {
      asked.add(uri);
      if (uri.contains("down")) {
        throw IssuerRefusal.UNAVAILABLE.refuse("not there", uri);
      }
      return Optional.ofNullable(lists.get(uri)).map(RevocationList::parse);
    }

    @Override
    public void authentic(String uri, Bytes certificate) {
      authentic.add(uri);
    }

    @Override
    public void authentic(String uri, RevocationList list) {
      authentic.add(uri);
    }
  }

  /** A chain of three whose leaf and authority each name a list; wrong where a test makes it so. */
  static final class Hierarchy {
    final Certs root = Certs.authority("root", "root");
    final Certs authority = naming(Certs.authority("authority", "root"), ROOT_LIST);
    final Certs leaf = naming(Certs.leaf("leaf", "authority"), AUTHORITY_LIST);
    final Crls rootList = Crls.of("root");
    final Crls authorityList = Crls.of("authority");
    private final Documents documents = new Documents();
    final List<Bytes> others = new ArrayList<>();
    RevocationRule rule = RevocationRule.REQUIRED;
    boolean completing;
    boolean withAuthority = true;
    Instant now = World.NOW;

    VerifiedChain verify() {
      documents.lists.putIfAbsent(ROOT_LIST, rootList.der());
      documents.lists.putIfAbsent(AUTHORITY_LIST, authorityList.der());
      if (withAuthority) {
        others.add(authority.der());
      }
      ChainVerifier verifier =
          ChainVerifier.of(
              TrustAnchor.of(UnverifiedCertificate.parse(root.der())),
              PathRules.gcpAttestationKey(),
              documents,
              rule,
              SignatureVerifiers.named("auto"));
      return (completing ? verifier.completing() : verifier)
          .verify(UnverifiedCertificate.parse(leaf.der()), others, now);
    }

    Hierarchy completing() {
      completing = true;
      withAuthority = false;
      leaf.with(Extension.authorityInfoAccess, false, issuerAt(AUTHORITY));
      documents.certificates.put(AUTHORITY, authority.der());
      return this;
    }
  }

  private static Bytes issuerAt(String uri) {
    return Certs.der(
        new AuthorityInformationAccess(
            AccessDescription.id_ad_caIssuers,
            new GeneralName(GeneralName.uniformResourceIdentifier, uri)));
  }

  private static DistributionPointName named(String... uris) {
    GeneralName[] names = new GeneralName[uris.length];
    for (int i = 0; i < uris.length; i++) {
      names[i] = new GeneralName(GeneralName.uniformResourceIdentifier, uris[i]);
    }
    return new DistributionPointName(new GeneralNames(names));
  }

  private static Bytes points(String... uris) {
    return Certs.der(
        new CRLDistPoint(new DistributionPoint[] {new DistributionPoint(named(uris), null, null)}));
  }

  private static Certs naming(Certs certificate, String... uris) {
    return certificate.replacing(Extension.cRLDistributionPoints, false, points(uris));
  }

  private static Bytes scope(String uri, boolean onlyUsers, boolean onlyAuthorities) {
    return Certs.der(
        new IssuingDistributionPoint(
            uri.isEmpty() ? null : named(uri), onlyUsers, onlyAuthorities, null, false, false));
  }

  @Test
  void acceptsAnUnrevokedChainAndTellsHowLong() {
    Hierarchy hierarchy = new Hierarchy();
    hierarchy.authorityList.nextUpdate = World.NOW.plusSeconds(10);
    VerifiedChain chain = hierarchy.verify();

    assertThat(chain.key()).isEqualTo(Keys.named("leaf").publicKey());
    assertThat(chain.certificates()).hasSize(2);
    assertThat(chain.unchecked()).isEmpty();
    assertThat(chain.window())
        .isEqualTo(ValidityWindow.between(Certs.FROM, World.NOW.plusSeconds(9)));
    assertThat(hierarchy.documents.asked).containsExactly(ROOT_LIST, AUTHORITY_LIST);
    assertThat(hierarchy.documents.authentic).containsExactly(ROOT_LIST, AUTHORITY_LIST);
  }

  @Test
  void certificatesThatNameNoListNeedNone() {
    Hierarchy hierarchy = new Hierarchy();
    hierarchy.leaf.without(Extension.cRLDistributionPoints);

    assertThat(hierarchy.verify().unchecked()).isEmpty();
    assertThat(hierarchy.documents.asked).containsExactly(ROOT_LIST);
  }

  private static Arguments of(String text, Consumer<Hierarchy> change) {
    return Arguments.of(text, change);
  }

  static List<Arguments> refusedLists() {
    return List.of(
        of("CertRevoked", h -> h.authorityList.revoking(1).revoking(h.leaf.serial)),
        of("CertRevoked", h -> h.rootList.revoking(h.authority.serial)),
        of("CrlExpired", h -> h.authorityList.nextUpdate = h.now),
        of("CrlNotValidYet", h -> h.rootList.thisUpdate = h.now.plusSeconds(1)),
        of("InvalidCrlSignatureForPublicKey", h -> h.rootList.badSignature = true),
        of("InvalidCrlSignatureForPublicKey", h -> h.authorityList.key = "root"),
        of("UnknownRevocationStatus", h -> h.authorityList.issuer = "root"),
        of("UnknownRevocationStatus", h -> naming(h.leaf, "http://pki.goog/nothing")),
        of("UnknownRevocationStatus", h -> naming(h.leaf, new String[0])),
        of("not there", h -> naming(h.leaf, "http://pki.goog/down")),
        of(
            "IssuerNotCrlSigner",
            h ->
                h.authority.replacing(
                    Extension.keyUsage, true, Certs.der(new KeyUsage(KeyUsage.keyCertSign)))),
        of(
            "UnknownRevocationStatus",
            h ->
                h.authorityList.with(
                    Extension.issuingDistributionPoint,
                    true,
                    scope("http://pki.goog/other", false, false))),
        of(
            "UnknownRevocationStatus",
            h ->
                h.authorityList.with(
                    Extension.issuingDistributionPoint, true, scope(AUTHORITY_LIST, false, true))),
        of(
            "UnknownRevocationStatus",
            h ->
                h.rootList.with(
                    Extension.issuingDistributionPoint, true, scope(ROOT_LIST, true, false))),
        of(
            "UnsupportedCrlIssuingDistributionPoint",
            h ->
                h.rootList.with(
                    Extension.issuingDistributionPoint,
                    true,
                    Certs.der(
                        new IssuingDistributionPoint(
                            named(ROOT_LIST), false, false, null, true, false)))),
        of(
            "UnsupportedCriticalExtension",
            h -> h.rootList.with(new ASN1ObjectIdentifier("1.2.3"), true, Bytes.fromHex("0500"))));
  }

  @ParameterizedTest(name = "{index} {0}")
  @MethodSource("refusedLists")
  void t30_refusesWhatIsNotKnownToBeUnrevoked(String text, Consumer<Hierarchy> change) {
    Hierarchy hierarchy = new Hierarchy();
    change.accept(hierarchy);

    assertThatThrownBy(hierarchy::verify).isInstanceOf(RefusalException.class).hasMessage(text);
  }

  static List<Arguments> refusedPaths() {
    return List.of(
        of("CertExpired", h -> h.leaf.notAfter = h.now.minusSeconds(1)),
        of("CertNotValidYet", h -> h.authority.notBefore = h.now.plusSeconds(1)),
        of("InvalidSignatureForPublicKey", h -> h.leaf.badSignature = true),
        of("InvalidSignatureForPublicKey", h -> h.authority.issuerKey = "another"),
        of("UnknownIssuer", h -> h.withAuthority = false),
        of("UnknownIssuer", h -> h.leaf.issuer = "nobody"),
        of(
            "CaUsedAsEndEntity",
            h ->
                h.leaf.replacing(
                    Extension.basicConstraints, true, Certs.der(new BasicConstraints(true)))),
        of("LeafNotForSignatures", h -> h.leaf.without(Extension.keyUsage)),
        of(
            "LeafNotForSignatures",
            h ->
                h.leaf.replacing(
                    Extension.keyUsage, true, Certs.der(new KeyUsage(KeyUsage.keyEncipherment)))),
        of(
            "LeafNotForSignatures",
            h ->
                h.leaf.replacing(
                    Extension.keyUsage,
                    true,
                    Certs.der(new KeyUsage(KeyUsage.digitalSignature | KeyUsage.cRLSign)))),
        of(
            "RequiredEkuNotFound",
            h ->
                h.authority.with(
                    Extension.extendedKeyUsage,
                    false,
                    Certs.der(new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth)))),
        of(
            "TooManyCertificates",
            h -> {
              for (int i = 0; i < 17; i++) {
                h.others.add(h.authority.der());
              }
            }));
  }

  @ParameterizedTest(name = "{index} {0}")
  @MethodSource("refusedPaths")
  void asksForNothingBeforeThePathHolds(String text, Consumer<Hierarchy> change) {
    Hierarchy hierarchy = new Hierarchy();
    change.accept(hierarchy);

    assertThatThrownBy(hierarchy::verify).isInstanceOf(RefusalException.class).hasMessage(text);
    assertThat(hierarchy.documents.asked).isEmpty();
  }

  @Test
  void listsOfTheRightScopeSpeak() {
    Hierarchy hierarchy = new Hierarchy();
    hierarchy.rootList.with(
        Extension.issuingDistributionPoint, true, scope(ROOT_LIST, false, true));
    hierarchy.authorityList.with(Extension.issuingDistributionPoint, true, scope("", true, false));

    assertThat(hierarchy.verify().unchecked()).isEmpty();
    hierarchy.documents.lists.put(
        AUTHORITY_LIST, hierarchy.authorityList.revoking(hierarchy.leaf.serial).der());
    assertThatThrownBy(hierarchy::verify).hasMessage("CertRevoked");
  }

  @Test
  void anotherPointIsAskedWhereOneDoesNotAnswer() {
    Hierarchy hierarchy = new Hierarchy();
    naming(hierarchy.leaf, "http://pki.goog/down", AUTHORITY_LIST);

    assertThat(hierarchy.verify().unchecked()).isEmpty();
    assertThat(hierarchy.documents.asked)
        .containsExactly(ROOT_LIST, "http://pki.goog/down", AUTHORITY_LIST);
  }

  @Test
  void noMoreThanFourPointsAreAsked() {
    Hierarchy hierarchy = new Hierarchy();
    String down = "http://pki.goog/down";
    naming(hierarchy.leaf, down, down, down, down, AUTHORITY_LIST);

    assertThatThrownBy(hierarchy::verify).hasMessage("not there");
  }

  @Test
  void missingListsAreReportedWhereTheRuleSaysSo() {
    Hierarchy hierarchy = new Hierarchy();
    hierarchy.rule = RevocationRule.REPORTED;
    naming(hierarchy.leaf, "http://pki.goog/nothing");

    assertThat(hierarchy.verify().unchecked())
        .containsExactly(
            "Whether the certificate \"leaf\" is revoked was not checked: there is no revocation"
                + " list of its issuer.");
    hierarchy.documents.lists.put(
        ROOT_LIST, hierarchy.rootList.revoking(hierarchy.authority.serial).der());
    assertThatThrownBy(hierarchy::verify).hasMessage("CertRevoked");
  }

  @Test
  void completesThePathFromWhereTheLeafSays() {
    Hierarchy hierarchy = new Hierarchy().completing();

    assertThat(hierarchy.verify().certificates()).hasSize(2);
    assertThat(hierarchy.documents.asked).containsExactly(AUTHORITY, ROOT_LIST, AUTHORITY_LIST);
    assertThat(hierarchy.documents.authentic).containsExactly(AUTHORITY, ROOT_LIST, AUTHORITY_LIST);
  }

  @Test
  void asksForTheIssuerWhereAKnownOneHasItsNameAndAnotherKey() {
    Hierarchy hierarchy = new Hierarchy().completing();
    hierarchy.others.add(withKeyOf("another").der());

    assertThat(hierarchy.verify().certificates()).hasSize(2);
    assertThat(hierarchy.documents.asked).startsWith(AUTHORITY);
    hierarchy.documents.certificates.clear();
    assertThatThrownBy(hierarchy::verify).hasMessage("InvalidSignatureForPublicKey");
  }

  private static Certs withKeyOf(String key) {
    Certs authority = Certs.authority("authority", "root");
    authority.spki = Keys.named(key).publicKey().subjectPublicKeyInfo();
    return authority;
  }

  @Test
  void completesNothingUnlessTold() {
    Hierarchy hierarchy = new Hierarchy().completing();
    hierarchy.completing = false;

    assertThatThrownBy(hierarchy::verify).hasMessage("UnknownIssuer");
    assertThat(hierarchy.documents.asked).isEmpty();
  }

  static List<Arguments> refusedCompletions() {
    return List.of(
        of("not there", h -> h.documents.certificates.clear()),
        of("UnknownIssuer", h -> h.documents.certificates.put(AUTHORITY, h.root.der())),
        of("UnknownIssuer", h -> h.leaf.without(Extension.authorityInfoAccess)),
        of(
            "what an issuer serves is no certificate",
            h -> h.documents.certificates.put(AUTHORITY, Bytes.utf8("<html>"))),
        of(
            "InvalidSignatureForPublicKey",
            h -> h.documents.certificates.put(AUTHORITY, withKeyOf("impostor").der())),
        of("InvalidSignatureForPublicKey", h -> h.leaf.badSignature = true),
        of(
            "UnknownIssuer",
            h -> {
              h.authority.issuer = "authority";
              h.authority.issuerKey = "authority";
              h.authority.with(Extension.authorityInfoAccess, false, issuerAt(AUTHORITY));
              h.documents.certificates.put(AUTHORITY, h.authority.der());
            }));
  }

  @ParameterizedTest(name = "{index} {0}")
  @MethodSource("refusedCompletions")
  void t25_followsNoLinkTwiceAndNoneOfAStranger(String text, Consumer<Hierarchy> change) {
    Hierarchy hierarchy = new Hierarchy().completing();
    change.accept(hierarchy);

    assertThatThrownBy(hierarchy::verify).isInstanceOf(RefusalException.class).hasMessage(text);
    assertThat(hierarchy.documents.asked.size()).isLessThanOrEqualTo(1);
    assertThat(hierarchy.documents.authentic).isEmpty();
  }

  @Test
  void t25_followsNoMoreThanFourLinks() {
    Hierarchy hierarchy = new Hierarchy().completing();
    hierarchy.leaf.issuer = "ca0";
    hierarchy.leaf.issuerKey = "ca0";
    hierarchy.leaf.replacing(Extension.authorityInfoAccess, false, issuerAt("http://pki.goog/0"));
    for (int i = 0; i < 8; i++) {
      hierarchy.documents.certificates.put(
          "http://pki.goog/" + i,
          Certs.authority("ca" + i, "ca" + (i + 1))
              .with(Extension.authorityInfoAccess, false, issuerAt("http://pki.goog/" + (i + 1)))
              .der());
    }

    assertThatThrownBy(hierarchy::verify).hasMessage("UnknownIssuer");
    assertThat(hierarchy.documents.asked).hasSize(4);
  }
}
