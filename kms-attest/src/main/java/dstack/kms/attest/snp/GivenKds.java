package dstack.kms.attest.snp;

import dstack.kms.attest.snp.report.SnpProduct;
import dstack.kms.attest.snp.report.SnpReport;
import dstack.kms.core.bytes.Bytes;
import java.util.Optional;

/**
 * Certificates from files, PEM or DER: for reports that are verified without a network. The same
 * ones are given for every report.
 */
public final class GivenKds implements KdsSource {
  private final Optional<Bytes> ask;
  private final Optional<Bytes> vcek;

  /**
   * A source of these two.
   *
   * @param ask needed only under a root of the operator's: those of AMD's roots are known
   * @param vcek without it every report that comes without certificates is refused
   */
  public GivenKds(Optional<Bytes> ask, Optional<Bytes> vcek) {
    this.ask = ask;
    this.vcek = vcek;
  }

  @Override
  public Bytes vcek(SnpProduct product, SnpReport report, KdsDeadline deadline) {
    return vcek.orElseThrow(
        () ->
            KdsRefusal.UNAVAILABLE.because(
                "the report comes without certificates and no VCEK is given"));
  }

  @Override
  public Bytes ask(SnpProduct product, KdsDeadline deadline) {
    return ask.orElseThrow(() -> KdsRefusal.UNAVAILABLE.because("no ASK is given"));
  }

  @Override
  public void authentic(SnpProduct product, SnpReport report, Bytes found, Optional<Bytes> signer) {
    // What is given stays given.
  }

  @Override
  public void rejected(SnpProduct product, SnpReport report) {
    // Asking again costs nothing.
  }
}
