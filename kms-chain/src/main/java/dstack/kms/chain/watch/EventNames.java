package dstack.kms.chain.watch;

import dstack.kms.chain.account.Word;
import dstack.kms.chain.calldata.AbiValue;
import dstack.kms.chain.calldata.Signature;
import dstack.kms.chain.timelock.TimelockRole;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.Keccak;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Puts names in the place of hashes of names: roles of a timelock and parts of the policy. */
final class EventNames {
  /** Specification 20 §2.2. */
  private static final Map<Word, String> POLICIES =
      Stream.of(
              "app-implementation",
              "kms-info",
              "gateway-app-id",
              "registered-app",
              "kms-aggregated-mr",
              "kms-device",
              "os-image",
              "implementation-upgrade",
              "device",
              "compose-hash",
              "allow-any-device",
              "require-tcb-up-to-date",
              "upgrades-disabled")
          .collect(
              Collectors.toUnmodifiableMap(
                  name -> new Word(Keccak.keccak256(Bytes.utf8(name))), Function.identity()));

  private EventNames() {}

  static List<AbiValue> inWords(Signature signature, List<AbiValue> values) {
    List<AbiValue> named = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      named.add(named(signature.parameters().get(i).name(), values.get(i), signature.name()));
    }
    return named;
  }

  private static AbiValue named(String parameter, AbiValue value, String event) {
    if (!(value instanceof AbiValue.Hash(Bytes hash)) || hash.length() != 32) {
      return value;
    }
    Word word = new Word(hash);
    if (parameter.equals("policy")) {
      return POLICIES.containsKey(word) ? AbiValue.of(POLICIES.get(word)) : value;
    }
    return event.startsWith("Role") ? role(word, value) : value;
  }

  private static AbiValue role(Word word, AbiValue value) {
    return TimelockRole.of(word).map(role -> AbiValue.of(role.name())).orElse(value);
  }
}
