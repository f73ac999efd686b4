package dstack.kms.client.fetch;

import com.google.protobuf.Empty;
import dstack.kms.client.keys.ExpectedKeys;
import dstack.kms.client.keys.KmsIdentity;
import dstack.kms.client.keys.VerifiedAppKeys;
import dstack.kms.client.refusal.FetchRefusal;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.certificate.ParsedCertificate;
import dstack.kms.core.crypto.Secp256k1PublicKey;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.refusal.Step;
import dstack.kms.rpc.client.RpcClient;
import dstack.kms.rpc.client.RpcUrl;
import dstack.kms.rpc.client.ServerTrust;
import dstack.kms.rpc.proto.GetMetaResponse;
import dstack.kms.rpc.proto.GetTempCaCertResponse;
import java.util.Optional;

/**
 * One way through the conversation with a KMS: judge its certificate, hold its answers against it,
 * and only then attest and ask for keys.
 */
final class Attempt {
  private final FetchPlan plan;
  private final Machine machine;
  private final RpcClient client;

  Attempt(FetchPlan plan, Machine machine, RpcClient client) {
    this.plan = plan;
    this.machine = machine;
    this.client = client;
  }

  /** Everything that the plan asks for, from the KMS at that URL. */
  Fetched run(RpcUrl url) {
    ServerTrust first = plan.trust().ofFirstConnection();
    try (KmsLink link = KmsLink.open(client, url, first, Optional.empty())) {
      ParsedCertificate server = link.certificate();
      plan.trust().judge(server, machine.clock().instant());
      KmsIdentity kms = identity(link, url, server);
      ExpectedKeys expected = new ExpectedKeys(plan.app(), kms, plan.gatewayAppId());
      Fetched fetched = keys(link, url, server, expected);
      return plan.certificate()
          .map(wish -> withCertificate(fetched, link, kms, wish))
          .orElse(fetched);
    }
  }

  private KmsIdentity identity(KmsLink link, RpcUrl url, ParsedCertificate server) {
    GetTempCaCertResponse temp =
        link.ask(
            "GetTempCaCert",
            Empty.getDefaultInstance(),
            GetTempCaCertResponse.getDefaultInstance());
    KmsIdentity kms = KmsIdentity.of(url.text(), server, temp, k256(link), machine.signatures());
    boolean pinned = plan.trust().rootCa().map(pin -> pin.key().equals(kms.rootCa())).orElse(true);
    if (!pinned) {
      throw FetchRefusal.OTHER_ROOT_CA.because(
          "the KMS names another root CA than the one its certificate lies under");
    }
    return kms;
  }

  /** The given key; without one what the KMS says, on a connection that proved to be its own. */
  private Secp256k1PublicKey k256(KmsLink link) {
    return plan.trust()
        .k256()
        .orElseGet(
            () -> {
              GetMetaResponse meta =
                  link.ask(
                      "GetMeta", Empty.getDefaultInstance(), GetMetaResponse.getDefaultInstance());
              return Step.named(
                  "the root k256 key of the KMS",
                  () -> new Secp256k1PublicKey(Bytes.of(meta.getK256Pubkey().toByteArray())));
            });
  }

  private Fetched keys(KmsLink link, RpcUrl url, ParsedCertificate server, ExpectedKeys expected) {
    if (plan.delivery() != Delivery.PLAIN) {
      try {
        VerifiedAppKeys keys = new SealedKeys(machine).fetch(link, expected);
        return new Fetched(keys, true, Optional.empty());
      } catch (RefusalException e) {
        requirePlainAllowed(e);
      }
    }
    if (plan.trust().restsOnSignaturesAlone()) {
      throw FetchRefusal.PLAIN_UNPROVEN.because(
          "a root k256 key alone proves sealed answers only: of a plain one it proves k256_key and"
              + " not the others; give the root CA as well");
    }
    VerifiedAppKeys keys =
        new PlainKeys(machine, plan.identity(), plan.trust()).fetch(client, url, server, expected);
    return new Fetched(keys, false, Optional.empty());
  }

  private void requirePlainAllowed(RefusalException e) {
    if (e.code() != FetchRefusal.SEALED_UNKNOWN) {
      throw e;
    }
    if (plan.delivery() != Delivery.SEALED_IF_KNOWN) {
      throw FetchRefusal.SEALED_UNKNOWN.because(
          "the KMS does not know sealed answers (GetAppKeySealed), and plain ones are not allowed");
    }
  }

  private Fetched withCertificate(
      Fetched fetched, KmsLink link, KmsIdentity kms, CertificateWish wish) {
    try {
      CertifiedKey certified = new AppCertificate(machine, plan.app(), kms).request(link, wish);
      return new Fetched(fetched.keys(), fetched.sealed(), Optional.of(certified));
    } catch (RefusalException e) {
      fetched.close();
      throw e;
    }
  }
}
