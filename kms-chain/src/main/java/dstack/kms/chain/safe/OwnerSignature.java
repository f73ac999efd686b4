package dstack.kms.chain.safe;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Word;
import dstack.kms.core.refusal.RefusalException;
import java.util.Collection;

/**
 * A signature together with the owner who gave it for one hash. ECDSA forms are verified; whether
 * an approval or a contract's signature holds, the chain decides.
 */
public final class OwnerSignature implements Comparable<OwnerSignature> {
  private final Address owner;
  private final SafeSignature signature;

  private OwnerSignature(Address owner, SafeSignature signature) {
    this.owner = owner;
    this.signature = signature;
  }

  /** Refuses a signature that is of none of the owners over this hash. */
  public static OwnerSignature of(SafeSignature signature, Word hash, Collection<Address> owners) {
    Address owner =
        signature
            .owner(hash)
            .orElseThrow(
                () ->
                    new RefusalException(
                        SafeRefusal.SIGNER,
                        "a signature that nobody can have made over " + hash + " (or a high s)"));
    if (!owners.contains(owner)) {
      throw new RefusalException(
          SafeRefusal.SIGNER,
          "a signature over "
              + hash
              + " gives "
              + owner
              + ", who is no owner: a stranger signed, or an owner signed something else"
              + " (another nonce, chain, Safe or payload)");
    }
    return new OwnerSignature(owner, signature);
  }

  /** Who gave it. */
  public Address owner() {
    return owner;
  }

  /** What was given. */
  public SafeSignature signature() {
    return signature;
  }

  /** In the order in which the contract wants them. */
  @Override
  public int compareTo(OwnerSignature other) {
    return owner.compareTo(other.owner);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof OwnerSignature that
        && owner.equals(that.owner)
        && signature.equals(that.signature);
  }

  @Override
  public int hashCode() {
    return owner.hashCode() * 31 + signature.hashCode();
  }
}
