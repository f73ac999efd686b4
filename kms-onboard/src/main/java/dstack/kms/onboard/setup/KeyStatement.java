package dstack.kms.onboard.setup;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.Keccak;
import dstack.kms.core.crypto.P256PublicKey;
import dstack.kms.core.crypto.Secp256k1PublicKey;
import dstack.kms.core.reportdata.ReportData;

/** The two public root keys that a bootstrap attests (specification 03 §8). */
record KeyStatement(P256PublicKey ca, Secp256k1PublicKey k256) {
  /** As every version writes it, the misspelling included. */
  private static final String PREFIX = "dstack-kms-genereted-keys-v1:";

  /** Keccak-256 of the statement, then 32 zero bytes. */
  ReportData reportData() {
    String statement =
        PREFIX + ca.subjectPublicKeyInfo().hex() + ";" + k256.compressed().hex() + ";";
    return new ReportData(Keccak.keccak256(Bytes.utf8(statement)).paddedTo(ReportData.LENGTH));
  }
}
