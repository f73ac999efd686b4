package dstack.kms.chain.proof.header;

/** How a field of a header looks in JSON and in its encoding. */
enum FieldForm {
  /** 32 bytes. */
  HASH(32),
  /** 20 bytes. */
  ADDRESS(20),
  /** 256 bytes. */
  BLOOM(256),
  /** 8 bytes, unlike a number with its leading zeros. */
  NONCE(8),
  /** A number of up to 32 bytes, encoded without leading zeros. */
  NUMBER(32),
  /** Up to 1024 bytes of the block's maker's choice; proof of authority puts signatures there. */
  FREE(1024);

  private final int bytes;

  FieldForm(int bytes) {
    this.bytes = bytes;
  }

  int bytes() {
    return bytes;
  }
}
