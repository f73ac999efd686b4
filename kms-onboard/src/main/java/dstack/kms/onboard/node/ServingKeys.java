package dstack.kms.onboard.node;

import com.google.protobuf.UnsafeByteOperations;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.certificate.CertificateAuthority;
import dstack.kms.core.certificate.Pem;
import dstack.kms.core.crypto.P256PrivateKey;
import dstack.kms.core.crypto.Secp256k1PrivateKey;
import dstack.kms.core.derivation.RootKeys;
import dstack.kms.core.secret.Secret;
import dstack.kms.core.store.BootstrapInfo;
import dstack.kms.core.store.CertificateSet;
import dstack.kms.core.store.KeySet;
import dstack.kms.rpc.kms.NodeKeys;
import dstack.kms.rpc.proto.BootstrapResponse;
import dstack.kms.rpc.tls.TlsIdentity;
import java.util.Optional;

/** The keys of a serving node, outside the heap until the node ends. */
final class ServingKeys implements AutoCloseable {
  private final RootKeys roots;
  private final Secret tempCaKey;
  private final P256PrivateKey rpc;
  private final Optional<BootstrapResponse> bootstrapInfo;

  private ServingKeys(
      RootKeys roots,
      Secret tempCaKey,
      P256PrivateKey rpc,
      Optional<BootstrapResponse> bootstrapInfo) {
    this.roots = roots;
    this.tempCaKey = tempCaKey;
    this.rpc = rpc;
    this.bootstrapInfo = bootstrapInfo;
  }

  /** The stored keys; the stored form may be closed afterwards. */
  static ServingKeys of(KeySet stored, Optional<BootstrapInfo> info) {
    return new ServingKeys(
        new RootKeys(
            P256PrivateKey.fromPkcs8Pem(stored.rootCa()),
            Secp256k1PrivateKey.ofScalar(stored.k256())),
        stored.tmpCa().copy(),
        P256PrivateKey.fromPkcs8Pem(stored.rpc()),
        info.map(ServingKeys::message));
  }

  /** What the KMS service works with under these certificates. */
  NodeKeys under(CertificateSet certificates) {
    return new NodeKeys(
        roots,
        CertificateAuthority.of(certificates.rootCa(), roots.ca()),
        certificates.tmpCa(),
        tempCaKey,
        bootstrapInfo);
  }

  /** What the main listener presents. */
  TlsIdentity identity(CertificateSet certificates) {
    return TlsIdentity.of(Pem.decode(certificates.rpc()), rpc);
  }

  @Override
  public void close() {
    roots.close();
    tempCaKey.close();
    rpc.close();
  }

  private static BootstrapResponse message(BootstrapInfo info) {
    return BootstrapResponse.newBuilder()
        .setCaPubkey(wire(info.caPubkey()))
        .setK256Pubkey(wire(info.k256Pubkey()))
        .setAttestation(wire(info.attestation()))
        .build();
  }

  private static com.google.protobuf.ByteString wire(Bytes bytes) {
    return UnsafeByteOperations.unsafeWrap(bytes.buffer());
  }
}
