package dstack.kms.chain.rpc;

/** A block by the place it has on the chain at the moment of the question. */
public enum BlockTag {
  /** The newest. */
  LATEST("latest"),
  /** The newest that the consensus holds for unlikely to go. */
  SAFE("safe"),
  /** The newest that the consensus has finalized. */
  FINALIZED("finalized");

  private final String word;

  BlockTag(String word) {
    this.word = word;
  }

  /** As JSON-RPC writes it. */
  public String word() {
    return word;
  }
}
