package dstack.kms.client.trust;

import dstack.kms.client.refusal.FetchRefusal;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.certificate.KmsExtensions;
import dstack.kms.core.certificate.ParsedCertificate;
import dstack.kms.core.certificate.SpecialUsage;
import dstack.kms.core.crypto.Secp256k1PublicKey;
import dstack.kms.rpc.client.ServerTrust;
import java.time.Instant;
import java.util.Optional;

/** What a KMS must be. Everything that is given must hold, and something must be given. */
public final class KmsTrust {
  private final Optional<RootCaPin> rootCa;
  private final Optional<Secp256k1PublicKey> k256;
  private final Optional<KmsJudge> judge;

  private KmsTrust(
      Optional<RootCaPin> rootCa, Optional<Secp256k1PublicKey> k256, Optional<KmsJudge> judge) {
    this.rootCa = rootCa;
    this.k256 = k256;
    this.judge = judge;
  }

  /**
   * Whatever is given, all of it.
   *
   * @param rootCa the root CA of the fleet
   * @param k256 the root k256 key of the fleet
   * @param judge of evidence
   * @throws dstack.kms.core.refusal.RefusalException with {@link FetchRefusal#NO_TRUST} if there is
   *     none of the three
   */
  public static KmsTrust of(
      Optional<RootCaPin> rootCa, Optional<Secp256k1PublicKey> k256, Optional<KmsJudge> judge) {
    if (rootCa.isEmpty() && k256.isEmpty() && judge.isEmpty()) {
      throw FetchRefusal.NO_TRUST.because(
          "nothing says which KMS is good: expected a root CA, a root k256 key, or attestation");
    }
    return new KmsTrust(rootCa, k256, judge);
  }

  /**
   * Whoever answers: somebody on the way can give keys of his own and read everything that they
   * protect. For experiments.
   */
  public static KmsTrust inAnybody() {
    return new KmsTrust(Optional.empty(), Optional.empty(), Optional.empty());
  }

  /** The root CA that was given. */
  public Optional<RootCaPin> rootCa() {
    return rootCa;
  }

  /** The root k256 key that was given. */
  public Optional<Secp256k1PublicKey> k256() {
    return k256;
  }

  /**
   * Whether there is only a root k256 key, which proves what is signed with it and nothing else.
   */
  public boolean restsOnSignaturesAlone() {
    return k256.isPresent() && rootCa.isEmpty() && judge.isEmpty();
  }

  /** What TLS itself demands of a first connection. */
  public ServerTrust ofFirstConnection() {
    return rootCa
        .<ServerTrust>map(pin -> new ServerTrust.RootCa(pin.certificate().der()))
        .orElseGet(ServerTrust.Unverified::new);
  }

  /**
   * What TLS demands of a second connection to the same KMS.
   *
   * @param first the certificate on the first one, which was judged
   * @param rootCa of the KMS, as it says
   */
  public ServerTrust ofSecondConnection(ParsedCertificate first, Bytes rootCa) {
    return judge.isPresent()
        ? new ServerTrust.PinnedKey(first.spki())
        : new ServerTrust.RootCa(this.rootCa.map(pin -> pin.certificate().der()).orElse(rootCa));
  }

  /**
   * Judges a server by its certificate, before anything is sent to it.
   *
   * @param certificate whose key the handshake proved
   * @throws dstack.kms.core.refusal.RefusalException with a {@link FetchRefusal}, or with what
   *     verification refused
   */
  public void judge(ParsedCertificate certificate, Instant now) {
    if (certificate.version() != 3 || !certificate.unknownCritical().isEmpty()) {
      throw FetchRefusal.KMS_CERTIFICATE.because(
          "the KMS's certificate cannot be used: not version 3, or critical extensions "
              + certificate.unknownCritical());
    }
    if (now.isAfter(certificate.notAfter()) || now.isBefore(certificate.notBefore())) {
      throw FetchRefusal.KMS_EXPIRED.because(
          "the KMS's certificate is valid from "
              + certificate.notBefore()
              + " to "
              + certificate.notAfter()
              + ", it is "
              + now);
    }
    requireUsage(certificate);
    judge.ifPresent(each -> each.require(certificate));
  }

  /** Applications have certificates under the same root (T-18). */
  private static void requireUsage(ParsedCertificate certificate) {
    String usage = new KmsExtensions(certificate).specialUsage().orElse("");
    if (!usage.equals(SpecialUsage.KMS_RPC.text())) {
      throw FetchRefusal.KMS_USAGE.because(
          "the server's certificate is not that of a KMS: its usage is "
              + (usage.isEmpty() ? "missing" : usage.replaceAll("[^!-~]", "?"))
              + ", expected "
              + SpecialUsage.KMS_RPC.text());
    }
  }
}
