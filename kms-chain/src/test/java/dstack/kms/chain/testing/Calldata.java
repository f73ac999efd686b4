package dstack.kms.chain.testing;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Word;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.Keccak;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import org.web3j.abi.FunctionEncoder;
import org.web3j.abi.datatypes.Bool;
import org.web3j.abi.datatypes.DynamicArray;
import org.web3j.abi.datatypes.DynamicBytes;
import org.web3j.abi.datatypes.DynamicStruct;
import org.web3j.abi.datatypes.Type;
import org.web3j.abi.datatypes.Utf8String;
import org.web3j.abi.datatypes.generated.Bytes32;
import org.web3j.abi.datatypes.generated.Uint256;

/** Calls in the ABI, encoded by web3j, which takes its types raw and their classes at run time. */
@SuppressWarnings({"unchecked", "rawtypes"})
public final class Calldata {
  private Calldata() {}

  /**
   * A call of that function.
   *
   * @param signature for example {@code addOsImageHash(bytes32)}
   * @param arguments addresses, words (any {@code bytesN}, already right-padded), numbers, truth
   *     values, texts, bytes, boots, lists of those
   */
  public static Bytes of(String signature, Object... arguments) {
    return Bytes.concat(selector(signature), arguments(arguments));
  }

  /** The first four bytes of the hash of a signature: of a function or of an error. */
  public static Bytes selector(String signature) {
    return Keccak.keccak256(Bytes.utf8(signature)).slice(0, 4);
  }

  /** The arguments alone, as a constructor takes them. */
  public static Bytes arguments(Object... arguments) {
    List<Type> types = Arrays.stream(arguments).<Type>map(Calldata::type).toList();
    return Bytes.fromHex(FunctionEncoder.encodeConstructor(types));
  }

  private static Type<?> type(Object argument) {
    return switch (argument) {
      case Address address -> new org.web3j.abi.datatypes.Address(address.lowerCase());
      case Word word -> new Bytes32(word.value().toArray());
      case BigInteger number -> new Uint256(number);
      case Integer number -> new Uint256(number);
      case Long number -> new Uint256(number);
      case Boolean flag -> new Bool(flag);
      case String text -> new Utf8String(text);
      case Bytes bytes -> new DynamicBytes(bytes.toArray());
      case Boot boot -> struct(boot.members());
      case KmsInfo info -> struct(info.members());
      case List<?> list -> array(list);
      default -> throw new IllegalArgumentException("no type for " + argument);
    };
  }

  private static DynamicStruct struct(List<Object> members) {
    return new DynamicStruct(members.stream().<Type>map(Calldata::type).toList());
  }

  private static Type<?> array(List<?> list) {
    List<Type> elements = list.stream().<Type>map(Calldata::type).toList();
    Class<Type> of =
        elements.isEmpty() ? (Class) Utf8String.class : (Class) elements.getFirst().getClass();
    return new DynamicArray<>(of, elements);
  }
}
