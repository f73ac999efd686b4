package dstack.kms.bench;

import dstack.kms.attest.collateral.Collateral;
import dstack.kms.core.bytes.Bytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/** One real quote with its collateral and an instant at which both hold. */
record QuoteSample(Bytes quote, Collateral collateral, Instant now) {
  /** Where the vectors lie; the launcher sets it. */
  static final Path FOLDER = Path.of(System.getProperty("kms.vectors", "../shared/vectors"));

  static final String QUOTE = "tdx/tdx_quote_v4_a.bin";
  static final String COLLATERAL = "tdx/tdx_quote_v4_a.collateral.json";
  static final long NOW = 1752919234;

  static QuoteSample read() {
    return new QuoteSample(
        bytes(QUOTE),
        Collateral.fromJson(bytes(COLLATERAL).utf8Text()),
        Instant.ofEpochSecond(NOW));
  }

  static Bytes bytes(String name) {
    try {
      return Bytes.of(Files.readAllBytes(FOLDER.resolve(name)));
    } catch (IOException e) {
      throw new UncheckedIOException("the benchmarks need the vectors folder (KMS_VECTORS)", e);
    }
  }
}
