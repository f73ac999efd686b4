package dstack.kms.attest.x509;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.attest.forged.Certs;
import dstack.kms.attest.forged.Crls;
import dstack.kms.attest.forged.Keys;
import dstack.kms.attest.forged.World;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.SignatureVerifier;
import dstack.kms.core.crypto.SignatureVerifiers;
import dstack.kms.core.refusal.RefusalException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Specification 11 §7 and what is stricter here. */
class PathValidatorTest {
  private static final SignatureVerifier VERIFIER = SignatureVerifiers.named("BC");

  /** A root, an authority and a leaf with their lists; wrong where a test makes it so. */
  static final class Hierarchy {
    final Certs root = Certs.authority("root", "root");
    final Certs authority = Certs.authority("authority", "root");
    final Certs leaf = Certs.leaf("leaf", "authority");
    final Crls rootList = Crls.of("root");
    final Crls authorityList = Crls.of("authority");
    final List<Certs> more = new ArrayList<>();
    final List<Crls> moreLists = new ArrayList<>();
    Instant now = World.NOW;

    VerifiedCertificate verify() {
      List<RevocationList> lists = new ArrayList<>();
      lists.add(RevocationList.parse(rootList.der()));
      lists.add(RevocationList.parse(authorityList.der()));
      moreLists.forEach(list -> lists.add(RevocationList.parse(list.der())));
      List<Bytes> others = new ArrayList<>();
      more.forEach(certificate -> others.add(certificate.der()));
      others.add(authority.der());
      others.add(root.der());
      return new PathValidator(
              TrustAnchor.of(UnverifiedCertificate.parse(root.der())),
              PathRules.tdx(),
              new RevocationLists(lists, VERIFIER),
              VERIFIER,
              now)
          .verify(UnverifiedCertificate.parse(leaf.der()), others);
    }
  }

  private static Arguments of(String text, Consumer<Hierarchy> change) {
    return Arguments.of(text, change);
  }

  private static Bytes constraints(int pathLength) {
    return Certs.der(new BasicConstraints(pathLength));
  }

  private static Bytes usage(int bits) {
    return Certs.der(new KeyUsage(bits));
  }

  private static Bytes purpose(KeyPurposeId purpose) {
    return Certs.der(new ExtendedKeyUsage(purpose));
  }

