package dstack.kms.rpc.tls.hostile;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.bouncycastle.crypto.params.X25519PublicKeyParameters;

/** A TLS 1.3 client without a will of its own: each step is taken when the test says so. */
final class Tls13 implements AutoCloseable {
  private static final int RECORD = 16 << 10;
  private static final byte[] NO_SECRET = new byte[32];
  private static final String CONTEXT = "TLS 1.3, client CertificateVerify";

  final Connection wire;
  private final Hello hello;
  private byte[] transcript = Wire.NOTHING;
  private byte[] clientHandshakeSecret = NO_SECRET;
  private byte[] clientSecret = NO_SECRET;
  private Optional<Direction> handshakeKeys = Optional.empty();
  private Optional<Direction> keys = Optional.empty();
  private Optional<Direction> serverHandshake = Optional.empty();
  private Optional<Direction> server = Optional.empty();

  Tls13(int port, Hello hello) {
    wire = new Connection(port);
    this.hello = hello;
  }

  /** A connection that has sent a plain hello and read the server's whole flight. */
  static Tls13 greeted(int port) {
    Tls13 client = new Tls13(port, Hello.modern());
    client.wire.send(Wire.record(22, 0x0301, client.hello.message()));
    client.readFlight();
    return client;
  }

  /** A connection that has finished its handshake as this client, or as nobody. */
  static Tls13 connected(int port, Optional<Identity> identity) {
    Tls13 client = greeted(port);
    client.underHandshakeKeys(client.certificate(identity));
    identity.ifPresent(own -> client.underHandshakeKeys(client.verify(own)));
    client.underHandshakeKeys(client.finished());
    return client;
  }

  /** Reads up to the server's Finished and switches its keys. */
  void readFlight() {
    transcript = hello.message();
    ServerFlight flight = new ServerFlight(wire);
    byte[] serverHello = flight.plaintext();
    transcript = Wire.concat(transcript, serverHello);
    byte[] shared = new byte[32];
    hello.key.generateSecret(
        new X25519PublicKeyParameters(ServerFlight.keyShare(serverHello)), shared, 0);
    byte[] early = Kdf.hmac(NO_SECRET, NO_SECRET);
    byte[] handshake = Kdf.hmac(Kdf.deriveSecret(early, "derived", Wire.NOTHING), shared);
    clientHandshakeSecret = Kdf.deriveSecret(handshake, "c hs traffic", transcript);
    Direction theirs = Direction.modern(Kdf.deriveSecret(handshake, "s hs traffic", transcript));
    handshakeKeys = Optional.of(Direction.modern(clientHandshakeSecret));
    transcript = Wire.concat(transcript, flight.upToFinished(theirs));
    byte[] master = Kdf.hmac(Kdf.deriveSecret(handshake, "derived", Wire.NOTHING), NO_SECRET);
    clientSecret = Kdf.deriveSecret(master, "c ap traffic", transcript);
    keys = Optional.of(Direction.modern(clientSecret));
    serverHandshake = Optional.of(theirs);
    server = Optional.of(Direction.modern(Kdf.deriveSecret(master, "s ap traffic", transcript)));
  }

  /** The Certificate message, empty for nobody; it enters the transcript. */
  byte[] certificate(Optional<Identity> identity) {
    byte[] entries =
        identity
            .map(own -> Wire.concat(Wire.vector(3, own.certificate().toArray()), new byte[2]))
            .orElse(Wire.NOTHING);
    return remembered(Wire.handshake(11, Wire.concat(Wire.bytes(0), Wire.vector(3, entries))));
  }

  /** The CertificateVerify over the transcript so far. */
  byte[] verify(Identity identity) {
    return remembered(verifyOver(identity, CONTEXT, transcript));
  }

  byte[] verifyAsServer(Identity identity) {
    return remembered(verifyOver(identity, CONTEXT.replace("client", "server"), transcript));
  }

  byte[] verifyOfAnotherHandshake(Identity identity) {
    return remembered(verifyOver(identity, CONTEXT, Wire.concat(transcript, Wire.bytes(0))));
  }

  private static byte[] verifyOver(Identity identity, String context, byte[] transcript) {
    byte[] signed =
        Wire.concat(
            " ".repeat(64).getBytes(StandardCharsets.US_ASCII),
            context.getBytes(StandardCharsets.US_ASCII),
            Wire.bytes(0),
            Kdf.sha256(transcript));
    return Wire.handshake(15, identity.sign(signed));
  }

  /** The Finished over the transcript so far. */
  byte[] finished() {
    byte[] key = Kdf.expandLabel(clientHandshakeSecret, "finished", Wire.NOTHING, 32);
    return remembered(Wire.handshake(20, Kdf.hmac(key, Kdf.sha256(transcript))));
  }

  private byte[] remembered(byte[] message) {
    transcript = Wire.concat(transcript, message);
    return message;
  }

  void inTheClear(byte[] message) {
    wire.send(Wire.record(22, 0x0303, message));
  }

  /** Sends a message of the handshake, in as many records as it needs. */
  void underHandshakeKeys(byte[] message) {
    for (int at = 0; at < message.length; at += RECORD) {
      underHandshakeKeys(22, Wire.slice(message, at, Math.min(message.length, at + RECORD)));
    }
  }

  void underHandshakeKeys(int type, byte[] content) {
    wire.send(handshakeKeys.orElseThrow().seal(type, content));
  }

  void underKeys(int type, byte[] content) {
    wire.send(keys.orElseThrow().seal(type, content));
  }

  /** A record under the application keys whose inside is the caller's, type and padding too. */
  byte[] sealed(byte[] inner) {
    return keys.orElseThrow().seal(inner);
  }

  /** Sends a KeyUpdate and goes on with the next keys. */
  void updateKeys(int request) {
    underKeys(22, Wire.handshake(24, Wire.bytes(request)));
    clientSecret = Kdf.expandLabel(clientSecret, "traffic upd", Wire.NOTHING, 32);
    keys = Optional.of(Direction.modern(clientSecret));
  }

  /** Asks for a page, as an honest client would at this point. */
  void ask(String path) {
    underKeys(23, Request.get(path));
  }

  /** Everything that the server still says, up to the end of the connection. */
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
    if (record.type() != 23) {
      return record;
    }
    return server
        .flatMap(ours -> ours.open(23, record.content()))
        .or(() -> serverHandshake.flatMap(ours -> ours.open(23, record.content())))
        .orElse(record);
  }

  @Override
  public void close() {
    wire.close();
  }
}
