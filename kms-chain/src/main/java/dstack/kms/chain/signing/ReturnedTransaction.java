package dstack.kms.chain.signing;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Word;
import dstack.kms.chain.proof.rlp.RlpDecoder;
import dstack.kms.chain.proof.rlp.RlpItem;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.RecoverableSignature;
import dstack.kms.core.refusal.RefusalException;
import java.math.BigInteger;
import java.util.List;

/**
 * What a signer outside returned for a transaction, compared field by field with what it was asked
 * to sign.
 *
 * <p>Afterwards its signature is put on our own bytes, which must be the same as its bytes: no
 * field that is not looked at here can differ.
 */
final class ReturnedTransaction {
  private static final int SIGNATURE = 3;
  private static final RlpItem NO_ACCESS = RlpItem.of(List.of());

  private final UnsignedTransaction asked;
  private final TransactionForm form;

  ReturnedTransaction(UnsignedTransaction asked) {
    this.asked = asked;
    form = TransactionForm.of(asked);
  }

  /** The transaction to be broadcast; anything else than what was asked is refused. */
  SignedTransaction check(Bytes raw, Address sender) {
    List<RlpItem> items = items(raw);
    List<Field> fields = asked.fields();
    boolean hasAccessList = form == TransactionForm.DYNAMIC;
    int covered = fields.size() + (hasAccessList ? 1 : 0);
    if (items.size() != covered + SIGNATURE) {
      throw other("it has " + items.size() + " fields");
    }
    for (int i = 0; i < fields.size(); i++) {
      if (!items.get(i).equals(RlpItem.of(fields.get(i).content()))) {
        throw other("its " + fields.get(i).name() + " differs");
      }
    }
    if (hasAccessList && !items.get(fields.size()).equals(NO_ACCESS)) {
      throw other("it has an access list");
    }
    RecoverableSignature signature = signature(items.subList(covered, items.size()));
    SignedTransaction signed = SignedTransaction.of(asked, signature, sender);
    if (!signed.raw().equals(raw)) {
      throw other("its bytes differ from the only encoding of what was asked");
    }
    return signed;
  }

  private List<RlpItem> items(Bytes raw) {
    int start = form.prefix().length();
    if (raw.length() < start + 1 || !raw.slice(0, start).equals(form.prefix())) {
      throw other("it is of another type");
    }
    try {
      return RlpDecoder.decode(raw.slice(start, raw.length())).items();
    } catch (RefusalException e) {
      throw other("it is none (" + e.text() + ")");
    }
  }

  private RecoverableSignature signature(List<RlpItem> parts) {
    BigInteger v = number(parts.get(0));
    BigInteger parity =
        form == TransactionForm.DYNAMIC
            ? v
            : v.subtract(BigInteger.valueOf(2 * asked.chainId() + 35));
    if (parity.signum() < 0 || parity.bitLength() > 1) {
      throw other("its chain id or the parity of its signature is out of range");
    }
    return new RecoverableSignature(
        Bytes.concat(
            scalar(parts.get(1)),
            scalar(parts.get(2)),
            Bytes.of(new byte[] {parity.byteValueExact()})));
  }

  private static Bytes scalar(RlpItem part) {
    BigInteger number = number(part);
    if (number.bitLength() > 256) {
      throw other("its signature is out of range");
    }
    return Word.of(number).value();
  }

  private static BigInteger number(RlpItem part) {
    try {
      return part.number();
    } catch (RefusalException e) {
      throw other("its signature is none (" + e.text() + ")");
    }
  }

  private static RefusalException other(String why) {
    return SigningRefusal.OTHER_TRANSACTION.because(
        "the signer returned another transaction than it was asked to sign: " + why);
  }
}
