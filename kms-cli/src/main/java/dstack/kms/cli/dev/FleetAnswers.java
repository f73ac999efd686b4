package dstack.kms.cli.dev;

import com.google.protobuf.ByteString;
import com.google.protobuf.Empty;
import dstack.kms.core.crypto.P256PrivateKey;
import dstack.kms.rpc.client.RpcConnection;
import dstack.kms.rpc.proto.AppId;
import dstack.kms.rpc.proto.AppKeyResponse;
import dstack.kms.rpc.proto.GetAppKeyRequest;
import dstack.kms.rpc.proto.GetMetaResponse;
import dstack.kms.rpc.proto.PublicKeyResponse;
import dstack.kms.rpc.proto.SignCertResponse;
import dstack.kms.rpc.tls.TlsIdentity;
import dstack.kms.sim.platform.SimulatedGuest;
import java.util.List;
import java.util.Optional;

/**
 * What one server of a fleet answered to one and the same enclave.
 *
 * @param chain of the certificate that it signed
 */
record FleetAnswers(
    GetMetaResponse meta, AppKeyResponse keys, PublicKeyResponse env, List<String> chain) {
  private static final GetAppKeyRequest REQUEST =
      GetAppKeyRequest.newBuilder().setApiVersion(1).build();

  /** Asks the server; its own certificate and evidence are among what is verified. */
  static FleetAnswers of(
      DevNode node, DevHost host, P256PrivateKey key, DevClock time, Findings findings) {
    SimulatedGuest guest = host.enclave();
    try (DevEnclave enclave = new DevEnclave(node.port(), guest, time)) {
      GetMetaResponse meta = meta(enclave);
      TlsIdentity identity = enclave.identity(enclave.tempCa(), key, key);
      try (RpcConnection connection = enclave.connect(meta.getCaCert(), Optional.of(identity))) {
        new ServerFindings(host).verify(findings, connection);
        return new FleetAnswers(
            meta,
            connection.call("GetAppKey", REQUEST, AppKeyResponse.getDefaultInstance()),
            connection.call(
                "GetAppEnvEncryptPubKey", appId(guest), PublicKeyResponse.getDefaultInstance()),
            connection
                .call(
                    "SignCert",
                    new CertificateRequest(guest, key).message(),
                    SignCertResponse.getDefaultInstance())
                .getCertificateChainList());
      }
    }
  }

  /** Only the keys, from a server that may refuse them. */
  static AppKeyResponse keys(DevNode node, DevHost host, P256PrivateKey key, DevClock time) {
    try (DevEnclave enclave = new DevEnclave(node.port(), host.enclave(), time)) {
      String root = meta(enclave).getCaCert();
      TlsIdentity identity = enclave.identity(enclave.tempCa(), key, key);
      try (RpcConnection connection = enclave.connect(root, Optional.of(identity))) {
        return connection.call("GetAppKey", REQUEST, AppKeyResponse.getDefaultInstance());
      }
    }
  }

  private static GetMetaResponse meta(DevEnclave enclave) {
    return enclave.ask("GetMeta", Empty.getDefaultInstance(), GetMetaResponse.getDefaultInstance());
  }

  private static AppId appId(SimulatedGuest guest) {
    return AppId.newBuilder()
        .setAppId(ByteString.copyFrom(guest.identity().appId().toArray()))
        .build();
  }
}
