package dstack.kms.cli.epoch;

import dstack.kms.attest.source.QuoteSource;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.P256PrivateKey;
import dstack.kms.core.reportdata.ReportData;
import dstack.kms.core.secret.Secret;
import tools.jackson.databind.JsonNode;

/** Private keys of the key vectors. */
final class VectorKeys {
  private VectorKeys() {}

  static Secret scalar(JsonNode key) {
    return Secret.takeOver(Bytes.fromHex(key.get("scalar").stringValue()).toArray());
  }

  static P256PrivateKey p256(JsonNode key) {
    try (Secret scalar = scalar(key)) {
      return P256PrivateKey.ofScalar(scalar);
    }
  }

  /** A source for certificates without evidence. */
  static QuoteSource noQuotes() {
    return new QuoteSource() {
      @Override
      public Bytes attest(ReportData reportData) {
        throw new IllegalStateException("nothing is attested here");
      }

      @Override
      public String vmConfig() {
        return "";
      }
    };
  }
}
