package dstack.kms.rpc.health;

import java.util.List;
import java.util.Optional;

/**
 * What a node says about itself to whoever compares the nodes of a fleet. Public values only; bytes
 * are hexadecimal digits, times as in ISO 8601.
 *
 * @param identity the root keys' public halves; none while there are no keys
 * @param certificates those in use; none while there are no keys
 * @param authority who decides, and what it sees
 * @param collateral what quotes are verified against, one entry for each kind that was needed
 * @param audit the last durable line of the audit log; none before the first, and without a log
 * @param clock the node's time
 */
public record NodeFacts(
    Optional<Identity> identity,
    Optional<Certificates> certificates,
    AuthorityFacts authority,
    List<CollateralFacts> collateral,
    Optional<AuditFacts> audit,
    String clock) {
  public NodeFacts {
    collateral = List.copyOf(collateral);
  }

  /**
   * Which keys a node serves: equal on all nodes of one fleet.
   *
   * @param k256Pubkey compressed, 33 bytes
   * @param caSpkiSha256 of the root CA's subject public key info
   * @param keyProviderId that subject public key info, as apps pin it
   * @param epoch the generation of the keys
   */
  public record Identity(String k256Pubkey, String caSpkiSha256, String keyProviderId, int epoch) {}

  /** The certificates in use; those of two nodes of one fleet may differ. */
  public record Certificates(
      CertificateFacts rootCa, CertificateFacts tempCa, CertificateFacts rpc) {}

  /**
   * One certificate.
   *
   * @param sha256 of its DER
   * @param notAfter its last second
   */
  public record CertificateFacts(String sha256, String notAfter) {}

  /**
   * Who decides; what it does not say, or does not answer now, is missing.
   *
   * @param kind {@code webhook}, {@code file} or {@code dev}
   * @param chainId the chain's number
   * @param contract the policy contract
   * @param gatewayAppId the gateway's app id
   * @param block at which a decision asked now would be made; none where no chain is read
   */
  public record AuthorityFacts(
      String kind,
      Optional<Long> chainId,
      Optional<String> contract,
      Optional<String> gatewayAppId,
      Optional<Block> block) {}

  /** A block of the public chain. */
  public record Block(long number, String hash) {}

  /**
   * One kept collateral.
   *
   * @param fmspc the platforms it is for
   * @param issued the older of its two daily documents
   * @param validUntil the last instant at which it may be used
   * @param ageSeconds since {@code issued}
   */
  public record CollateralFacts(String fmspc, String issued, String validUntil, long ageSeconds) {}

  /** The last line of a log. */
  public record AuditFacts(long sequence, String hash) {}
}
