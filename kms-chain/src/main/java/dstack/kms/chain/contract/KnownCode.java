package dstack.kms.chain.contract;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Word;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which code counts as which contract. Anybody can register an application whose contract allows
 * everything, so a server that cares asks here about the proxy and about its implementation.
 *
 * <p>Immutable; safe for use by several threads.
 */
public final class KnownCode {
  private final Map<OwnContract, List<RuntimeCode>> codes;
  private final Map<OwnContract, Set<Word>> hashes;

  private KnownCode(Map<OwnContract, List<RuntimeCode>> codes, Map<OwnContract, Set<Word>> hashes) {
    this.codes = codes;
    this.hashes = hashes;
  }

  /** Knows nothing. */
  public static KnownCode none() {
    return new KnownCode(Map.of(), Map.of());
  }

  /** Knows the contracts that this program deploys. */
  public static KnownCode ofThisProgram() {
    KnownCode known = none();
    for (OwnContract contract : OwnContract.values()) {
      known = known.plus(contract, ContractArtifact.of(contract));
    }
    return known;
  }

  /**
   * Knows another compilation of that contract too, at every address.
   *
   * @throws IllegalArgumentException if the artifact does not say which places a constructor writes
   */
  public KnownCode plus(OwnContract contract, ContractArtifact artifact) {
    RuntimeCode code =
        artifact
            .runtimeCode()
            .orElseThrow(() -> new IllegalArgumentException("without its runtime code"));
    Map<OwnContract, List<RuntimeCode>> more = copy(codes);
    List<RuntimeCode> added = new ArrayList<>(more.getOrDefault(contract, List.of()));
    added.add(code);
    more.put(contract, List.copyOf(added));
    return new KnownCode(more, hashes);
  }

  /** Knows the code of that hash too: one implementation at its one address. */
  public KnownCode plus(OwnContract contract, Word codeHash) {
    Map<OwnContract, Set<Word>> more = copy(hashes);
    Set<Word> added = new HashSet<>(more.getOrDefault(contract, Set.of()));
    added.add(codeHash);
    more.put(contract, Set.copyOf(added));
    return new KnownCode(codes, more);
  }

  /**
   * Whether the account at that address has the code of that contract.
   *
   * @param codeHash of the account, as a state proof or {@code keccak256(eth_getCode)} has it
   */
  public boolean isCodeOf(OwnContract contract, Address account, Word codeHash) {
    return hashes.getOrDefault(contract, Set.of()).contains(codeHash)
        || codes.getOrDefault(contract, List.of()).stream()
            .anyMatch(code -> code.hashAt(account).equals(codeHash));
  }

  private static <V> Map<OwnContract, V> copy(Map<OwnContract, V> map) {
    Map<OwnContract, V> copy = new EnumMap<>(OwnContract.class);
    copy.putAll(map);
    return copy;
  }
}
