package dstack.kms.onboard.node;

import dstack.kms.attest.issuer.BoundedFetch;
import dstack.kms.attest.issuer.FetchedIssuerDocuments;
import dstack.kms.attest.issuer.HostPatterns;
import dstack.kms.attest.issuer.IssuerDocuments;
import dstack.kms.attest.issuer.Reach;
import dstack.kms.attest.snp.AmdKds;
import dstack.kms.attest.snp.MirroredLists;
import dstack.kms.core.config.KmsConfig;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;

/**
 * Where certificates and revocation lists come from, for each vendor its own hosts and no others.
 *
 * @param google behind attestation keys of virtual TPMs
 * @param amazon behind Nitro documents
 * @param amd AMD's lists, wherever its service is configured to lie
 * @param kds AMD's certificates
 * @param fetches to close
 */
record IssuerSources(
    IssuerDocuments google,
    IssuerDocuments amazon,
    IssuerDocuments amd,
    AmdKds kds,
    List<BoundedFetch> fetches)
    implements AutoCloseable {

  private static final String AMD = "kdsintf.amd.com";

  static IssuerSources of(KmsConfig config, InstantSource clock) {
    Reach reach = ConfiguredRoots.mayReplace(config) ? Reach.PUBLIC_AND_LOOPBACK : Reach.PUBLIC;
    URI service = config.attestation().amdKds().uri();
    BoundedFetch google = fetch(HostPatterns.google(), reach);
    BoundedFetch amazon = fetch(HostPatterns.amazon(), reach);
    BoundedFetch amd = amd(service, reach);
    return new IssuerSources(
        new FetchedIssuerDocuments(google, clock),
        new FetchedIssuerDocuments(amazon, clock),
        new MirroredLists(service, new FetchedIssuerDocuments(amd, clock)),
        new AmdKds(
            service, AmdKds.Settings.within(config.attestation().snp().kdsDeadline()), clock),
        List.of(google, amazon, amd));
  }

  /** AMD itself by the rules for any issuer; a mirror wherever the operator keeps it. */
  private static BoundedFetch amd(URI service, Reach reach) {
    HostPatterns hosts = HostPatterns.of(AMD);
    return AMD.equalsIgnoreCase(service.getHost())
        ? fetch(hosts, reach)
        : BoundedFetch.withService(service, hosts, reach, BoundedFetch.Limits.DEFAULT);
  }

  private static BoundedFetch fetch(HostPatterns hosts, Reach reach) {
    return new BoundedFetch(hosts, reach, BoundedFetch.Limits.DEFAULT);
  }

  @Override
  public void close() {
    kds.close();
    fetches.forEach(BoundedFetch::close);
  }
}
