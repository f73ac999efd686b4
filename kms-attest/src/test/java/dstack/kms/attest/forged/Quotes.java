package dstack.kms.attest.forged;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.core.crypto.P256PublicKey;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Makes one quote; every part can be changed before the next is computed over it. */
public final class Quotes {
  public int version = 4;
  public int keyType = 2;
  public long teeType = 0x81;
  public Bytes vendor = Bytes.fromHex("939a7233f79c4ca9940a0db3957f0607");
  public int bodyType = 2;
  public long bodySize = 584;
  public byte[] body = new byte[584];
  public byte[] qeReport = new byte[384];
  public Bytes authData = Bytes.zeros(32);
  public int outerType = 6;
  public int innerType = 5;
  public Bytes innerData;
  public boolean keepQeReportData;
  public String pckKey = World.PCK;
  public String attestationKey = "attestation key";
  public String signingKey = "attestation key";
  public Bytes padding = Bytes.zeros(70);

  public Quotes(Bytes chain) {
    this.innerData = chain;
    body[123] = 0x10; // SEPT_VE_DISABLE
    byte[] svn = Bytes.fromHex("05010300000000000000000000000000").toArray();
    System.arraycopy(svn, 0, body, 0, 16);
    java.util.Arrays.fill(qeReport, 128, 160, (byte) 0x44);
    qeReport[256] = 2;
    qeReport[258] = 6;
    qeReport[48] = 0x11;
  }

  /** A quote of version 3 about an SGX enclave. */
  public Quotes sgx() {
    version = 3;
    teeType = 0;
    body = new byte[384];
    return this;
  }

  /** A quote of version 5 about a domain of TDX 1.5. */
  public Quotes td15() {
    version = 5;
    bodyType = 3;
    bodySize = 648;
    body = java.util.Arrays.copyOf(body, 648);
    return this;
  }

  public Bytes bytes() {
    Bytes signed = Bytes.concat(header(), body());
    Bytes signatureData = signatureData(signed);
    return Bytes.concat(signed, u32(signatureData.length()), signatureData, padding);
  }

  private Bytes header() {
    return Bytes.concat(
        u16(version), u16(keyType), u32(teeType), Bytes.zeros(4), vendor, Bytes.zeros(20));
  }

  private Bytes body() {
    Bytes plain = Bytes.of(body);
    return version == 5 ? Bytes.concat(u16(bodyType), u32(bodySize), plain) : plain;
  }

  private Bytes signatureData(Bytes signed) {
    P256PublicKey key = Keys.named(attestationKey).publicKey();
    Bytes xy = key.point().slice(1, 65);
    if (!keepQeReportData) {
      byte[] hash = Digests.sha256(xy, authData).toArray();
      System.arraycopy(hash, 0, qeReport, 320, 32);
    }
    Bytes report = Bytes.of(qeReport);
    Bytes inside =
        Bytes.concat(
            report,
            Keys.sign(pckKey, report).rs(),
            u16(authData.length()),
            authData,
            u16(innerType),
            u32(innerData.length()),
            innerData);
    Bytes head = Bytes.concat(Keys.sign(signingKey, signed).rs(), xy);
    return version == 3
        ? Bytes.concat(head, inside)
        : Bytes.concat(head, u16(outerType), u32(inside.length()), inside);
  }

  public static Bytes u16(int value) {
    return Bytes.of(
        ByteBuffer.allocate(2).order(ByteOrder.LITTLE_ENDIAN).putShort((short) value).array());
  }

  public static Bytes u32(long value) {
    return Bytes.of(
        ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt((int) value).array());
  }
}
