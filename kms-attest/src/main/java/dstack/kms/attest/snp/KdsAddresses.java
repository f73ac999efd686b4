package dstack.kms.attest.snp;

import dstack.kms.attest.snp.report.SnpProduct;
import dstack.kms.attest.snp.report.TcbVersion;
import dstack.kms.core.bytes.Bytes;
import java.net.URI;

/** The addresses of one key distribution service (specification 16 §4). */
record KdsAddresses(String base) {
  /** Where AMD's certificates say that its lists lie. */
  static final String AMD = "https://kdsintf.amd.com/vcek/v1";

  private static final int TURIN_ID_LENGTH = 8;

  /**
   * @throws IllegalArgumentException if it is no http or https address, or has credentials, a query
   *     or a fragment
   */
  static KdsAddresses of(URI address) {
    boolean http =
        "https".equalsIgnoreCase(address.getScheme())
            || "http".equalsIgnoreCase(address.getScheme());
    if (!http || address.getHost() == null) {
      throw new IllegalArgumentException("not an http or https address");
    }
    if (address.getRawUserInfo() != null
        || address.getRawQuery() != null
        || address.getRawFragment() != null) {
      throw new IllegalArgumentException("credentials, query and fragment are not allowed");
    }
    String text = address.toString();
    while (text.endsWith("/")) {
      text = text.substring(0, text.length() - 1);
    }
    return new KdsAddresses(text);
  }

  URI certificateChain(SnpProduct product) {
    return URI.create(base + "/" + product.kdsName() + "/cert_chain");
  }

  /** Refused for a report that lacks what its product's address needs. */
  URI vcek(SnpProduct product, Bytes chipId, TcbVersion tcb) {
    boolean turin = product == SnpProduct.TURIN;
    if (turin && tcb.fmc().isEmpty()) {
      throw KdsRefusal.UNKNOWN_CHIP.because(
          "amd sev-snp Turin VCEK request requires reported FMC TCB");
    }
    Bytes id = turin ? chipId.slice(0, TURIN_ID_LENGTH) : chipId;
    String first = turin ? "fmcSPL=" + tcb.fmc().getAsInt() + "&" : "";
    return URI.create(
        (base + "/" + product.kdsName() + "/" + id.hex() + "?" + first)
            + ("blSPL=" + tcb.bootloader() + "&teeSPL=" + tcb.tee())
            + ("&snpSPL=" + tcb.snp() + "&ucodeSPL=" + tcb.microcode()));
  }

  /** The address at this service of what a certificate says lies at AMD's. */
  String mirrored(String uri) {
    return uri.startsWith(AMD + "/") ? base + uri.substring(AMD.length()) : uri;
  }
}
