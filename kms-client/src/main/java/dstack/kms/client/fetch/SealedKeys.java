package dstack.kms.client.fetch;

import com.google.protobuf.ByteString;
import dstack.kms.client.keys.ExpectedKeys;
import dstack.kms.client.keys.VerifiedAppKeys;
import dstack.kms.client.refusal.FetchRefusal;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.Hpke;
import dstack.kms.core.crypto.X25519;
import dstack.kms.core.derivation.SealedAnswer;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.reportdata.ReportData;
import dstack.kms.core.secret.Secret;
import dstack.kms.rpc.proto.AppKeyResponse;
import dstack.kms.rpc.proto.AppKeySealedResponse;
import dstack.kms.rpc.proto.GetAppKeySealedRequest;
import dstack.kms.rpc.prpc.Encoding;
import dstack.kms.rpc.prpc.MessageCodec;
import java.nio.ByteBuffer;

/**
 * Keys sealed to a key that is made for one request, lies in this process alone, and is signed by
 * the hardware as part of the evidence (ADR 0019).
 */
final class SealedKeys {
  private static final String METHOD = "GetAppKeySealed";
  private static final String VM_CONFIG = "";

  private final Machine machine;

  SealedKeys(Machine machine) {
    this.machine = machine;
  }

  /** The keys, opened and verified. */
  VerifiedAppKeys fetch(KmsLink link, ExpectedKeys expected) {
    try (Secret key = Secret.generate(X25519.LENGTH, machine.random())) {
      Bytes publicKey = X25519.publicKey(key);
      Bytes evidence =
          new OwnEvidence(machine.quotes()).stripped(ReportData.ofSealedKeys(publicKey));
      AppKeySealedResponse answer =
          link.ask(METHOD, request(publicKey, evidence), AppKeySealedResponse.getDefaultInstance());
      SealedAnswer sealed =
          new SealedAnswer(
              publicKey,
              SealedAnswer.binding(evidence, VM_CONFIG),
              Bytes.of(answer.getSealed().toByteArray()));
      expected.requireSigned(sealed, Bytes.of(answer.getSignature().toByteArray()));
      return expected.verify(open(key, sealed));
    }
  }

  private static GetAppKeySealedRequest request(Bytes publicKey, Bytes evidence) {
    return GetAppKeySealedRequest.newBuilder()
        .setApiVersion(1)
        .setVmConfig(VM_CONFIG)
        .setPublicKey(ByteString.copyFrom(publicKey.toArray()))
        .setAttestation(ByteString.copyFrom(evidence.toArray()))
        .build();
  }

  private static AppKeyResponse open(Secret key, SealedAnswer sealed) {
    try (Secret content =
        Hpke.withX25519(key, sealed.binding(), sealed.sealed())
            .orElseThrow(
                () ->
                    FetchRefusal.SEALED_CLOSED.because(
                        "the sealed answer does not open: it is for another key or another"
                            + " request"))) {
      return content.expose(SealedKeys::read);
    } catch (RefusalException e) {
      throw e.code() == FetchRefusal.SEALED_CLOSED
          ? e
          : FetchRefusal.ANSWER.because("the sealed answer cannot be used: " + e.text());
    }
  }

  private static AppKeyResponse read(byte[] json) {
    return (AppKeyResponse)
        MessageCodec.read(
            Encoding.JSON, ByteBuffer.wrap(json), AppKeyResponse.getDefaultInstance());
  }
}
