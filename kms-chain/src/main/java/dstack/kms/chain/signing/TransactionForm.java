package dstack.kms.chain.signing;

import dstack.kms.chain.account.Address;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.RecoverableSignature;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.web3j.rlp.RlpEncoder;
import org.web3j.rlp.RlpList;
import org.web3j.rlp.RlpString;
import org.web3j.rlp.RlpType;

/** The two encodings of transactions. */
enum TransactionForm {
  /** EIP-1559, with an empty access list. */
  DYNAMIC,
  /** EIP-155. */
  LEGACY;

  private static final BigInteger THIRTY_FIVE = BigInteger.valueOf(35);
  private static final Bytes TYPE_2 = Bytes.of(new byte[] {2});

  static TransactionForm of(UnsignedTransaction transaction) {
    return switch (transaction.fees()) {
      case Fees.Dynamic _ -> DYNAMIC;
      case Fees.Legacy _ -> LEGACY;
    };
  }

  /** What stands in front of the list. */
  Bytes prefix() {
    return this == DYNAMIC ? TYPE_2 : Bytes.EMPTY;
  }

  List<Field> fields(UnsignedTransaction transaction) {
    List<Field> fields = new ArrayList<>();
    if (this == DYNAMIC) {
      fields.add(Field.of("chain id", transaction.chainId()));
    }
    fields.add(Field.of("nonce", transaction.nonce()));
    switch (transaction.fees()) {
      case Fees.Dynamic dynamic -> {
        fields.add(Field.of("tip", dynamic.tip()));
        fields.add(Field.of("maximum fee", dynamic.most()));
      }
      case Fees.Legacy legacy -> fields.add(Field.of("gas price", legacy.most()));
    }
    fields.add(Field.of("gas limit", transaction.gas()));
    fields.add(new Field("recipient", transaction.to().map(Address::value).orElse(Bytes.EMPTY)));
    fields.add(Field.of("value", transaction.value()));
    fields.add(new Field("data", transaction.data()));
    return List.copyOf(fields);
  }

  /** What is hashed to be signed. */
  List<RlpType> unsigned(UnsignedTransaction transaction) {
    List<RlpType> items = covered(transaction);
    if (this == LEGACY) {
      items.add(RlpString.create(BigInteger.valueOf(transaction.chainId())));
      items.add(RlpString.create(BigInteger.ZERO));
      items.add(RlpString.create(BigInteger.ZERO));
    }
    return items;
  }

  /** What is broadcast. */
  List<RlpType> signed(UnsignedTransaction transaction, RecoverableSignature signature) {
    List<RlpType> items = covered(transaction);
    Bytes value = signature.value();
    BigInteger parity = BigInteger.valueOf(value.at(64));
    BigInteger v =
        this == DYNAMIC
            ? parity
            : parity.add(BigInteger.valueOf(transaction.chainId()).shiftLeft(1)).add(THIRTY_FIVE);
    items.add(RlpString.create(v));
    items.add(RlpString.create(new BigInteger(1, value.slice(0, 32).toArray())));
    items.add(RlpString.create(new BigInteger(1, value.slice(32, 64).toArray())));
    return items;
  }

  Bytes encode(List<RlpType> items) {
    return Bytes.concat(prefix(), Bytes.of(RlpEncoder.encode(new RlpList(items))));
  }

  private List<RlpType> covered(UnsignedTransaction transaction) {
    List<RlpType> items = new ArrayList<>();
    fields(transaction).forEach(field -> items.add(RlpString.create(field.content().toArray())));
    if (this == DYNAMIC) {
      items.add(new RlpList(List.of()));
    }
    return items;
  }
}
