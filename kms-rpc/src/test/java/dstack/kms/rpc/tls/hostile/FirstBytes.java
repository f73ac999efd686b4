package dstack.kms.rpc.tls.hostile;

import java.util.Arrays;
import java.util.function.Supplier;

/** What a client may send first and get no answer to but an alert or the end. */
enum FirstBytes {
  HTTP(Reaction.END, () -> Request.get("/")),
  SSL_2_HELLO(
      Reaction.END,
      () -> Wire.bytes(0x80, 0x1c, 1, 0, 2, 0, 3, 0, 0, 0, 0x10, 7, 0, 0xc0, 5, 0, 0x80)),
  TLS_1_1(() -> hello(Hello.old().version(0x0302))),
  TLS_1_0(() -> hello(Hello.old().version(0x0301))),
  SSL_3(() -> hello(Hello.old().version(0x0300))),
  SUITES_OF_ANOTHER_VERSION(() -> hello(Hello.modern().onlySuites(0xc02b))),
  NO_COMMON_SUITE(() -> hello(Hello.old().onlySuites(0x002f, 0x000a, 0x0000))),
  EXTENSION_TWICE(
      Reaction.ALERT_OF_BORINGSSL,
      () -> hello(Hello.modern().with(43, Wire.vector(1, Wire.bytes(3, 4))))),
  KEY_SHARE_OF_LENGTH_ZERO(
      () ->
          hello(Hello.old().with(43, Wire.bytes(2, 3, 4)).with(51, Wire.bytes(0, 4, 0, 29, 0, 0)))),
  MALFORMED_EXTENSION(() -> hello(Hello.old().with(43, Wire.bytes(9, 3, 4)))),
  TRAILING_BYTES(
      Reaction.ALERT_OF_BORINGSSL,
      () -> {
        byte[] body = Hello.modern().message();
        byte[] longer = Wire.concat(Wire.slice(body, 4, body.length), Wire.bytes(0));
        return Wire.record(22, 0x0301, Wire.handshake(1, longer));
      }),
  UNKNOWN_RECORD_TYPE(Reaction.END, () -> Wire.record(99, 0x0301, Hello.modern().message())),
  RECORD_VERSION_OF_5(Reaction.END, () -> Wire.record(22, 0x0500, Hello.modern().message())),
  OVERSIZED_RECORD(() -> Wire.record(22, 0x0301, new byte[0x4801])),
  FINISHED(() -> Wire.record(22, 0x0301, Wire.handshake(20, new byte[32]))),
  APPLICATION_DATA(() -> Wire.record(23, 0x0303, Request.get("/"))),
  HELLO_OF_16_MIB(() -> Wire.record(22, 0x0301, Wire.bytes(1, 0xff, 0xff, 0xff, 3, 3))),
  FINISHED_BEHIND_THE_HELLO(
      Reaction.ALERT_OF_BORINGSSL,
      () ->
          Wire.record(
              22, 0x0301, Wire.concat(Hello.modern().message(), Wire.handshake(20, new byte[32])))),
  EMPTY_HANDSHAKE_RECORDS(() -> repeated(Wire.record(22, 0x0301, Wire.NOTHING))),
  EMPTY_ALERTS(() -> repeated(Wire.record(21, 0x0301, Wire.NOTHING))),
  WARNINGS(Reaction.ALERT_OF_BORINGSSL, () -> repeated(Wire.record(21, 0x0301, Wire.bytes(1, 90)))),
  KEYS_CHANGED_FIRST(() -> repeated(Wire.record(20, 0x0303, Wire.bytes(1))));

  private static final int MANY = 5_000;

  /** How a server has to react, beside not answering. */
  enum Reaction {
    /** It says why. */
    ALERT,
    /** It hangs up: this is not TLS, and an alert would mean nothing to such a client. */
    END,
    /** The JDK reads over it, or says why under keys that this client does not compute. */
    ALERT_OF_BORINGSSL
  }

  private final Reaction reaction;

  @SuppressWarnings("ImmutableEnumChecker") // lambdas without state
  private final Supplier<byte[]> bytes;

  FirstBytes(Supplier<byte[]> bytes) {
    this(Reaction.ALERT, bytes);
  }

  FirstBytes(Reaction reaction, Supplier<byte[]> bytes) {
    this.reaction = reaction;
    this.bytes = bytes;
  }

  boolean needsAlert(boolean boringSsl) {
    return reaction == Reaction.ALERT || (reaction == Reaction.ALERT_OF_BORINGSSL && boringSsl);
  }

  byte[] bytes() {
    return bytes.get();
  }

  private static byte[] hello(Hello hello) {
    return Wire.record(22, 0x0301, hello.message());
  }

  private static byte[] repeated(byte[] record) {
    byte[][] all = new byte[MANY][];
    Arrays.fill(all, record);
    return Wire.concat(all);
  }
}
