package dstack.kms.chain.proof.header;

import dstack.kms.chain.account.Word;
import dstack.kms.chain.proof.rlp.RlpEncoder;
import dstack.kms.chain.proof.rlp.RlpItem;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.Keccak;
import dstack.kms.core.refusal.RefusalException;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.JsonNode;

/** A header whose fields have the hash of the block that is trusted. */
public final class VerifiedHeader {
  private final Word hash;
  private final long number;
  private final Instant time;
  private final Word stateRoot;

  private VerifiedHeader(Word hash, Map<HeaderField, RlpItem> fields) {
    this.hash = hash;
    number = small(fields, HeaderField.NUMBER);
    time = instant(small(fields, HeaderField.TIMESTAMP));
    stateRoot = new Word(field(fields, HeaderField.STATE_ROOT).content());
  }

  /**
   * The header in an answer to {@code eth_getBlockByNumber} or {@code eth_getBlockByHash}.
   *
   * <p>The answer's own {@code hash} is not looked at: what counts is the hash that its fields
   * have. A field that this version does not know is part of that hash, so that a header of a later
   * fork is refused instead of read without it.
   *
   * @param trusted the hash of the block that is trusted
   */
  public static VerifiedHeader of(Word trusted, JsonNode block) {
    if (!block.isObject()) {
      throw new RefusalException(HeaderRefusal.FIELD, "there is no block of hash " + trusted);
    }
    Map<HeaderField, RlpItem> fields = HeaderJson.fields(block);
    Word found = hash(fields);
    if (!found.equals(trusted)) {
      throw new RefusalException(
          HeaderRefusal.HASH,
          "the header's fields have hash "
              + found
              + ", the trusted block "
              + trusted
              + ": it is another block, or it has fields of a fork that this version does not"
              + " know");
    }
    return new VerifiedHeader(trusted, fields);
  }

  private static Word hash(Map<HeaderField, RlpItem> fields) {
    Bytes encoded = RlpEncoder.encode(RlpItem.of(List.copyOf(fields.values())));
    return new Word(Keccak.keccak256(encoded));
  }

  private static RlpItem field(Map<HeaderField, RlpItem> fields, HeaderField name) {
    return Objects.requireNonNull(fields.get(name), name.json());
  }

  private static long small(Map<HeaderField, RlpItem> fields, HeaderField name) {
    BigInteger number = field(fields, name).number();
    if (number.bitLength() > 63) {
      throw new RefusalException(
          HeaderRefusal.FIELD, "the block's " + name.json() + " is above 2^63");
    }
    return number.longValueExact();
  }

  private static Instant instant(long seconds) {
    try {
      return Instant.ofEpochSecond(seconds);
    } catch (DateTimeException e) {
      throw RefusalException.causedBy(
          HeaderRefusal.FIELD, "the block's timestamp is no point in time", e);
    }
  }

  /** The block's hash. */
  public Word hash() {
    return hash;
  }

  /** The block's height. */
  public long number() {
    return number;
  }

  /** When its maker says that it was made. */
  public Instant time() {
    return time;
  }

  /** The root of the trie of accounts after this block. */
  public Word stateRoot() {
    return stateRoot;
  }
}
