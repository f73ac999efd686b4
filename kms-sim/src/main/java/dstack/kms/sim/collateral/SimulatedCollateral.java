package dstack.kms.sim.collateral;

import dstack.kms.core.bytes.Bytes;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Everything that is needed to judge the quotes of simulated devices of one kind.
 *
 * @param pckCrl DER, of the CA that was asked for
 * @param pckCrlIssuerChain PEM, that CA and the root
 * @param rootCaCrl DER
 * @param validity of the parts that expire
 */
public record SimulatedCollateral(
    Bytes pckCrl,
    String pckCrlIssuerChain,
    Bytes rootCaCrl,
    SignedText tcbInfo,
    SignedText qeIdentity,
    Validity validity) {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** The collateral object of specification 11 §5: DER and signatures in lower-case hex. */
  public String toJson() {
    ObjectNode object = JSON.createObjectNode();
    object.put("pck_crl_issuer_chain", pckCrlIssuerChain);
    object.put("root_ca_crl", rootCaCrl.hex());
    object.put("pck_crl", pckCrl.hex());
    object.put("tcb_info_issuer_chain", tcbInfo.issuerChain());
    object.put("tcb_info", tcbInfo.text());
    object.put("tcb_info_signature", tcbInfo.signature().rs().hex());
    object.put("qe_identity_issuer_chain", qeIdentity.issuerChain());
    object.put("qe_identity", qeIdentity.text());
    object.put("qe_identity_signature", qeIdentity.signature().rs().hex());
    return JSON.writeValueAsString(object);
  }
}
