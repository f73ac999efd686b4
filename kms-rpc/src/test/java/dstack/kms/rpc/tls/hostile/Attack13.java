package dstack.kms.rpc.tls.hostile;

import java.util.Optional;
import java.util.function.BiConsumer;

/** What a TLS 1.3 client does instead of its second flight; none may get an answer. */
enum Attack13 {
  CERTIFICATE_WITHOUT_VERIFY(
      (client, me) -> {
        client.underHandshakeKeys(client.certificate(Optional.of(me)));
        client.underHandshakeKeys(client.finished());
      }),
  FINISHED_BEFORE_VERIFY(
      (client, me) -> {
        client.underHandshakeKeys(client.certificate(Optional.of(me)));
        byte[] verify = client.verify(me);
        client.underHandshakeKeys(client.finished());
        client.underHandshakeKeys(verify);
      }),
  VERIFY_BY_ANOTHER_KEY(
      (client, me) -> {
        client.underHandshakeKeys(client.certificate(Optional.of(me)));
        client.underHandshakeKeys(client.verify(me.withAnotherKey()));
        client.underHandshakeKeys(client.finished());
      }),
  VERIFY_OF_ANOTHER_HANDSHAKE(
      (client, me) -> {
        client.underHandshakeKeys(client.certificate(Optional.of(me)));
        client.underHandshakeKeys(client.verifyOfAnotherHandshake(me));
        client.underHandshakeKeys(client.finished());
      }),
  VERIFY_AS_A_SERVER(
      (client, me) -> {
        client.underHandshakeKeys(client.certificate(Optional.of(me)));
        client.underHandshakeKeys(client.verifyAsServer(me));
        client.underHandshakeKeys(client.finished());
      }),
  VERIFY_WITHOUT_CERTIFICATE(
      (client, me) -> {
        client.underHandshakeKeys(client.certificate(Optional.empty()));
        client.underHandshakeKeys(client.verify(me));
        client.underHandshakeKeys(client.finished());
      }),
  CERTIFICATE_TWICE(
      (client, me) -> {
        client.underHandshakeKeys(client.certificate(Optional.of(Identity.fresh())));
        client.underHandshakeKeys(client.certificate(Optional.of(me)));
        client.underHandshakeKeys(client.verify(me));
        client.underHandshakeKeys(client.finished());
      }),
  NO_CERTIFICATE_MESSAGE(
      (client, me) -> {
        client.underHandshakeKeys(client.finished());
      }),
  ALTERED_FINISHED(
      (client, me) -> {
        client.underHandshakeKeys(client.certificate(Optional.empty()));
        byte[] finished = client.finished();
        finished[7] ^= 1;
        client.underHandshakeKeys(finished);
      }),
  FINISHED_IN_THE_CLEAR(
      (client, me) -> {
        client.underHandshakeKeys(client.certificate(Optional.empty()));
        client.inTheClear(client.finished());
      }),
  EVERYTHING_IN_THE_CLEAR(
      (client, me) -> {
        client.inTheClear(client.certificate(Optional.of(me)));
        client.inTheClear(client.verify(me));
        client.inTheClear(client.finished());
      }),
  CERTIFICATE_IN_THE_CLEAR(
      (client, me) -> {
        client.inTheClear(client.certificate(Optional.of(me)));
        client.underHandshakeKeys(client.verify(me));
        client.underHandshakeKeys(client.finished());
      }),
  FINISHED_UNDER_APPLICATION_KEYS(
      (client, me) -> {
        client.underHandshakeKeys(client.certificate(Optional.empty()));
        client.underKeys(22, client.finished());
      }),
  REQUEST_BEFORE_FINISHED(
      (client, me) -> {
        client.underHandshakeKeys(client.certificate(Optional.empty()));
        client.underHandshakeKeys(23, Request.get("/"));
        client.underHandshakeKeys(client.finished());
      }),
  NOTHING_BUT_A_REQUEST((client, me) -> {}),
  KEY_UPDATE_BEFORE_FINISHED(
      (client, me) -> {
        client.underHandshakeKeys(client.certificate(Optional.empty()));
        client.underHandshakeKeys(Wire.handshake(24, Wire.bytes(0)));
        client.underHandshakeKeys(client.finished());
      }),
  SERVER_HELLO((client, me) -> client.underHandshakeKeys(Wire.handshake(2, new byte[40]))),
  SECOND_HELLO((client, me) -> client.inTheClear(Hello.modern().message())),
  MESSAGE_OF_16_MIB(
      (client, me) -> client.underHandshakeKeys(Wire.bytes(11, 0xff, 0xff, 0xff, 0, 0))),
  CHANGE_CIPHER_SPEC_OF_TWO(
      (client, me) -> client.wire.send(Wire.record(20, 0x0303, Wire.bytes(2)))),
  UNKNOWN_CONTENT_TYPE((client, me) -> client.underHandshakeKeys(99, Wire.bytes(1, 2, 3)));

  @SuppressWarnings("ImmutableEnumChecker") // lambdas without state
  private final BiConsumer<Tls13, Identity> steps;

  Attack13(BiConsumer<Tls13, Identity> steps) {
    this.steps = steps;
  }

  /** Takes the steps on a connection whose server waits for the second flight. */
  void run(Tls13 client, Identity me) {
    steps.accept(client, me);
  }
}
