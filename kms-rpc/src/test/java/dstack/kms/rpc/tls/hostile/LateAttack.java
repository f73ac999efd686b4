package dstack.kms.rpc.tls.hostile;

import java.util.Optional;
import java.util.function.BiConsumer;

/** What a TLS 1.3 client does on a connection that is up and on which it is nobody. */
enum LateAttack {
  CERTIFICATE_AFTER_THE_HANDSHAKE(
      (client, me) -> {
        client.underKeys(22, client.certificate(Optional.of(me)));
        client.underKeys(22, client.verify(me));
        client.underKeys(22, client.finished());
      }),
  SECOND_FINISHED((client, me) -> client.underKeys(22, client.finished())),
  SECOND_HELLO((client, me) -> client.underKeys(22, Hello.modern().message())),
  HELLO_IN_THE_CLEAR((client, me) -> client.inTheClear(Hello.modern().message())),
  REQUEST_IN_THE_CLEAR((client, me) -> client.wire.send(Wire.record(23, 0x0303, Request.get("/")))),
  ALTERED_RECORD(
      (client, me) -> {
        byte[] record = client.sealed(Wire.concat(Request.get("/"), Wire.bytes(23)));
        record[record.length - 1] ^= 1;
        client.wire.send(record);
      }),
  KEY_UPDATE_OF_TWO((client, me) -> client.updateKeys(2)),
  PADDING_ONLY((client, me) -> client.wire.send(client.sealed(new byte[100]))),
  UNKNOWN_CONTENT_TYPE((client, me) -> client.underKeys(99, Wire.bytes(1))),
  OVERSIZED_RECORD((client, me) -> client.wire.send(client.sealed(new byte[(16 << 10) + 600]))),
  FATAL_ALERT((client, me) -> client.underKeys(21, Wire.bytes(2, 40))),
  CLOSE_NOTIFY((client, me) -> client.underKeys(21, Wire.bytes(1, 0)));

  @SuppressWarnings("ImmutableEnumChecker") // lambdas without state
  private final BiConsumer<Tls13, Identity> steps;

  LateAttack(BiConsumer<Tls13, Identity> steps) {
    this.steps = steps;
  }

  void run(Tls13 client, Identity me) {
    steps.accept(client, me);
  }

  /** After these it is the client that said why, so that the server need not. */
  boolean isFarewell() {
    return this == FATAL_ALERT || this == CLOSE_NOTIFY;
  }
}
