package dstack.kms.chain.safe;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Call;
import dstack.kms.chain.account.Word;
import dstack.kms.chain.calldata.AbiValue;
import dstack.kms.chain.calldata.SafeFunctions;
import dstack.kms.chain.calldata.Signature;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.Keccak;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/**
 * One transaction of a Safe. It refunds nobody: all of the gas and refund fields are zero, so that
 * a failing call makes the whole transaction fail (GS013) and the nonce stays.
 *
 * @param call what the Safe does
 * @param operation how it calls
 * @param nonce the Safe's nonce at which this is valid
 */
public record SafeTransaction(Call call, Operation operation, BigInteger nonce) {
  /** How a Safe makes its call. */
  public enum Operation {
    /** A plain call. */
    CALL(0),
    /** Runs foreign code as the Safe itself; only ever for MultiSendCallOnly. */
    DELEGATE_CALL(1);

    private final int number;

    Operation(int number) {
      this.number = number;
    }

    /** As the contract counts. */
    int number() {
      return number;
    }
  }

  private static final Word TYPE =
      new Word(
          Keccak.keccak256(
              Bytes.utf8(
                  "SafeTx(address to,uint256 value,bytes data,uint8 operation,uint256 safeTxGas,"
                      + "uint256 baseGas,uint256 gasPrice,address gasToken,"
                      + "address refundReceiver,uint256 nonce)")));

  private static final Signature STRUCT =
      Signature.parse(
          "safeTx(bytes32 type, address to, uint256 value, bytes32 data, uint8 operation,"
              + " uint256 safeTxGas, uint256 baseGas, uint256 gasPrice, address gasToken,"
              + " address refundReceiver, uint256 nonce)");

  /** The hash that the owners sign, 32 bytes. */
  public Word hash(SafeDomain domain) {
    return new Word(Keccak.keccak256(preimage(domain)));
  }

  /** What is hashed: {@code 0x1901}, the domain's hash and the transaction's, 66 bytes. */
  public Bytes preimage(SafeDomain domain) {
    return Bytes.concat(
        Bytes.of(new byte[] {0x19, 0x01}), domain.separator().value(), structHash().value());
  }

  Word structHash() {
    AbiValue data = AbiValue.of(new Word(Keccak.keccak256(call.data())));
    List<AbiValue> fields = fields(data, AbiValue.of(nonce));
    fields.addFirst(AbiValue.of(TYPE));
    return new Word(Keccak.keccak256(STRUCT.encodeArguments(fields.toArray(AbiValue[]::new))));
  }

  /** The calldata with which anybody who has the owners' signatures executes it. */
  public Bytes execute(Bytes signatures) {
    return SafeFunctions.EXEC_TRANSACTION.encode(
        fields(AbiValue.of(call.data()), AbiValue.of(signatures)).toArray(AbiValue[]::new));
  }

  /** The JSON of EIP-712, which hardware wallets show and sign; its hash is {@link #hash}. */
  public String typedData(SafeDomain domain) {
    return TypedData.of(this, domain);
  }

  /** What asks the contract for the hash. */
  AbiValue[] arguments() {
    return fields(AbiValue.of(call.data()), AbiValue.of(nonce)).toArray(AbiValue[]::new);
  }

  private List<AbiValue> fields(AbiValue data, AbiValue last) {
    AbiValue nothing = AbiValue.of(0);
    AbiValue nobody = AbiValue.of(Address.ZERO);
    return new ArrayList<>(
        List.of(
            AbiValue.of(call.target()),
            AbiValue.of(call.value()),
            data,
            AbiValue.of(operation.number()),
            nothing,
            nothing,
            nothing,
            nobody,
            nobody,
            last));
  }
}
