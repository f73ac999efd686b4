package dstack.kms.chain.rpc;

import dstack.kms.chain.account.Word;
import dstack.kms.core.authority.BlockRef;
import java.util.Map;

/** At which block a question about state is answered. */
public sealed interface BlockAt {
  /**
   * At the block with that hash and no other, as long as it is part of the chain (EIP-1898).
   *
   * @param hash the block's hash
   */
  record ByHash(Word hash) implements BlockAt {
    @Override
    public Object param() {
      return Map.of("blockHash", hash.text(), "requireCanonical", true);
    }
  }

  /**
   * At whatever block has that height at the moment.
   *
   * @param number the height
   */
  record ByNumber(long number) implements BlockAt {
    /** Refuses negative heights. */
    public ByNumber {
      if (number < 0) {
        throw new IllegalArgumentException("a negative height");
      }
    }

    @Override
    public Object param() {
      return "0x" + Long.toHexString(number);
    }
  }

  /**
   * At whatever block has that place at the moment.
   *
   * @param tag the place
   */
  record ByTag(BlockTag tag) implements BlockAt {
    @Override
    public Object param() {
      return tag.word();
    }
  }

  /** At that block and no other. */
  static BlockAt of(BlockRef block) {
    return new ByHash(new Word(block.hash()));
  }

  /** At the newest block. */
  static BlockAt latest() {
    return new ByTag(BlockTag.LATEST);
  }

  /** The value as JSON-RPC has it. */
  Object param();
}
