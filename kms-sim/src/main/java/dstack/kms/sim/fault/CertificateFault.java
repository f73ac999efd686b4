package dstack.kms.sim.fault;

import com.google.errorprone.annotations.Immutable;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.sim.pki.CertificateRecipe;
import dstack.kms.sim.pki.CertifiedKey;
import dstack.kms.sim.pki.SimulatedDevice;
import dstack.kms.sim.pki.SimulatedKey;
import dstack.kms.sim.pki.SimulatedPki;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;
import org.bouncycastle.asn1.x509.KeyUsage;

/** A PCK certificate chain that is not what it should be; the quote under it is rightly signed. */
public enum CertificateFault implements SimulatedFault {
  /** The PCK certificate names the right CA, which never signed it. */
  PCK_NOT_SIGNED_BY_ITS_ISSUER(
      forgery -> forgery.chain(forgery.pck().forged(forgery.ca(), forgery.pki().freshKey()))),
  PCK_EXPIRED(
      forgery ->
          forgery.signedPck(pck -> pck.validity(forgery.longAgo(), forgery.now().minusSeconds(1)))),
  PCK_NOT_YET_VALID(
      forgery -> forgery.signedPck(pck -> pck.validity(forgery.inAMinute(), forgery.later()))),
  PCK_IS_A_CA(forgery -> forgery.signedPck(pck -> pck.authority(0))),
  PCK_WITH_UNKNOWN_CRITICAL_EXTENSION(
      forgery -> forgery.signedPck(pck -> pck.extension("1.2.3.4", true, Bytes.fromHex("0500")))),
  PCK_WITHOUT_SGX_EXTENSION(
      forgery ->
          forgery.chain(
              forgery
                  .pki()
                  .plainRecipe("SIMULATED SGX PCK Certificate", forgery.device().pck())
                  .signedBy(forgery.ca()))),
  PCK_OF_ANOTHER_FMSPC(
      forgery ->
          forgery.chain(
              forgery
                  .pki()
                  .pckRecipe(
                      forgery.device().pck(),
                      forgery.device().identity().withFmspc(Bytes.fromHex("00a06d080000")))
                  .signedBy(forgery.ca()))),
  PCK_OF_OLD_CPU_SVN(
      forgery ->
          forgery.chain(
              forgery
                  .pki()
                  .pckRecipe(
                      forgery.device().pck(),
                      forgery.device().identity().withCpuSvn(Bytes.fromHex("01").paddedTo(16)))
                  .signedBy(forgery.ca()))),
  INTERMEDIATE_EXPIRED(
      forgery ->
          forgery.under(ca -> ca.validity(forgery.longAgo(), forgery.now().minusSeconds(1)))),
  INTERMEDIATE_IS_NO_CA(
      forgery ->
          forgery.underRaw(
              forgery.pki().plainRecipe("SIMULATED SGX PCK Platform CA", forgery.ca().key()))),
  INTERMEDIATE_MAY_NOT_SIGN_LISTS(
      forgery -> forgery.under(ca -> ca.keyUsage(KeyUsage.keyCertSign))),
  /** A whole chain of the right names under a root of its own. */
  FOREIGN_ROOT(Forgery::foreignRoot),
  CHAIN_WITHOUT_INTERMEDIATE(
      forgery -> forgery.listed(forgery.device().chain().getFirst(), forgery.pki().root())),
  CHAIN_OF_THE_LEAF_ALONE(forgery -> forgery.listed(forgery.device().chain().getFirst())),
  EMPTY_CHAIN(Forgery::listed);

  /** Makes another chain for a device. */
  @Immutable
  private interface Edit {
    SimulatedDevice apply(Forgery forgery);
  }

  private final Edit edit;

  CertificateFault(Edit edit) {
    this.edit = edit;
  }

  /** The device with a chain that has this fault at that time. */
  public SimulatedDevice forge(SimulatedDevice device, SimulatedPki pki, Instant now) {
    return edit.apply(new Forgery(device, pki, now));
  }

  /** What the faults are made of. */
  private record Forgery(SimulatedDevice device, SimulatedPki pki, Instant now) {
    CertifiedKey ca() {
      return device.chain().get(1);
    }

    CertificateRecipe pck() {
      return pki.pckRecipe(device.pck(), device.identity());
    }

    Instant longAgo() {
      return now.minus(Duration.ofDays(400));
    }

    Instant inAMinute() {
      return now.plusSeconds(60);
    }

    Instant later() {
      return now.plus(Duration.ofDays(400));
    }

    SimulatedDevice signedPck(UnaryOperator<CertificateRecipe> edit) {
      return chain(edit.apply(pck()).signedBy(ca()));
    }

    SimulatedDevice chain(CertifiedKey leaf) {
      return listed(leaf, ca(), pki.root());
    }

    /** The right leaf under an intermediate of the same key whose certificate differs. */
    SimulatedDevice under(UnaryOperator<CertificateRecipe> edit) {
      return underRaw(
          edit.apply(pki.plainRecipe("SIMULATED SGX PCK Platform CA", ca().key()).authority(0)));
    }

    SimulatedDevice underRaw(CertificateRecipe intermediate) {
      return listed(device.chain().getFirst(), intermediate.signedBy(pki.root()), pki.root());
    }

    SimulatedDevice foreignRoot() {
      SimulatedKey rootKey = pki.freshKey();
      CertifiedKey root =
          pki.plainRecipe("SIMULATED SGX Root CA", rootKey).authority(1).selfSigned();
      CertifiedKey ca =
          pki.plainRecipe("SIMULATED SGX PCK Platform CA", pki.freshKey())
              .authority(0)
              .signedBy(root);
      return listed(pck().signedBy(ca), ca, root);
    }

    SimulatedDevice listed(CertifiedKey... certificates) {
      return new SimulatedDevice(device.identity(), device.pck(), List.of(certificates));
    }
  }
}
