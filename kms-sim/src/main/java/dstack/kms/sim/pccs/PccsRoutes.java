package dstack.kms.sim.pccs;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.sim.collateral.SignedText;
import dstack.kms.sim.collateral.SimulatedCollateral;
import dstack.kms.sim.collateral.TeeKind;
import dstack.kms.sim.pki.PckAuthority;
import dstack.kms.sim.pki.PckIdentity;
import java.net.URI;
import java.util.Optional;
import java.util.stream.Stream;

/** Which answer belongs to which URL. */
final class PccsRoutes {
  private static final String JSON = "application/json";

  private final CurrentCollateral collateral;

  PccsRoutes(CurrentCollateral collateral) {
    this.collateral = collateral;
  }

  PccsAnswer answer(URI uri) {
    return switch (uri.getPath()) {
      case "/sgx/certification/v4/pckcrl" -> pckCrl(uri);
      case "/sgx/certification/v4/rootcacrl" -> rootCaCrl();
      case "/sgx/certification/v4/tcb" -> tcbInfo(TeeKind.SGX, uri);
      case "/tdx/certification/v4/tcb" -> tcbInfo(TeeKind.TDX, uri);
      case "/sgx/certification/v4/qe/identity" -> qeIdentity(TeeKind.SGX);
      case "/tdx/certification/v4/qe/identity" -> qeIdentity(TeeKind.TDX);
      default -> PccsAnswer.notFound();
    };
  }

  /** DER if asked for, hex text otherwise, as the real service does. */
  private PccsAnswer pckCrl(URI uri) {
    Optional<PckAuthority> authority =
        Stream.of(PckAuthority.values())
            .filter(each -> query(uri, "ca").equals(Optional.of(each.queryName())))
            .findFirst();
    if (authority.isEmpty()) {
      return PccsAnswer.notFound();
    }
    SimulatedCollateral current = collateral.of(TeeKind.TDX, authority.get());
    boolean der = query(uri, "encoding").equals(Optional.of("der"));
    return PccsAnswer.of(
        der ? "application/pkix-crl" : "text/plain",
        "SGX-PCK-CRL-Issuer-Chain",
        current.pckCrlIssuerChain(),
        der ? current.pckCrl() : Bytes.utf8(current.pckCrl().hex()));
  }

  private PccsAnswer rootCaCrl() {
    return PccsAnswer.plain(Bytes.utf8(platform(TeeKind.TDX).rootCaCrl().hex()));
  }

  private PccsAnswer tcbInfo(TeeKind kind, URI uri) {
    boolean known =
        query(uri, "fmspc").filter(PckIdentity.FMSPC.hex()::equalsIgnoreCase).isPresent();
    return known
        ? signed("tcbInfo", "TCB-Info-Issuer-Chain", platform(kind).tcbInfo())
        : PccsAnswer.notFound();
  }

  private PccsAnswer qeIdentity(TeeKind kind) {
    return signed(
        "enclaveIdentity", "SGX-Enclave-Identity-Issuer-Chain", platform(kind).qeIdentity());
  }

  private SimulatedCollateral platform(TeeKind kind) {
    return collateral.of(kind, PckAuthority.PLATFORM);
  }

  /** The signed text goes into the body as it is: the signature covers its very bytes. */
  private static PccsAnswer signed(String key, String header, SignedText signed) {
    String signature = signed.signature().rs().hex();
    String body = "{\"" + key + "\":" + signed.text() + ",\"signature\":\"" + signature + "\"}";
    return PccsAnswer.of(JSON, header, signed.issuerChain(), Bytes.utf8(body));
  }

  private static Optional<String> query(URI uri, String name) {
    String query = uri.getQuery() == null ? "" : uri.getQuery();
    return Stream.of(query.split("&", -1))
        .filter(field -> field.startsWith(name + "="))
        .map(field -> field.substring(name.length() + 1))
        .findFirst();
  }
}
