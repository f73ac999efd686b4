package dstack.kms.attest.tpm;

/** The hash algorithms that this client names to a TPM. */
public enum TpmHash {
  SHA256(0x000B, 32, "sha256"),
  SHA384(0x000C, 48, "sha384"),
  SHA512(0x000D, 64, "sha512");

  private final int id;
  private final int length;
  private final String bank;

  TpmHash(int id, int length, String bank) {
    this.id = id;
    this.length = length;
    this.bank = bank;
  }

  /** The TPM_ALG_ID, 16 bits. */
  public int id() {
    return id;
  }

  /** Length of a digest in bytes. */
  public int length() {
    return length;
  }

  /** The name of the bank of registers, for example {@code sha256}. */
  public String bank() {
    return bank;
  }
}
