package dstack.kms.attest.snp;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The table in which Linux passes certificates on (specification 16 §3): entries of 24 bytes up to
 * one of zeros, then the certificates that they point to. Certificates of other kinds are passed
 * over, a kind that stands there twice is refused.
 */
final class KernelCertificateTable {
  private static final int ENTRY = 24;
  private static final int MAX_LENGTH = 64 << 10;
  private static final Bytes ASK = Bytes.fromHex("4ab7b379bbac4fe4a02f05aef327c782");
  private static final Bytes VCEK = Bytes.fromHex("63da758de6644564adc5f4b93be8accd");
  private static final Bytes VLEK = Bytes.fromHex("a8074bc2a25a483eaae639c045a0b8a1");

  private KernelCertificateTable() {}

  static SnpCertificates parse(Bytes table) {
    if (table.length() > MAX_LENGTH) {
      throw malformed("longer than 64 KiB");
    }
    Map<Bytes, Bytes> found = new HashMap<>();
    int position = 0;
    while (!isEnd(table, position)) {
      Bytes kind = table.slice(position, position + 16);
      if (found.put(kind, target(table, position)) != null) {
        throw malformed("a kind of certificate stands twice");
      }
      position += ENTRY;
    }
    if (found.containsKey(VLEK)) {
      throw SnpRefusal.VLEK.because("amd sev-snp vlek certificates are not supported yet");
    }
    return new SnpCertificates(required(found, ASK, "ask"), required(found, VCEK, "vcek"));
  }

  private static boolean isEnd(Bytes table, int position) {
    if (table.length() - position < ENTRY) {
      throw malformed("no terminating entry");
    }
    return table.slice(position, position + ENTRY).isAllZero();
  }

  private static Bytes target(Bytes table, int position) {
    ByteBuffer numbers = table.buffer().order(ByteOrder.LITTLE_ENDIAN);
    long offset = Integer.toUnsignedLong(numbers.getInt(position + 16));
    long length = Integer.toUnsignedLong(numbers.getInt(position + 20));
    if (offset < ENTRY || length == 0 || offset + length > table.length()) {
      throw malformed("an entry points outside of it");
    }
    return table.slice((int) offset, (int) (offset + length));
  }

  private static Bytes required(Map<Bytes, Bytes> found, Bytes kind, String name) {
    return Optional.ofNullable(found.get(kind))
        .orElseThrow(() -> malformed("no " + name + " certificate"));
  }

  private static RefusalException malformed(String why) {
    return SnpRefusal.CERTIFICATES.because("amd sev-snp certificate table is malformed: " + why);
  }
}
