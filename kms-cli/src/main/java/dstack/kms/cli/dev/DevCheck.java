package dstack.kms.cli.dev;

import com.google.protobuf.ByteString;
import com.google.protobuf.Empty;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.certificate.ParsedCertificate;
import dstack.kms.core.certificate.Pem;
import dstack.kms.core.crypto.P256PrivateKey;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.rpc.client.RpcConnection;
import dstack.kms.rpc.proto.AppId;
import dstack.kms.rpc.proto.AppKeyResponse;
import dstack.kms.rpc.proto.GetAppKeyRequest;
import dstack.kms.rpc.proto.GetMetaResponse;
import dstack.kms.rpc.proto.GetTempCaCertResponse;
import dstack.kms.rpc.proto.PublicKeyResponse;
import dstack.kms.rpc.proto.SignCertResponse;
import dstack.kms.rpc.tls.TlsIdentity;
import java.util.Optional;

/** Goes the way of an enclave and verifies from outside everything that it is given. */
final class DevCheck {
  private static final GetAppKeyRequest REQUEST =
      GetAppKeyRequest.newBuilder().setApiVersion(1).build();

  private final DevHost host;
  private final int port;
  private final DevClock time;

  DevCheck(DevHost host, int port, DevClock time) {
    this.host = host;
    this.port = port;
    this.time = time;
  }

  /** Adds a line for each step. */
  void run(Findings findings) {
    try (DevEnclave enclave = new DevEnclave(port, host.enclave(), time);
        P256PrivateKey key = P256PrivateKey.generate(time.random());
        P256PrivateKey other = P256PrivateKey.generate(time.random())) {
      GetMetaResponse meta =
          enclave.ask("GetMeta", Empty.getDefaultInstance(), GetMetaResponse.getDefaultInstance());
      GetTempCaCertResponse temp = enclave.tempCa();
      findings.require(
          "the temp CA comes with the root of GetMeta", temp.getCaCert().equals(meta.getCaCert()));
      TlsIdentity identity = enclave.identity(temp, key, key);
      try (RpcConnection connection = enclave.connect(meta.getCaCert(), Optional.of(identity))) {
        new ServerFindings(host).verify(findings, connection);
        verifyKeys(findings, connection, meta);
        verifyCertificate(findings, connection, meta, key);
      }
      refusals(findings, enclave, meta, temp, key, other);
    } catch (RefusalException e) {
      findings.failed(e);
    }
  }

  private void verifyKeys(Findings findings, RpcConnection connection, GetMetaResponse meta) {
    AppKeyResponse keys =
        connection.call("GetAppKey", REQUEST, AppKeyResponse.getDefaultInstance());
    PublicKeyResponse env =
        connection.call(
            "GetAppEnvEncryptPubKey",
            AppId.newBuilder()
                .setAppId(ByteString.copyFrom(host.enclave().identity().appId().toArray()))
                .build(),
            PublicKeyResponse.getDefaultInstance());
    new KeyFindings(host.enclave().identity().appId(), meta).verify(findings, keys, env);
  }

  private void verifyCertificate(
      Findings findings, RpcConnection connection, GetMetaResponse meta, P256PrivateKey key) {
    SignCertResponse chain =
        connection.call(
            "SignCert",
            new CertificateRequest(host.enclave(), key).message(),
            SignCertResponse.getDefaultInstance());
    new ChainFindings(meta.getCaCert()).verify(findings, chain.getCertificateChainList(), key);
  }

  private void refusals(
      Findings findings,
      DevEnclave enclave,
      GetMetaResponse meta,
      GetTempCaCertResponse temp,
      P256PrivateKey key,
      P256PrivateKey stranger) {
    findings.requireRefused(
        "no certificate gets no keys",
        () -> getAppKey(enclave, meta, Optional.empty()),
        "App not allowed: No attestation provided");
    findings.requireRefused(
        "evidence of another key gets no keys",
        () -> getAppKey(enclave, meta, Optional.of(enclave.identity(temp, stranger, key))),
        "invalid quote: report data mismatch");
    for (DevFault faulty : DevFault.of(host.kind())) {
      try (DevEnclave other = new DevEnclave(port, host.boot(faulty.fault()), time)) {
        findings.requireRefused(
            faulty.what() + " gets no keys",
            () -> getAppKey(other, meta, Optional.of(other.identity(temp, key, key))),
            faulty.text());
      }
    }
  }

  private static void getAppKey(
      DevEnclave enclave, GetMetaResponse meta, Optional<TlsIdentity> identity) {
    try (RpcConnection connection = enclave.connect(meta.getCaCert(), identity)) {
      connection.call("GetAppKey", REQUEST, AppKeyResponse.getDefaultInstance());
    }
  }

  /** Bytes of a message. */
  static Bytes bytes(ByteString wire) {
    return Bytes.of(wire.toByteArray());
  }

  /** A certificate in PEM. */
  static ParsedCertificate certificate(String pem) {
    return ParsedCertificate.parse(Pem.decode(pem));
  }
}
