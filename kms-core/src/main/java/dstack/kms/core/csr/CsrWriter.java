package dstack.kms.core.csr;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.scale.ScaleWriter;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes requests the way clients do; the holder of the key signs what comes out. */
public final class CsrWriter {
  private CsrWriter() {}

  /** Version 1: validity and the wish for app info cannot be expressed and are left out. */
  public static Bytes version1(Bytes publicKey, CsrConfig config, Bytes quote, Bytes eventLog) {
    return begin(publicKey, config).writeBytes(quote).writeBytes(eventLog).toBytes();
  }

  /** Version 2: the attestation stands at the end without its length. */
  public static Bytes version2(Bytes publicKey, CsrConfig config, Bytes attestation) {
    ScaleWriter writer = begin(publicKey, config).writeBool(config.withAppInfo());
    time(writer, config.notBefore());
    time(writer, config.notAfter());
    return writer.writeFixed(attestation).toBytes();
  }

  private static ScaleWriter begin(Bytes publicKey, CsrConfig config) {
    ScaleWriter writer = new ScaleWriter();
    return writer
        .writeString(CsrVerification.CONFIRM_WORD)
        .writeBytes(publicKey)
        .writeOption(Optional.ofNullable(config.organization()), writer::writeString)
        .writeString(config.subject())
        .writeVec(config.altNames(), writer::writeString)
        .writeBool(config.serverAuth())
        .writeBool(config.clientAuth())
        .writeBool(config.withAttestation());
  }

  private static void time(ScaleWriter writer, @Nullable Instant time) {
    writer.writeOption(Optional.ofNullable(time).map(Instant::getEpochSecond), writer::writeU64);
  }
}
