package dstack.kms.cli.dev;

import com.google.protobuf.ByteString;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.P256PrivateKey;
import dstack.kms.core.csr.CsrConfig;
import dstack.kms.core.csr.CsrWriter;
import dstack.kms.core.reportdata.ReportData;
import dstack.kms.rpc.proto.SignCertRequest;
import dstack.kms.sim.platform.SimulatedGuest;
import java.util.List;

/** What a guest sends to have its key certified (specification 02 §7). */
record CertificateRequest(SimulatedGuest guest, P256PrivateKey key) {
  SignCertRequest message() {
    Bytes spki = key.publicKey().subjectPublicKeyInfo();
    CsrConfig config =
        new CsrConfig(
            null, "app.localhost", List.of("app.localhost"), true, true, true, true, null, null);
    Bytes request =
        CsrWriter.version2(spki, config, guest.attest(ReportData.ofCertificateKey(spki)));
    return SignCertRequest.newBuilder()
        .setApiVersion(2)
        .setCsr(wire(request))
        .setSignature(wire(key.sign(request).toDer()))
        .build();
  }

  private static ByteString wire(Bytes bytes) {
    return ByteString.copyFrom(bytes.toArray());
  }
}
