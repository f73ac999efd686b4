package dstack.kms.rpc.tls.hostile;

import java.util.Optional;
import java.util.function.BiConsumer;

/** What a TLS 1.2 client does instead of its second flight; none may get an answer. */
enum Attack12 {
  CERTIFICATE_WITHOUT_VERIFY(
      (client, me) -> {
        client.inTheClear(client.certificate(Optional.of(me)));
        client.inTheClear(client.keyExchange());
        finish(client);
      }),
  VERIFY_BY_ANOTHER_KEY(
      (client, me) -> {
        client.inTheClear(client.certificate(Optional.of(me)));
        client.inTheClear(client.keyExchange());
        client.inTheClear(client.verify(me.withAnotherKey()));
        finish(client);
      }),
  VERIFY_BEFORE_KEY_EXCHANGE(
      (client, me) -> {
        client.inTheClear(client.certificate(Optional.of(me)));
        client.inTheClear(client.verify(me));
        client.inTheClear(client.keyExchange());
        finish(client);
      }),
  VERIFY_AFTER_FINISHED(
      (client, me) -> {
        client.inTheClear(client.certificate(Optional.of(me)));
        client.inTheClear(client.keyExchange());
        byte[] verify = client.verify(me);
        finish(client);
        client.underKeys(22, verify);
      }),
  VERIFY_WITHOUT_CERTIFICATE(
      (client, me) -> {
        client.inTheClear(client.certificate(Optional.empty()));
        client.inTheClear(client.keyExchange());
        client.inTheClear(client.verify(me));
        finish(client);
      }),
  CERTIFICATE_TWICE(
      (client, me) -> {
        client.inTheClear(client.certificate(Optional.of(Identity.fresh())));
        client.inTheClear(client.certificate(Optional.of(me)));
        client.inTheClear(client.keyExchange());
        client.inTheClear(client.verify(me));
        finish(client);
      }),
  CERTIFICATE_AFTER_KEY_EXCHANGE(
      (client, me) -> {
        client.inTheClear(client.keyExchange());
        client.inTheClear(client.certificate(Optional.of(me)));
        client.inTheClear(client.verify(me));
        finish(client);
      }),
  FINISHED_WITHOUT_CHANGE_OF_KEYS(
      (client, me) -> {
        client.inTheClear(client.certificate(Optional.empty()));
        client.inTheClear(client.keyExchange());
        client.inTheClear(client.finished());
      }),
  KEYS_CHANGED_BEFORE_KEY_EXCHANGE(
      (client, me) -> {
        client.inTheClear(client.certificate(Optional.empty()));
        client.changeCipherSpec();
        client.inTheClear(client.keyExchange());
        client.underKeys(22, client.finished());
      }),
  ALTERED_FINISHED(
      (client, me) -> {
        client.inTheClear(client.certificate(Optional.empty()));
        client.inTheClear(client.keyExchange());
        client.changeCipherSpec();
        byte[] finished = client.finished();
        finished[7] ^= 1;
        client.underKeys(22, finished);
      }),
  REQUEST_BEFORE_FINISHED(
      (client, me) -> {
        client.inTheClear(client.certificate(Optional.empty()));
        client.inTheClear(client.keyExchange());
        client.changeCipherSpec();
      }),
  SECOND_HELLO((client, me) -> client.inTheClear(Hello.old().message())),
  SERVER_HELLO_DONE((client, me) -> client.inTheClear(Wire.handshake(14, Wire.NOTHING)));

  @SuppressWarnings("ImmutableEnumChecker") // lambdas without state
  private final BiConsumer<Tls12, Identity> steps;

  Attack12(BiConsumer<Tls12, Identity> steps) {
    this.steps = steps;
  }

  private static void finish(Tls12 client) {
    client.changeCipherSpec();
    client.underKeys(22, client.finished());
  }

  void run(Tls12 client, Identity me) {
    steps.accept(client, me);
  }
}
