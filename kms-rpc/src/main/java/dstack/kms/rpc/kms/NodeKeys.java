package dstack.kms.rpc.kms;

import dstack.kms.core.certificate.CertificateAuthority;
import dstack.kms.core.derivation.RootKeys;
import dstack.kms.core.secret.Secret;
import dstack.kms.rpc.proto.BootstrapResponse;
import java.util.Optional;

/**
 * What a node holds, at one moment. After its certificates were renewed the owner hands out another
 * snapshot with the same keys; a request uses one snapshot throughout.
 *
 * <p>The keys stay their owner's, who closes them when the last listener has ended.
 *
 * @param roots the two root keys
 * @param rootCa the root CA with the exact text of its certificate
 * @param tempCaCertificate the text of the temp CA's certificate
 * @param tempCaKey the PEM text of the temp CA's key, public by design
 * @param bootstrapInfo what Bootstrap answered; empty for replicated nodes
 */
public record NodeKeys(
    RootKeys roots,
    CertificateAuthority rootCa,
    String tempCaCertificate,
    Secret tempCaKey,
    Optional<BootstrapResponse> bootstrapInfo) {}
