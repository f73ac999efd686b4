package dstack.kms.chain.calldata;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Call;
import dstack.kms.chain.account.Word;
import dstack.kms.core.bytes.Bytes;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** The packed calls of MultiSend (specification 20 §8.3). */
public final class MultiSendCalls {
  private static final int HEAD = 1 + 20 + 32 + 32;

  private MultiSendCalls() {}

  /** The calls packed one after the other, none of them as a delegatecall. */
  public static Bytes pack(List<Call> calls) {
    List<Bytes> parts = new ArrayList<>();
    for (Call call : calls) {
      parts.add(Bytes.zeros(1));
      parts.add(call.target().value());
      parts.add(Word.of(call.value()).value());
      parts.add(Word.of(BigInteger.valueOf(call.data().length())).value());
      parts.add(call.data());
    }
    return Bytes.concat(parts.toArray(Bytes[]::new));
  }

  static InnerCalls read(Bytes packed) {
    List<Call> calls = new ArrayList<>();
    List<String> alarms = new ArrayList<>();
    int position = 0;
    while (position < packed.length()) {
      require(packed, position + HEAD);
      Address target = new Address(packed.slice(position + 1, position + 21));
      BigInteger value = number(packed, position + 21);
      BigInteger length = number(packed, position + 53);
      int start = position + HEAD;
      if (length.compareTo(BigInteger.valueOf(packed.length() - start)) > 0) {
        throw CalldataRefusal.ENCODING.because("a packed call that is cut off");
      }
      if (packed.at(position) != 0) {
        alarms.add("DELEGATECALL: the code of " + target + " acts as the Safe itself");
      }
      position = start + length.intValueExact();
      calls.add(new Call(target, value, packed.slice(start, position)));
    }
    return new InnerCalls(calls, alarms);
  }

  private static BigInteger number(Bytes packed, int position) {
    return new Word(packed.slice(position, position + 32)).number();
  }

  private static void require(Bytes packed, int end) {
    if (end > packed.length()) {
      throw CalldataRefusal.ENCODING.because("a packed call that is cut off");
    }
  }
}
