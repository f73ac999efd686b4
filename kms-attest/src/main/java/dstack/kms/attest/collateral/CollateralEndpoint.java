package dstack.kms.attest.collateral;

import dstack.kms.attest.quote.EncryptedPpid;
import dstack.kms.core.bytes.Bytes;
import java.net.URI;
import java.util.HexFormat;

/**
 * One provisioning service and the addresses of its documents (specification 11 §5).
 *
 * @param base without the path of the API and without a slash at its end
 */
public record CollateralEndpoint(URI base) {
  /** Used where nothing is configured. */
  public static final String DEFAULT = "https://pccs.phala.network";

  private static final String INTEL_PCS = "https://api.trustedservices.intel.com";
  private static final String API = "/certification/v4/";
  private static final HexFormat UPPER = HexFormat.of().withUpperCase();

  /**
   * @throws IllegalArgumentException if it is no http or https address, or has credentials, a query
   *     or a fragment
   */
  public CollateralEndpoint {
    boolean http =
        "https".equalsIgnoreCase(base.getScheme()) || "http".equalsIgnoreCase(base.getScheme());
    if (!http || base.getHost() == null) {
      throw new IllegalArgumentException("not an http or https address");
    }
    if (base.getRawUserInfo() != null
        || base.getRawQuery() != null
        || base.getRawFragment() != null) {
      throw new IllegalArgumentException("credentials, query and fragment are not allowed");
    }
  }

  /** Reads a configured address, with or without the path of the API; blank is the default. */
  public static CollateralEndpoint of(String configured) {
    String address = configured.isBlank() ? DEFAULT : configured.strip();
    address = withoutEnd(address, "/");
    address = withoutEnd(address, "/sgx/certification/v4");
    return new CollateralEndpoint(URI.create(withoutEnd(address, "/tdx/certification/v4")));
  }

  private static String withoutEnd(String address, String end) {
    String rest = address;
    while (rest.endsWith(end)) {
      rest = rest.substring(0, rest.length() - end.length());
    }
    return rest;
  }

  /** Whether it is Intel's own service, which does not offer the root's revocation list. */
  boolean isIntelPcs() {
    return base.toString().startsWith(INTEL_PCS);
  }

  URI pckCrl(CollateralKey key) {
    return address("sgx", "pckcrl?ca=" + key.ca().id() + "&encoding=der");
  }

  URI tcbInfo(CollateralKey key) {
    return address(key.tee().path(), "tcb?fmspc=" + upper(key.fmspc()));
  }

  URI qeIdentity(CollateralKey key) {
    return address(key.tee().path(), "qe/identity?update=standard");
  }

  URI rootCaCrl() {
    return address("sgx", "rootcacrl");
  }

  URI pckCertificate(Bytes qeId, EncryptedPpid platform) {
    return address(
        "sgx",
        "pckcert?qeid="
            + upper(qeId)
            + "&encrypted_ppid="
            + upper(platform.encryptedPpid())
            + "&cpusvn="
            + upper(platform.cpuSvn())
            + "&pcesvn="
            + upper(platform.pceSvn())
            + "&pceid="
            + upper(platform.pceId()));
  }

  private URI address(String tee, String rest) {
    return URI.create(base + "/" + tee + API + rest);
  }

  private static String upper(Bytes bytes) {
    return UPPER.formatHex(bytes.toArray());
  }
}
