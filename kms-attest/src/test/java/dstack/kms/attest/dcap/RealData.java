package dstack.kms.attest.dcap;

import dstack.kms.attest.collateral.Collateral;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.SignatureVerifier;
import dstack.kms.core.crypto.SignatureVerifiers;
import dstack.kms.testkit.Vectors;
import java.time.Instant;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Real quotes and collateral from the vectors. */
final class RealData {
  static final Instant NOW_A = Instant.ofEpochSecond(1_750_400_000L);
  static final SignatureVerifier VERIFIER = SignatureVerifiers.named("BC");

  private RealData() {}

  static QuoteVerifier verifier() {
    return new QuoteVerifier(TdxTrustAnchor.intel(), VERIFIER);
  }

  static Bytes quote(String name) {
    return Bytes.of(Vectors.bytes("tdx/" + name));
  }

  static Bytes quoteA() {
    return quote("tdx_quote_v4_a.bin");
  }

  static ObjectNode collateralJson(String name) {
    JsonNode json = Vectors.json("tdx/" + name + ".collateral.json");
    return (ObjectNode) json;
  }

  static Collateral collateral(String name) {
    return Collateral.fromJson(Vectors.text("tdx/" + name + ".collateral.json"));
  }

  static Collateral collateralA() {
    return collateral("tdx_quote_v4_a");
  }

  /** The 8,000-byte quote inside the GCP attestation. */
  static Bytes gcpQuote() {
    return quote("dstack_attestation_v0_gcp.bin").slice(4, 4 + 8000);
  }

  /** The 5,010-byte quote inside the dstack attestation. */
  static Bytes dstackQuote() {
    return quote("dstack_attestation_v0.bin").slice(4, 4 + 5010);
  }

  static Bytes quoteOfReport() {
    return Bytes.fromHex(Vectors.json("tdx/dstack_quote_report.json").get("quote").stringValue());
  }

  static Bytes xor(Bytes bytes, int offset, int mask) {
    byte[] changed = bytes.toArray();
    changed[offset] ^= (byte) mask;
    return Bytes.of(changed);
  }
}
