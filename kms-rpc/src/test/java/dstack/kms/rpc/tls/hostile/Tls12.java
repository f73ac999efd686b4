package dstack.kms.rpc.tls.hostile;

import java.util.Optional;
import org.bouncycastle.crypto.params.X25519PublicKeyParameters;

/** A TLS 1.2 client without a will of its own. */
final class Tls12 implements AutoCloseable {
  private static final int MASTER = 48;

  final Connection wire;
  private final Hello hello = Hello.old();
  private byte[] transcript = Wire.NOTHING;
  private byte[] serverRandom = Wire.NOTHING;
  private byte[] serverKey = Wire.NOTHING;
  private byte[] master = Wire.NOTHING;
  private Optional<Direction> keys = Optional.empty();
  private Optional<Direction> server = Optional.empty();
  private boolean serverChanged;

  private Tls12(int port) {
    wire = new Connection(port);
  }

  /** A connection that has read the server's flight up to ServerHelloDone. */
  static Tls12 greeted(int port) {
    Tls12 client = new Tls12(port);
    client.inTheClear(client.remembered(client.hello.message()));
    client.readFlight();
    return client;
  }

  static Tls12 connected(int port, Optional<Identity> identity) {
    Tls12 client = greeted(port);
    client.inTheClear(client.certificate(identity));
    client.inTheClear(client.keyExchange());
    identity.ifPresent(own -> client.inTheClear(client.verify(own)));
    client.changeCipherSpec();
    client.underKeys(22, client.finished());
    client.readFinished();
    return client;
  }

  private void readFlight() {
    byte[] messages = Wire.NOTHING;
    int at = 0;
    while (true) {
      while (messages.length >= at + 4
          && messages.length >= at + 4 + Wire.read(messages, at + 1, 3)) {
        int end = at + 4 + Wire.read(messages, at + 1, 3);
        look(Wire.slice(messages, at, end));
        if (messages[at] == 14) {
          remembered(messages);
          return;
        }
        at = end;
      }
      messages = Wire.concat(messages, wire.read().orElseThrow().content());
    }
  }

  private void look(byte[] message) {
    if (message[0] == 2) {
      serverRandom = Wire.slice(message, 6, 38);
    }
    if (message[0] == 12) {
      // Named curve, X25519, 32 bytes.
      serverKey = Wire.slice(message, 8, 40);
    }
  }

  byte[] certificate(Optional<Identity> identity) {
    byte[] entries =
        identity.map(own -> Wire.vector(3, own.certificate().toArray())).orElse(Wire.NOTHING);
    return remembered(Wire.handshake(11, Wire.vector(3, entries)));
  }

  /** The ClientKeyExchange; both sides' keys are known from now on. */
  byte[] keyExchange() {
    byte[] shared = new byte[32];
    hello.key.generateSecret(new X25519PublicKeyParameters(serverKey), shared, 0);
    master = Kdf.prf(shared, "master secret", Wire.concat(hello.random, serverRandom), MASTER);
    byte[] block = Kdf.prf(master, "key expansion", Wire.concat(serverRandom, hello.random), 40);
    keys = Optional.of(Direction.old(Wire.slice(block, 0, 16), Wire.slice(block, 32, 36)));
    server = Optional.of(Direction.old(Wire.slice(block, 16, 32), Wire.slice(block, 36, 40)));
    byte[] own = hello.key.generatePublicKey().getEncoded();
    return remembered(Wire.handshake(16, Wire.vector(1, own)));
  }

  byte[] verify(Identity identity) {
    return remembered(Wire.handshake(15, identity.sign(transcript)));
  }

  byte[] finished() {
    return remembered(
        Wire.handshake(20, Kdf.prf(master, "client finished", Kdf.sha256(transcript), 12)));
  }

  private byte[] remembered(byte[] message) {
    transcript = Wire.concat(transcript, message);
    return message;
  }

  void changeCipherSpec() {
    wire.send(Wire.record(20, 0x0303, Wire.bytes(1)));
  }

  void inTheClear(byte[] message) {
    wire.send(Wire.record(22, 0x0303, message));
  }

  void underKeys(int type, byte[] content) {
    wire.send(keys.orElseThrow().seal(type, content));
  }

  void ask(String path) {
    if (keys.isPresent()) {
      underKeys(23, Request.get(path));
    }
  }

  private void readFinished() {
    while (!serverChanged) {
      opened(wire.read().orElseThrow());
    }
    opened(wire.read().orElseThrow());
  }

  Answer answer() {
    Answer answer = new Answer();
    Optional<Opened> record = wire.read();
    while (record.isPresent()) {
      answer.add(opened(record.get()));
      record = wire.read();
    }
    return answer.ended(wire.hungUp());
  }

  private Opened opened(Opened record) {
    if (record.type() == 20) {
      serverChanged = true;
      return record;
    }
    return serverChanged
        ? server.flatMap(ours -> ours.open(record.type(), record.content())).orElse(record)
        : record;
  }

  @Override
  public void close() {
    wire.close();
  }
}
