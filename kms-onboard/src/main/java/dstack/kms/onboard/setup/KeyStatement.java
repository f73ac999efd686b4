package dstack.kms.onboard.setup;

import dstack.kms.attest.source.QuoteSource;
import dstack.kms.core.bytes.Digests;
import dstack.kms.core.crypto.P256PublicKey;
import dstack.kms.core.crypto.Secp256k1PublicKey;
import dstack.kms.core.reportdata.ReportData;
import dstack.kms.core.store.BootstrapInfo;
import java.util.HashMap;
import java.util.Map;

/** The two public root keys that a bootstrap attests (specification 03 §8). */
record KeyStatement(P256PublicKey ca, Secp256k1PublicKey k256) {
  /** What evidence over the two keys carries. */
  ReportData reportData() {
    return ReportData.ofRootKeys(ca.subjectPublicKeyInfo(), k256.compressed());
  }

  /** These facts and the two keys, for the audit log. */
  Map<String, String> facts(Map<String, String> others) {
    Map<String, String> facts = new HashMap<>(others);
    facts.put("ca_pubkey_sha256", Digests.sha256(ca.subjectPublicKeyInfo()).hex());
    facts.put("k256_pubkey", k256.compressed().hex());
    return facts;
  }

  /** Both keys with evidence over them, as Bootstrap answers and stores them. */
  BootstrapInfo attested(QuoteSource quotes) {
    return new BootstrapInfo(
        ca.subjectPublicKeyInfo(), k256.compressed(), quotes.attest(reportData()));
  }
}
