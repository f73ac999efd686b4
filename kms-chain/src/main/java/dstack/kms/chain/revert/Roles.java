package dstack.kms.chain.revert;

import dstack.kms.chain.account.Word;
import dstack.kms.chain.calldata.AbiValue;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.Keccak;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The names of a timelock's roles (specification 20 §7.1). */
final class Roles {
  private static final Map<AbiValue, String> NAMES =
      Stream.of("PROPOSER_ROLE", "EXECUTOR_ROLE", "CANCELLER_ROLE", "TIMELOCK_ADMIN_ROLE")
          .collect(
              Collectors.toUnmodifiableMap(
                  name -> AbiValue.of(new Word(Keccak.keccak256(Bytes.utf8(name)))),
                  Function.identity()));

  private Roles() {}

  static String name(AbiValue role) {
    return role.equals(AbiValue.of(Word.ZERO))
        ? "DEFAULT_ADMIN_ROLE"
        : NAMES.getOrDefault(role, role.words());
  }
}