  static List<Arguments> refusals() {
    ASN1ObjectIdentifier unknown = new ASN1ObjectIdentifier("1.2.3.4");
    Bytes nothing = Bytes.fromHex("0500");
    return List.of(
        of("CertNotValidYet", h -> h.now = Certs.FROM.minusSeconds(1)),
        of("CertExpired", h -> h.leaf.notAfter = h.now.minusSeconds(1)),
        of("CertNotValidYet", h -> h.authority.notBefore = h.now.plusSeconds(1)),
        of("CertExpired", h -> h.authority.notAfter = h.now.minusSeconds(1)),
        of(
            "CaUsedAsEndEntity",
            h -> h.leaf.replacing(Extension.basicConstraints, true, constraints(0))),
        of(
            "EndEntityUsedAsCa",
            h ->
                h.authority.replacing(
                    Extension.basicConstraints, true, Certs.der(new BasicConstraints(false)))),
        of("EndEntityUsedAsCa", h -> h.authority.without(Extension.basicConstraints)),
        of(
            "IssuerNotCertSigner",
            h -> h.authority.replacing(Extension.keyUsage, true, usage(KeyUsage.cRLSign))),
        of("IssuerNotCertSigner", h -> h.authority.without(Extension.keyUsage)),
        of(
            "IssuerNotCrlSigner",
            h -> h.authority.replacing(Extension.keyUsage, true, usage(KeyUsage.keyCertSign))),
        of(
            "RequiredEkuNotFound",
            h ->
                h.leaf.with(
                    Extension.extendedKeyUsage, false, purpose(KeyPurposeId.id_kp_clientAuth))),
        of(
            "RequiredEkuNotFound",
            h ->
                h.authority.with(
                    Extension.extendedKeyUsage, false, purpose(KeyPurposeId.anyExtendedKeyUsage))),
        of("UnsupportedCriticalExtension", h -> h.leaf.with(unknown, true, nothing)),
        of("UnsupportedCriticalExtension", h -> h.authority.with(unknown, true, nothing)),
        of(
            "UnsupportedCriticalExtension",
            h -> h.authority.with(Extension.nameConstraints, false, nothing)),
        of(
            "ExtensionValueInvalid",
            h -> h.leaf.with(Extension.keyUsage, true, usage(KeyUsage.digitalSignature))),
        of(
            "ExtensionValueInvalid",
            h -> {
              h.authority.replacing(
                  Extension.basicConstraints, true, Bytes.fromHex("30060101ff0201ff"));
            }),
        of("UnknownIssuer", h -> h.leaf.issuer = "nobody"),
        of("UnknownIssuer", h -> h.authority.subject = "another"),
        of("UnknownIssuer", h -> h.authority.issuer = "nobody"),
        of("InvalidSignatureForPublicKey", h -> h.leaf.badSignature = true),
        of("InvalidSignatureForPublicKey", h -> h.leaf.issuerKey = "another"),
        of("InvalidSignatureForPublicKey", h -> h.authority.issuerKey = "authority"),
        of(
            "UnsupportedSignatureAlgorithm",
            h -> {
              h.leaf.algorithm = Bytes.fromHex("300a06082a8648ce3d040303");
              h.leaf.innerAlgorithm = h.leaf.algorithm;
            }),
        of(
            "SignatureAlgorithmMismatch",
            h -> h.leaf.innerAlgorithm = Bytes.fromHex("300a06082a8648ce3d040303")),
        of(
            "UnsupportedSignatureAlgorithmForPublicKey",
            h ->
                h.leaf.spki =
                    Bytes.fromHex("302a300506032b6570032100" + "07".repeat(32))), // Ed25519
        of("UnsupportedCertVersion", h -> h.leaf.version = 1),
        of("UnsupportedCertVersion", h -> h.authority.version = 0),
        of("UnsupportedCertVersion", h -> h.leaf.extensions.clear()),
        of("UnsupportedCertVersion", h -> h.leaf.twoFieldsMore = true),
        of("UnknownRevocationStatus", h -> h.authorityList.issuer = "another"),
        of("UnknownRevocationStatus", h -> h.rootList.issuer = "another"),
        of("InvalidCrlSignatureForPublicKey", h -> h.authorityList.badSignature = true),
        of("InvalidCrlSignatureForPublicKey", h -> h.authorityList.key = "root"),
        of("InvalidCrlSignatureForPublicKey", h -> h.rootList.key = "authority"),
        of("CrlExpired", h -> h.authorityList.nextUpdate = h.now),
        of("CrlExpired", h -> h.rootList.nextUpdate = h.now),
        of("CrlNotValidYet", h -> h.authorityList.thisUpdate = h.now.plusSeconds(1)),
        of("UnsupportedCrlVersion", h -> h.authorityList.version = 0),
        of("UnsupportedCrlVersion", h -> h.authorityList.version = 2),
        of("UnsupportedCrlVersion", h -> h.authorityList.withoutNextUpdate = true),
        of(
            "UnsupportedDeltaCrl",
            h -> h.authorityList.with(Extension.deltaCRLIndicator, true, nothing)),
        of(
            "UnsupportedCrlIssuingDistributionPoint",
            h -> h.authorityList.with(Extension.issuingDistributionPoint, true, nothing)),
        of("UnsupportedCriticalExtension", h -> h.authorityList.with(unknown, true, nothing)),
        of(
            "UnsupportedIndirectCrl",
            h -> h.authorityList.withEntry(1, Extension.certificateIssuer, true)),
        of("UnsupportedCriticalExtension", h -> h.authorityList.withEntry(1, unknown, true)),
        of(
            "SignatureAlgorithmMismatch",
            h -> h.authorityList.innerAlgorithm = Bytes.fromHex("300a06082a8648ce3d040303")));
  }

  @ParameterizedTest(name = "{index} {0}")
  @MethodSource("refusals")
  void refuses(String text, Consumer<Hierarchy> change) {
    Hierarchy hierarchy = new Hierarchy();
    change.accept(hierarchy);

    assertThatThrownBy(hierarchy::verify).isInstanceOf(RefusalException.class).hasMessage(text);
  }

  @Test
  void t30_revokedLeafIsRefused() {
    Hierarchy hierarchy = new Hierarchy();
    hierarchy.authorityList.revoking(1).revoking(hierarchy.leaf.serial);

    assertThatThrownBy(hierarchy::verify).hasMessage("CertRevoked");
  }

  @Test
  void t30_revokedIntermediateIsRefused() {
    Hierarchy hierarchy = new Hierarchy();
    hierarchy.rootList.revoking(hierarchy.authority.serial);

    assertThatThrownBy(hierarchy::verify).hasMessage("CertRevoked");
  }

