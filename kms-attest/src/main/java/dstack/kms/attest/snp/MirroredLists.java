package dstack.kms.attest.snp;

import dstack.kms.attest.issuer.IssuerDocuments;
import dstack.kms.attest.x509.DistinguishedName;
import dstack.kms.attest.x509.RevocationList;
import dstack.kms.core.bytes.Bytes;
import java.net.URI;
import java.util.Optional;

/**
 * Asks a configured mirror for the revocation lists that AMD's certificates say lie at AMD's own
 * service; they are signed, so it does not matter who hands them out.
 */
public final class MirroredLists implements IssuerDocuments {
  private final KdsAddresses addresses;
  private final IssuerDocuments documents;

  /**
   * Documents of which AMD's lie below that address.
   *
   * @param kds as configured, {@code core.attestation.urls.amd_kds}
   */
  public MirroredLists(URI kds, IssuerDocuments documents) {
    this.addresses = KdsAddresses.of(kds);
    this.documents = documents;
  }

  @Override
  public Bytes certificate(String uri) {
    return documents.certificate(uri);
  }

  @Override
  public Optional<RevocationList> revocationList(String uri, DistinguishedName issuer) {
    return documents.revocationList(addresses.mirrored(uri), issuer);
  }

  @Override
  public void authentic(String uri, Bytes certificate) {
    documents.authentic(uri, certificate);
  }

  @Override
  public void authentic(String uri, RevocationList list) {
    documents.authentic(addresses.mirrored(uri), list);
  }
}
