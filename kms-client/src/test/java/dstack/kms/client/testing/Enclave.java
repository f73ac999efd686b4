package dstack.kms.client.testing;

import dstack.kms.attest.source.QuoteSource;
import dstack.kms.client.fetch.CertificateWish;
import dstack.kms.client.fetch.ClientIdentity;
import dstack.kms.client.fetch.Delivery;
import dstack.kms.client.fetch.FetchPlan;
import dstack.kms.client.fetch.Fetched;
import dstack.kms.client.fetch.KeyFetch;
import dstack.kms.client.fetch.Machine;
import dstack.kms.client.trust.KmsJudge;
import dstack.kms.client.trust.KmsTrust;
import dstack.kms.client.trust.RootCaPin;
import dstack.kms.core.authority.Authority;
import dstack.kms.core.bootinfo.AppId;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.config.TlsEngine;
import dstack.kms.core.crypto.Secp256k1PublicKey;
import dstack.kms.core.crypto.SignatureVerifiers;
import dstack.kms.rpc.client.Routes;
import dstack.kms.rpc.client.RpcUrl;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What an enclave does, with the choices that a test makes. */
public final class Enclave {
  private final TestPlatform platform;
  private KmsTrust trust;
  private QuoteSource quotes;
  private Bytes app = TestPlatform.APP;
  private Delivery delivery = Delivery.SEALED;
  private ClientIdentity identity = ClientIdentity.TEMP_CA;
  private Optional<String> gateway = Optional.empty();
  private Optional<CertificateWish> wish = Optional.empty();
  private Routes routes = Routes.direct();
  private Duration deadline = Duration.ofSeconds(30);

  public Enclave(TestPlatform platform) {
    this.platform = platform;
    quotes = platform.app();
    trust = KmsTrust.inAnybody();
  }

  public Enclave trustingRoot(String pem) {
    trust = KmsTrust.of(Optional.of(RootCaPin.ofPem(pem)), Optional.empty(), Optional.empty());
    return this;
  }

  public Enclave trustingK256(Secp256k1PublicKey key) {
    trust = KmsTrust.of(Optional.empty(), Optional.of(key), Optional.empty());
    return this;
  }

  public Enclave trustingEvidence(Authority authority) {
    trust =
        KmsTrust.of(
            Optional.empty(),
            Optional.empty(),
            Optional.of(new KmsJudge(platform.verifier(), authority)));
    return this;
  }

  public Enclave trusting(KmsTrust all) {
    trust = all;
    return this;
  }

  public Enclave attestedBy(QuoteSource other) {
    quotes = other;
    return this;
  }

  public Enclave of(Bytes appId) {
    app = appId;
    return this;
  }

  public Enclave by(Delivery form) {
    delivery = form;
    return this;
  }

  public Enclave as(ClientIdentity who) {
    identity = who;
    return this;
  }

  public Enclave expectingGateway(String id) {
    gateway = Optional.of(id);
    return this;
  }

  public Enclave wishing(CertificateWish certificate) {
    wish = Optional.of(certificate);
    return this;
  }

  public Enclave through(Routes ways) {
    routes = ways;
    return this;
  }

  public Enclave within(Duration longest) {
    deadline = longest;
    return this;
  }

  public FetchPlan plan() {
    return new FetchPlan(new AppId(app), trust, delivery, identity, gateway, wish);
  }

  public Machine machine() {
    return new Machine(
        quotes,
        routes,
        TlsEngine.AUTO,
        SignatureVerifiers.named("auto"),
        new SecureRandom(),
        TestPlatform.CLOCK);
  }

  public Fetched fetch(String... urls) {
    List<RpcUrl> parsed = Stream.of(urls).map(RpcUrl::ofKms).toList();
    return new KeyFetch(plan(), machine()).run(parsed, deadline);
  }
}
