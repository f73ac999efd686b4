package dstack.kms.chain.contract;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Word;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.Keccak;
import dstack.kms.core.refusal.RefusalException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The code that lies on the chain after a deployment, with the places where a constructor writes.
 *
 * <p>An upgradeable implementation carries its own address there, to tell calls through a proxy
 * from others. So the same contract has another code hash at each address, and {@link #hashAt} says
 * which one: a reader needs the hash of an account, which a proof contains, and not its code.
 *
 * @param template the code with zeros at those places
 * @param immutables the places, in ascending order
 */
public record RuntimeCode(Bytes template, List<Place> immutables) {
  /** The largest code that a chain keeps (EIP-170). */
  static final int LARGEST = 24_576;

  /**
   * Where a constructor writes.
   *
   * @param start offset in the code
   * @param length in bytes
   */
  public record Place(int start, int length) {}

  /** Refuses empty or too large code, and places that overlap, lie outside, or are not words. */
  public RuntimeCode {
    if (template.isEmpty()) {
      throw new RefusalException(ContractRefusal.NO_CODE, "the deployed code is empty");
    }
    if (template.length() > LARGEST) {
      throw new RefusalException(
          ContractRefusal.SIZE,
          "the deployed code has " + template.length() + " bytes; a chain takes " + LARGEST);
    }
    immutables = immutables.stream().sorted(Comparator.comparingInt(Place::start)).toList();
    int free = 0;
    for (Place place : immutables) {
      if (place.length() != 32
          || place.start() < free
          || place.start() > template.length() - 32
          || !template.slice(place.start(), place.start() + 32).isAllZero()) {
        throw new RefusalException(
            ContractRefusal.SHAPE, "an immutable's place in the code is wrong: " + place);
      }
      free = place.start() + 32;
    }
  }

  /** The code at an address, if all that its constructor writes is that address. */
  public Bytes at(Address self) {
    return written(template, self.word().value());
  }

  /** Keccak-256 of the code at that address, which is its account's code hash. */
  public Word hashAt(Address self) {
    return new Word(Keccak.keccak256(at(self)));
  }

  /**
   * Whether the code is this one, whatever its constructor wrote. That says less than {@link
   * #hashAt}: a code with a foreign address in these places is no sound implementation.
   */
  public boolean matchesMasked(Bytes code) {
    return code.length() == template.length() && written(code, Bytes.zeros(32)).equals(template);
  }

  private Bytes written(Bytes code, Bytes word) {
    List<Bytes> parts = new ArrayList<>();
    int next = 0;
    for (Place place : immutables) {
      parts.add(code.slice(next, place.start()));
      parts.add(word);
      next = place.start() + place.length();
    }
    parts.add(code.slice(next, code.length()));
    return Bytes.concat(parts.toArray(Bytes[]::new));
  }
}
