package dstack.kms.client.fetch;

import java.util.List;

/**
 * A certificate that the KMS shall issue for a fresh key.
 *
 * @param subject its common name
 * @param altNames IP addresses or DNS names
 */
public record CertificateWish(String subject, List<String> altNames) {
  public CertificateWish {
    altNames = List.copyOf(altNames);
  }
}
