package dstack.kms.attest.snp;

import dstack.kms.attest.snp.report.SnpProduct;
import dstack.kms.attest.snp.report.SnpReport;
import dstack.kms.attest.snp.report.TcbVersion;
import dstack.kms.core.bytes.Bytes;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * AMD's key distribution service, or a mirror of it.
 *
 * <p>Whoever may show evidence can make this server ask, before anything is known of the report's
 * signature. Hence the limits: few requests at a time, one for the same document, a pause after a
 * failure, and nothing is kept that was not verified up to the root.
 */
public final class AmdKds implements KdsSource, AutoCloseable {
  private static final int ASKS = 16;
  private static final int VCEKS = 1024;

  private final KdsAddresses addresses;
  private final KdsClient client;
  private final Settings settings;
  private final KdsDocuments<SnpProduct> asks;
  private final KdsDocuments<VcekKey> vceks;

  /**
   * The limits.
   *
   * @param connectTimeout how long a connection may take
   * @param deadline how long one document may take in all
   * @param backOff how long a document that failed is left alone
   * @param maxConcurrent how many requests may be under way
   */
  public record Settings(
      Duration connectTimeout, Duration deadline, Duration backOff, int maxConcurrent) {
    /** Limits around a deadline. */
    public static Settings within(Duration deadline) {
      return new Settings(Duration.ofSeconds(3), deadline, Duration.ofMinutes(1), 8);
    }
  }

  private record VcekKey(SnpProduct product, Bytes chipId, TcbVersion tcb) {
    static VcekKey of(SnpProduct product, SnpReport report) {
      return new VcekKey(product, report.chipId(), report.reportedTcb());
    }
  }

  /**
   * The service below an address.
   *
   * @param base as configured, {@code core.attestation.urls.amd_kds}
   * @throws IllegalArgumentException if it is no http or https address, or has credentials, a query
   *     or a fragment
   */
  public AmdKds(URI base, Settings settings, InstantSource clock) {
    this.addresses = KdsAddresses.of(base);
    this.client = new KdsClient(settings.connectTimeout());
    this.settings = settings;
    Semaphore permits = new Semaphore(settings.maxConcurrent());
    this.asks = new KdsDocuments<>(ASKS, permits, settings.backOff(), clock);
    this.vceks = new KdsDocuments<>(VCEKS, permits, settings.backOff(), clock);
  }

  /**
   * Reads the address of a service.
   *
   * @throws IllegalArgumentException if the constructor would not take it
   */
  public static URI address(String text) {
    URI address = URI.create(text);
    var _ = KdsAddresses.of(address);
    return address;
  }

  @Override
  public Bytes vcek(SnpProduct product, SnpReport report, KdsDeadline deadline) {
    URI address = addresses.vcek(product, report.chipId(), report.reportedTcb());
    return vceks.get(
        VcekKey.of(product, report),
        () -> client.get(address, "vcek", KdsDeadline.in(settings.deadline())),
        deadline);
  }

  @Override
  public Bytes ask(SnpProduct product, KdsDeadline deadline) {
    return asks.get(product, () -> fetchAsk(product), deadline);
  }

  /** The first certificate; the second is the root, which never comes from here. */
  private Bytes fetchAsk(SnpProduct product) {
    KdsDeadline deadline = KdsDeadline.in(settings.deadline());
    Bytes chain = client.get(addresses.certificateChain(product), "cert_chain", deadline);
    List<Bytes> certificates = CertificateText.all(chain);
    if (certificates.size() < 2) {
      throw KdsRefusal.UNAVAILABLE.because(
          "amd sev-snp cert_chain must contain ASK and ARK certificates");
    }
    return certificates.getFirst();
  }

  @Override
  public void authentic(SnpProduct product, SnpReport report, Bytes vcek, Optional<Bytes> ask) {
    vceks.keep(VcekKey.of(product, report), vcek);
    ask.ifPresent(signer -> asks.keep(product, signer));
  }

  @Override
  public void rejected(SnpProduct product, SnpReport report) {
    vceks.fail(
        VcekKey.of(product, report),
        KdsRefusal.UNAVAILABLE.because("amd sev-snp KDS gave certificates that do not verify"));
  }

  /** Ends all requests that are under way. */
  @Override
  public void close() {
    client.close();
  }
}
