package dstack.kms.client.fetch;

import com.google.protobuf.ByteString;
import dstack.kms.client.keys.KmsIdentity;
import dstack.kms.client.refusal.FetchRefusal;
import dstack.kms.core.bootinfo.AppId;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.certificate.KmsExtension;
import dstack.kms.core.certificate.KmsExtensions;
import dstack.kms.core.certificate.LeafNames;
import dstack.kms.core.certificate.ParsedCertificate;
import dstack.kms.core.certificate.Pem;
import dstack.kms.core.certificate.SpecialUsage;
import dstack.kms.core.crypto.P256PrivateKey;
import dstack.kms.core.crypto.P256PublicKey;
import dstack.kms.core.csr.CsrConfig;
import dstack.kms.core.csr.CsrWriter;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.reportdata.ReportData;
import dstack.kms.rpc.proto.SignCertRequest;
import dstack.kms.rpc.proto.SignCertResponse;
import java.util.List;

/** Has the KMS issue a certificate for a fresh key (specification 02 §7), and verifies it. */
final class AppCertificate {
  private final Machine machine;
  private final AppId app;
  private final KmsIdentity kms;

  AppCertificate(Machine machine, AppId app, KmsIdentity kms) {
    this.machine = machine;
    this.app = app;
    this.kms = kms;
  }

  CertifiedKey request(KmsLink link, CertificateWish wish) {
    P256PrivateKey key = P256PrivateKey.generate(machine.random());
    try {
      List<String> chain =
          link.ask("SignCert", message(key, wish), SignCertResponse.getDefaultInstance())
              .getCertificateChainList();
      verify(chain, key.publicKey(), wish);
      return new CertifiedKey(key, chain);
    } catch (RefusalException e) {
      key.close();
      throw e;
    }
  }

  private SignCertRequest message(P256PrivateKey key, CertificateWish wish) {
    Bytes spki = key.publicKey().subjectPublicKeyInfo();
    CsrConfig config =
        new CsrConfig(null, wish.subject(), wish.altNames(), true, true, true, true, null, null);
    Bytes evidence = new OwnEvidence(machine.quotes()).whole(ReportData.ofCertificateKey(spki));
    Bytes request = CsrWriter.version2(spki, config, evidence);
    return SignCertRequest.newBuilder()
        .setApiVersion(2)
        .setCsr(ByteString.copyFrom(request.toArray()))
        .setSignature(ByteString.copyFrom(key.sign(request).toDer().toArray()))
        .build();
  }

  private void verify(List<String> chain, P256PublicKey key, CertificateWish wish) {
    require(chain.size() == 3, "it is not leaf, app CA and root CA");
    ParsedCertificate leaf = certificate(chain.get(0));
    ParsedCertificate appCa = certificate(chain.get(1));
    ParsedCertificate root = certificate(chain.get(2));
    require(
        root.spki().equals(kms.rootCa().subjectPublicKeyInfo()), "its root is not that of the KMS");
    require(leaf.spki().equals(key.subjectPublicKeyInfo()), "it is for another key");
    require(
        new LeafNames(wish.subject(), wish.altNames()).areThoseOf(leaf),
        "it is not made out to the names that were asked for");
    require(appCa.isCa() && !leaf.isCa(), "not every CA in it is one");
    require(isIssued(appCa, root) && isIssued(leaf, appCa), "it is not signed throughout");
    requireOf(appCa, SpecialUsage.APP_CA);
    requireOf(leaf, SpecialUsage.APP_CUSTOM);
  }

  private boolean isIssued(ParsedCertificate certificate, ParsedCertificate issuer) {
    return certificate.issuer().equals(issuer.subject())
        && P256PublicKey.fromSubjectPublicKeyInfo(issuer.spki())
            .filter(key -> certificate.isSignedBy(key, machine.signatures()))
            .isPresent();
  }

  private void requireOf(ParsedCertificate certificate, SpecialUsage usage) {
    KmsExtensions extensions = new KmsExtensions(certificate);
    require(
        extensions.specialUsage().filter(usage.text()::equals).isPresent(),
        "the usage of one is not " + usage.text());
    require(
        extensions.find(KmsExtension.APP_ID).filter(app.value()::equals).isPresent(),
        "one is for another application");
  }

  private static ParsedCertificate certificate(String pem) {
    try {
      return ParsedCertificate.parse(Pem.decode(pem));
    } catch (RefusalException e) {
      throw unacceptable(e.text());
    }
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw unacceptable(otherwise);
    }
  }

  private static RefusalException unacceptable(String why) {
    return FetchRefusal.CERTIFICATE_CHAIN.because("the certificate chain cannot be used: " + why);
  }
}