  @Test
  void t30_serialInAnotherIssuersListMeansNothing() {
    Hierarchy hierarchy = new Hierarchy();
    hierarchy.rootList.revoking(hierarchy.leaf.serial);
    hierarchy.authorityList.revoking(hierarchy.authority.serial);

    assertThat(hierarchy.verify().certificate().subject().commonName()).isEqualTo("leaf");
  }

  @Test
  void acceptsThePathAndTellsHowLong() {
    Hierarchy hierarchy = new Hierarchy();
    hierarchy.leaf.notBefore = World.NOW.minusSeconds(10);
    hierarchy.authorityList.nextUpdate = World.NOW.plusSeconds(10);
    VerifiedCertificate verified = hierarchy.verify();

    assertThat(verified.key()).isEqualTo(Keys.named("leaf").publicKey());
    assertThat(verified.window())
        .isEqualTo(ValidityWindow.between(World.NOW.minusSeconds(10), World.NOW.plusSeconds(9)));
  }

  @Test
  void bothEndsOfCertificatesAreInclusive() {
    Hierarchy hierarchy = new Hierarchy();
    hierarchy.leaf.notBefore = World.NOW;
    hierarchy.leaf.notAfter = World.NOW;

    assertThat(hierarchy.verify().window()).isEqualTo(ValidityWindow.between(World.NOW, World.NOW));
  }

  @Test
  void datesOfTheAnchorDoNotMatter() {
    Hierarchy hierarchy = new Hierarchy();
    hierarchy.root.notAfter = Certs.FROM;
    hierarchy.root.replacing(Extension.basicConstraints, true, Certs.der(new BasicConstraints(0)));

    assertThat(hierarchy.verify()).isNotNull();
  }

  @Test
  void serverAuthenticationAmongThePurposesIsAccepted() {
    Hierarchy hierarchy = new Hierarchy();
    hierarchy.leaf.with(Extension.extendedKeyUsage, true, purpose(KeyPurposeId.id_kp_serverAuth));

    assertThat(hierarchy.verify()).isNotNull();
  }

  @Test
  void countsAuthoritiesAgainstThePathLength() {
    Hierarchy hierarchy = new Hierarchy();
    Certs middle = Certs.authority("middle", "root");
    hierarchy.authority.issuer = "middle";
    hierarchy.authority.issuerKey = "middle";
    hierarchy.more.add(middle);
    hierarchy.moreLists.add(Crls.of("middle"));
    assertThat(hierarchy.verify()).isNotNull();

    middle.replacing(Extension.basicConstraints, true, constraints(1));
    assertThat(hierarchy.verify()).isNotNull();

    middle.replacing(Extension.basicConstraints, true, constraints(0));
    assertThatThrownBy(hierarchy::verify).hasMessage("PathLenConstraintViolated");
  }

  @Test
  void triesAllCertificatesOfAName() {
    Hierarchy hierarchy = new Hierarchy();
    Certs impostor = Certs.authority("authority", "root");
    impostor.spki = Keys.named("impostor").publicKey().subjectPublicKeyInfo();
    hierarchy.more.add(impostor);

    assertThat(hierarchy.verify()).isNotNull();
    hierarchy.authority.issuerKey = "impostor";
    assertThatThrownBy(hierarchy::verify).isInstanceOf(RefusalException.class);
  }

  /**
   * Eight certificates of one name below eight of another are 64 paths, tried in their order; only
   * the one good certificate of each makes a good path.
   */
  private static VerifiedCertificate amongSixtyFourPaths(int goodLow, int goodMiddle) {
    Certs root = Certs.authority("root", "root");
    List<Bytes> others = new ArrayList<>();
    List<RevocationList> lists = new ArrayList<>();
    for (String name : List.of("low", "middle")) {
      for (int i = 0; i < 8; i++) {
        boolean low = name.equals("low");
        Certs each = Certs.authority(name, low ? "middle" : "root");
        each.serial = i + 1L;
        each.badSignature = i != (low ? goodLow : goodMiddle);
        others.add(each.der());
      }
      lists.add(RevocationList.parse(Crls.of(name).der()));
    }
    lists.add(RevocationList.parse(Crls.of("root").der()));
    return new PathValidator(
            TrustAnchor.of(UnverifiedCertificate.parse(root.der())),
            PathRules.tdx(),
            new RevocationLists(lists, VERIFIER),
            VERIFIER,
            World.NOW)
        .verify(UnverifiedCertificate.parse(Certs.leaf("leaf", "low").der()), others);
  }

