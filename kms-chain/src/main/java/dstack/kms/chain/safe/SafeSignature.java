package dstack.kms.chain.safe;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Word;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.Keccak;
import dstack.kms.core.crypto.RecoverableSignature;
import dstack.kms.core.refusal.RefusalException;
import java.math.BigInteger;
import java.util.Optional;

/**
 * What one owner gave for a transaction, in one of the four forms that the contract knows. The form
 * is the last of 65 bytes; nothing here is verified yet.
 */
public sealed interface SafeSignature {
  /** Length of the part that every form has, in bytes. */
  int PART = 65;

  /** v 27 or 28: ECDSA over the transaction's hash, as EIP-712 signers make it. */
  record Typed(RecoverableSignature signature) implements SafeSignature {}

  /** v 31 or 32: ECDSA over the hash behind the prefix of {@code eth_sign}. */
  record Prefixed(RecoverableSignature signature) implements SafeSignature {}

  /** v 1: the owner approved the hash on chain, or sends the transaction himself. */
  record Approved(Address owner) implements SafeSignature {}

  /** v 0: the owner is a contract that judges the signature itself (EIP-1271). */
  record ByContract(Address owner, Bytes signature) implements SafeSignature {}

  /**
   * Reads one signature: 65 bytes, or for the form of a contract 65 bytes that point to offset 65,
   * a length and the contract's own signature.
   */
  static SafeSignature parse(Bytes bytes) {
    if (bytes.length() < PART) {
      throw encoding("a signature has 65 bytes, not " + bytes.length());
    }
    int form = bytes.at(PART - 1);
    if (form == 0) {
      return contract(bytes);
    }
    if (bytes.length() != PART) {
      throw encoding("a signature has 65 bytes, not " + bytes.length());
    }
    return switch (form) {
      case 27, 28 -> new Typed(recoverable(bytes, form - 27));
      case 31, 32 -> new Prefixed(recoverable(bytes, form - 31));
      case 1 -> new Approved(owner(bytes));
      default ->
          throw encoding(
              "v is "
                  + form
                  + "; expected 27 or 28 (EIP-712), 31 or 32 (eth_sign), 1 (approved on chain)"
                  + " or 0 (contract)");
    };
  }

  private static RecoverableSignature recoverable(Bytes bytes, int recoveryId) {
    return new RecoverableSignature(
        Bytes.concat(bytes.slice(0, PART - 1), Bytes.of(new byte[] {(byte) recoveryId})));
  }

  private static Address owner(Bytes bytes) {
    Word word = new Word(bytes.slice(0, 32));
    if (!word.value().slice(0, 12).isAllZero()) {
      throw encoding(
          "v is 0 or 1 and r is no address: if a wallet counts v from 0, add 27 to its last byte");
    }
    return Address.ofWord(word);
  }

  private static SafeSignature contract(Bytes bytes) {
    Address owner = owner(bytes);
    BigInteger offset = new Word(bytes.slice(32, 64)).number();
    if (!offset.equals(BigInteger.valueOf(PART)) || bytes.length() < PART + 32) {
      throw encoding(
          "a contract's signature stands behind its 65 bytes, with its length before it");
    }
    BigInteger length = new Word(bytes.slice(PART, PART + 32)).number();
    if (!length.equals(BigInteger.valueOf(bytes.length() - PART - 32))) {
      throw encoding("a contract's signature is shorter or longer than it says");
    }
    return new ByContract(owner, bytes.slice(PART + 32, bytes.length()));
  }

  private static RefusalException encoding(String text) {
    return new RefusalException(SafeRefusal.SIGNATURE_ENCODING, text);
  }

  /**
   * The account that this claims or proves to be of. For ECDSA it is proven by the signature, and
   * empty if there is none; the other two are a claim that only the chain can prove.
   */
  default Optional<Address> owner(Word hash) {
    return switch (this) {
      case Typed typed -> signer(typed.signature(), hash.value());
      case Prefixed prefixed -> signer(prefixed.signature(), prefixed(hash));
      case Approved approved -> Optional.of(approved.owner());
      case ByContract contract -> Optional.of(contract.owner());
    };
  }

  /** The digest that {@code eth_sign} signs for a hash. */
  static Bytes prefixed(Word hash) {
    return Keccak.keccak256(Bytes.utf8("\u0019Ethereum Signed Message:\n32"), hash.value());
  }

  private static Optional<Address> signer(RecoverableSignature signature, Bytes digest) {
    return signature
        .signerOf(digest)
        .map(key -> Keccak.keccak256(key.uncompressed().slice(1, 65)))
        .map(hash -> new Address(hash.slice(12, 32)));
  }

  /** The signature alone, in the form that {@link #parse} reads. */
  default Bytes bytes() {
    return Bytes.concat(part(PART), tail());
  }

  /**
   * The 65 bytes of this signature in a blob.
   *
   * @param tailAt where in the blob the tail of this signature begins, if it has one
   */
  default Bytes part(int tailAt) {
    return switch (this) {
      case Typed typed -> withForm(typed.signature(), 27);
      case Prefixed prefixed -> withForm(prefixed.signature(), 31);
      case Approved approved ->
          Bytes.concat(
              approved.owner().word().value(), Word.ZERO.value(), Bytes.of(new byte[] {1}));
      case ByContract contract ->
          Bytes.concat(
              contract.owner().word().value(),
              Word.of(BigInteger.valueOf(tailAt)).value(),
              Bytes.of(new byte[] {0}));
    };
  }

  /** What a blob carries for this signature behind all the parts. */
  default Bytes tail() {
    return switch (this) {
      case Typed typed -> Bytes.EMPTY;
      case Prefixed prefixed -> Bytes.EMPTY;
      case Approved approved -> Bytes.EMPTY;
      case ByContract contract ->
          Bytes.concat(
              Word.of(BigInteger.valueOf(contract.signature().length())).value(),
              contract.signature());
    };
  }

  private static Bytes withForm(RecoverableSignature signature, int base) {
    Bytes value = signature.value();
    int form = base + value.at(PART - 1);
    return Bytes.concat(value.slice(0, PART - 1), Bytes.of(new byte[] {(byte) form}));
  }
}
