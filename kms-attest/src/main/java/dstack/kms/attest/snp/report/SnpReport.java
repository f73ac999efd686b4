package dstack.kms.attest.snp.report;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.EcdsaSignature384;
import dstack.kms.core.refusal.RefusalException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * A well-formed attestation report of 1,184 bytes, version 2 or 3 (specification 16 §2). Whether
 * its signature holds is not known.
 *
 * @param raw the whole report
 * @param version 2 or 3
 * @param policy what the guest's owner allowed
 * @param vmpl the privilege level that asked for the report
 * @param platformInfo how the platform is configured
 * @param keyInfo which key signed
 * @param reportData 64 bytes of the guest's choice
 * @param measurement the launch digest, 48 bytes
 * @param hostData 32 bytes of the host's choice at launch
 * @param idKeyDigest SHA-384 of the key that signed the identity block, or zeros
 * @param authorKeyDigest SHA-384 of the key that signed that key, or zeros
 * @param currentTcb the components that run
 * @param reportedTcb the components that the signing key is derived from
 * @param committedTcb the components below which there is no way back
 * @param launchTcb the components at the guest's launch
 * @param cpuId the processor; only since version 3
 * @param chipId 64 bytes
 * @param signature over the bytes before it
 */
public record SnpReport(
    Bytes raw,
    int version,
    GuestPolicy policy,
    long vmpl,
    PlatformInfo platformInfo,
    KeyInfo keyInfo,
    Bytes reportData,
    Bytes measurement,
    Bytes hostData,
    Bytes idKeyDigest,
    Bytes authorKeyDigest,
    TcbVersion currentTcb,
    TcbVersion reportedTcb,
    TcbVersion committedTcb,
    TcbVersion launchTcb,
    Optional<CpuId> cpuId,
    Bytes chipId,
    EcdsaSignature384 signature) {
  /** Length of a report in bytes. */
  public static final int LENGTH = 1184;

  private static final int SIGNED_LENGTH = 0x2a0;
  private static final int ECDSA_P384_SHA384 = 1;
  private static final int FIRST_FAMILY_WITH_FMC = 0x1a;

  /**
   * Reads a report.
   *
   * @throws RefusalException {@link SnpReportRefusal#MALFORMED} or {@link SnpReportRefusal#VERSION}
   */
  public static SnpReport parse(Bytes raw) {
    if (raw.length() != LENGTH) {
      throw SnpReportRefusal.MALFORMED.because(
          "invalid amd sev-snp report length: expected 1184 bytes, got " + raw.length());
    }
    ByteBuffer fields = raw.buffer().order(ByteOrder.LITTLE_ENDIAN);
    int version = version(fields.getInt(0));
    requireReservedZero(raw, version);
    if (fields.getInt(0x34) != ECDSA_P384_SHA384) {
      throw SnpReportRefusal.MALFORMED.because(
          "unsupported amd sev-snp signature algorithm: "
              + Integer.toUnsignedString(fields.getInt(0x34)));
    }
    Optional<CpuId> cpuId =
        version == 2
            ? Optional.empty()
            : Optional.of(new CpuId(raw.at(0x188), raw.at(0x189), raw.at(0x18a)));
    boolean withFmc = cpuId.map(cpu -> cpu.family() >= FIRST_FAMILY_WITH_FMC).orElse(false);
    return new SnpReport(
        raw,
        version,
        new GuestPolicy(fields.getLong(0x08)),
        Integer.toUnsignedLong(fields.getInt(0x30)),
        new PlatformInfo(fields.getLong(0x40)),
        new KeyInfo(fields.getInt(0x48)),
        raw.slice(0x50, 0x90),
        raw.slice(0x90, 0xc0),
        raw.slice(0xc0, 0xe0),
        raw.slice(0xe0, 0x110),
        raw.slice(0x110, 0x140),
        tcb(raw, 0x38, withFmc),
        tcb(raw, 0x180, withFmc),
        tcb(raw, 0x1e0, withFmc),
        tcb(raw, 0x1f0, withFmc),
        cpuId,
        raw.slice(0x1a0, 0x1e0),
        signature(raw));
  }

  /** The bytes that the signature is over. */
  public Bytes signedBytes() {
    return raw.slice(0, SIGNED_LENGTH);
  }

  /** Versions 0 and 1 do not parse; later ones are unknown until their layout is taken up. */
  private static int version(int version) {
    if (version == 2 || version == 3) {
      return version;
    }
    if (version == 0 || version == 1) {
      throw SnpReportRefusal.MALFORMED.because(
          "failed to parse amd sev-snp report: unsupported version " + version);
    }
    throw SnpReportRefusal.VERSION.because(
        "unsupported amd sev-snp report version: " + Integer.toUnsignedString(version));
  }

  private static void requireReservedZero(Bytes raw, int version) {
    requireZero(raw, 0x4c, 0x50);
    requireZero(raw, version == 2 ? 0x188 : 0x18b, 0x1a0);
    requireZero(raw, 0x1eb, 0x1ec);
    requireZero(raw, 0x1ef, 0x1f0);
    requireZero(raw, 0x1f8, SIGNED_LENGTH);
  }

  private static void requireZero(Bytes raw, int from, int to) {
    if (!raw.slice(from, to).isAllZero()) {
      throw nonZero();
    }
  }

  static RefusalException nonZero() {
    return SnpReportRefusal.MALFORMED.because(
        "failed to parse amd sev-snp report: Skipped bytes were expected to be zeroed.");
  }

  private static TcbVersion tcb(Bytes raw, int offset, boolean withFmc) {
    return TcbVersion.read(raw.slice(offset, offset + TcbVersion.LENGTH), withFmc);
  }

  /** Two little-endian numbers of 72 bytes of which 48 count; everything else must be zero. */
  private static EcdsaSignature384 signature(Bytes raw) {
    int half = EcdsaSignature384.LENGTH / 2;
    int r = SIGNED_LENGTH;
    int s = r + 72;
    requireZero(raw, r + half, s);
    requireZero(raw, s + half, LENGTH);
    byte[] bigEndian = new byte[EcdsaSignature384.LENGTH];
    for (int i = 0; i < half; i++) {
      bigEndian[i] = (byte) raw.at(r + half - 1 - i);
      bigEndian[half + i] = (byte) raw.at(s + half - 1 - i);
    }
    return new EcdsaSignature384(Bytes.of(bigEndian));
  }
}