  @Test
  void t27_triesThirtyTwoPathsAndNoMore() {
    assertThat(amongSixtyFourPaths(0, 0)).isNotNull();
    assertThat(amongSixtyFourPaths(3, 7)).isNotNull();
    for (int[] late : new int[][] {{4, 0}, {5, 3}, {7, 7}}) {
      assertThatThrownBy(() -> amongSixtyFourPaths(late[0], late[1]))
          .hasMessage("InvalidSignatureForPublicKey");
    }
  }

  @Test
  void doesNotFollowCircles() {
    Hierarchy hierarchy = new Hierarchy();
    hierarchy.authority.issuer = "other";
    hierarchy.more.add(Certs.authority("other", "authority"));
    hierarchy.more.add(Certs.authority("authority", "other"));

    assertThatThrownBy(hierarchy::verify).hasMessage("UnknownIssuer");
  }

  @Test
  void anchorMustBeAnAuthorityWithAP256Key() {
    Certs leaf = Certs.leaf("root", "root");
    Certs foreign = Certs.authority("root", "root");
    foreign.spki = Bytes.fromHex("302a300506032b6570032100" + "07".repeat(32));

    assertThatThrownBy(() -> TrustAnchor.of(UnverifiedCertificate.parse(leaf.der())))
        .hasMessage("EndEntityUsedAsCa");
    assertThatThrownBy(() -> TrustAnchor.of(UnverifiedCertificate.parse(foreign.der())))
        .hasMessage("UnsupportedSignatureAlgorithmForPublicKey");
  }

  @Test
  void looseDerIsRefusedInEveryPlace() {
    Bytes der = new Hierarchy().leaf.der();
    for (Bytes loose :
        List.of(
            Bytes.EMPTY,
            der.slice(0, der.length() - 1),
            Bytes.concat(der, Bytes.zeros(1)),
            Bytes.fromHex("3080" + der.slice(4, der.length()).hex() + "0000"),
            Bytes.fromHex("3083" + "00" + der.slice(2, der.length()).hex()),
            Bytes.zeros(UnverifiedCertificate.MAX_LENGTH + 1))) {
      assertThatThrownBy(() -> UnverifiedCertificate.parse(loose))
          .isInstanceOf(RefusalException.class)
          .hasMessage("BadDer");
    }
  }

  @Test
  void deeplyNestedValuesAreRefusedWithoutExhaustingTheStack() {
    for (int limit : new int[] {1_000, UnverifiedCertificate.MAX_LENGTH, 1 << 20}) {
      Bytes nested = nested(limit);
      assertThatThrownBy(() -> StrictDer.parse(nested, RevocationList.MAX_LENGTH))
          .isInstanceOf(RefusalException.class)
          .hasMessage("BadDer");
    }
    assertThatThrownBy(() -> RevocationList.parse(nested(RevocationList.MAX_LENGTH)))
        .hasMessage("BadDer");
  }

  /** Sequences in sequences, as many as fit. */
  private static Bytes nested(int length) {
    byte[] content = new byte[length];
    int position = length;
    int inside = 0;
    while (position >= 5) {
      byte[] header =
          inside < 128
              ? new byte[] {0x30, (byte) inside}
              : inside < 256
                  ? new byte[] {0x30, (byte) 0x81, (byte) inside}
                  : inside < 65536
                      ? new byte[] {0x30, (byte) 0x82, (byte) (inside >> 8), (byte) inside}
                      : new byte[] {
                        0x30,
                        (byte) 0x83,
                        (byte) (inside >> 16),
                        (byte) (inside >> 8),
                        (byte) inside
                      };
      position -= header.length;
      System.arraycopy(header, 0, content, position, header.length);
      inside += header.length;
    }
    return Bytes.of(content, position, length);
  }

  @Test
  void anyFlippedBitOfACertificateIsRefused() {
    Hierarchy hierarchy = new Hierarchy();
    Bytes der = hierarchy.leaf.der();
    List<RevocationList> lists =
        List.of(
            RevocationList.parse(hierarchy.rootList.der()),
            RevocationList.parse(hierarchy.authorityList.der()));
    PathValidator validator =
        new PathValidator(
            TrustAnchor.of(UnverifiedCertificate.parse(hierarchy.root.der())),
            PathRules.tdx(),
            new RevocationLists(lists, VERIFIER),
            VERIFIER,
            World.NOW);
    for (int i = 0; i < der.length(); i++) {
      byte[] changed = der.toArray();
      changed[i] ^= 1;
      assertThatThrownBy(
              () ->
                  validator.verify(
                      UnverifiedCertificate.parse(Bytes.of(changed)),
                      List.of(hierarchy.authority.der())))
          .as("byte %d", i)
          .isInstanceOf(RefusalException.class);
    }
  }
}
