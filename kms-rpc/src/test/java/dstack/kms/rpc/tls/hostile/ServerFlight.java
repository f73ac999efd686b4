package dstack.kms.rpc.tls.hostile;

import java.util.Optional;

/** What a TLS 1.3 server says first. */
final class ServerFlight {
  private static final int CHANGE_CIPHER_SPEC = 20;
  private static final int FINISHED = 20;
  private static final int HEADER = 4;

  private final Connection wire;

  ServerFlight(Connection wire) {
    this.wire = wire;
  }

  /** The ServerHello. */
  byte[] plaintext() {
    Opened record = next();
    if (record.type() != 22) {
      throw new AssertionError("no ServerHello but a record of type " + record.type());
    }
    return record.content();
  }

  /** The X25519 key that a ServerHello brings. */
  static byte[] keyShare(byte[] serverHello) {
    int at = HEADER + 2 + 32;
    at += 1 + Wire.read(serverHello, at, 1) + 2 + 1 + 2;
    while (Wire.read(serverHello, at, 2) != 51) {
      at += 4 + Wire.read(serverHello, at + 2, 2);
    }
    return Wire.slice(serverHello, at + 8, at + 40);
  }

  /** All messages up to the Finished, one behind the other. */
  byte[] upToFinished(Direction keys) {
    byte[] messages = Wire.NOTHING;
    int at = 0;
    while (true) {
      while (messages.length >= at + HEADER) {
        int end = at + HEADER + Wire.read(messages, at + 1, 3);
        if (messages.length < end) {
          break;
        }
        if (messages[at] == FINISHED) {
          return messages;
        }
        at = end;
      }
      Opened record = next();
      Optional<Opened> opened = keys.open(record.type(), record.content());
      messages = Wire.concat(messages, opened.orElseThrow().content());
    }
  }

  private Opened next() {
    Opened record = wire.read().orElseThrow();
    return record.type() == CHANGE_CIPHER_SPEC ? next() : record;
  }
}
