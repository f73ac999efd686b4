package dstack.kms.sim.pki;

import dstack.kms.core.bytes.Bytes;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One simulated machine: its identity, its provisioning certification key and the certificates over
 * it.
 *
 * @param chain the PCK certificate first, then its CA, then the root
 */
public record SimulatedDevice(PckIdentity identity, SimulatedKey pck, List<CertifiedKey> chain) {
  public SimulatedDevice {
    chain = List.copyOf(chain);
  }

  /**
   * The chain as certification data of type 5 carries it: PEM, leaf first, closed by a NUL byte as
   * Intel's provider does.
   */
  public Bytes certificationData() {
    return Bytes.concat(Bytes.utf8(chainPem()), Bytes.zeros(1));
  }

  /** The chain in PEM, leaf first. */
  public String chainPem() {
    return chain.stream().map(CertifiedKey::pem).collect(Collectors.joining());
  }
}
