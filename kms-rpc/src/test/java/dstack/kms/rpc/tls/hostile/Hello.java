package dstack.kms.rpc.tls.hostile;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.crypto.params.X25519PrivateKeyParameters;

/** A ClientHello in the making; everything can be made wrong. */
final class Hello {
  final X25519PrivateKeyParameters key = new X25519PrivateKeyParameters(new SecureRandom());
  final byte[] random = new byte[32];
  private final List<byte[]> extensions = new ArrayList<>();
  private int version = 0x0303;
  private byte[] suites;

  private Hello(int... suites) {
    new SecureRandom().nextBytes(random);
    this.suites = suites(suites);
    with(10, Wire.vector(2, Wire.bytes(0, 0x1d, 0, 0x17)));
    with(13, Wire.vector(2, Wire.bytes(4, 3)));
  }

  /** TLS 1.3 only, X25519, AES-128-GCM. */
  static Hello modern() {
    Hello hello = new Hello(0x1301);
    hello.with(43, Wire.vector(1, Wire.bytes(3, 4)));
    hello.with(51, Wire.vector(2, hello.share()));
    return hello;
  }

  /** TLS 1.2 only, X25519, ECDSA, AES-128-GCM. */
  static Hello old() {
    return new Hello(0xc02b, 0x00ff).with(11, Wire.bytes(1, 0));
  }

  Hello version(int other) {
    version = other;
    return this;
  }

  Hello onlySuites(int... others) {
    suites = suites(others);
    return this;
  }

  Hello with(int type, byte[] content) {
    extensions.add(Wire.extension(type, content));
    return this;
  }

  byte[] share() {
    return Wire.concat(Wire.bytes(0, 0x1d), Wire.vector(2, key.generatePublicKey().getEncoded()));
  }

  byte[] message() {
    return Wire.handshake(
        1,
        Wire.concat(
            Wire.number(version, 2),
            random,
            Wire.bytes(0),
            Wire.vector(2, suites),
            Wire.bytes(1, 0),
            Wire.vector(2, Wire.concat(extensions.toArray(byte[][]::new)))));
  }

  private static byte[] suites(int... suites) {
    byte[] all = {};
    for (int suite : suites) {
      all = Wire.concat(all, Wire.number(suite, 2));
    }
    return all;
  }
}
