package dstack.kms.chain.watch;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Word;
import dstack.kms.chain.calldata.Arguments;
import dstack.kms.chain.timelock.TimelockReader;
import dstack.kms.chain.timelock.TimelockRole;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Who has the roles of a timelock: everybody who ever got one by its events, each asked for.
 *
 * @param holders of each role
 * @param unknownRoles numbers of roles that were given and that are none of a timelock's
 */
public record RoleAudit(Map<TimelockRole, List<Address>> holders, List<Word> unknownRoles) {
  /** Keeps copies. */
  public RoleAudit {
    holders = Map.copyOf(holders);
    unknownRoles = List.copyOf(unknownRoles);
  }

  /** Of the timelock with this history. */
  public static RoleAudit of(TimelockReader timelock, List<EventReading> history) {
    Map<TimelockRole, Set<Address>> named = new LinkedHashMap<>();
    Set<Word> unknown = new LinkedHashSet<>();
    for (TimelockRole role : TimelockRole.values()) {
      // Never given by an event in version 4, and what everybody-may-execute looks like.
      named.put(role, new LinkedHashSet<>(Set.of(Address.ZERO, timelock.address())));
    }
    for (EventReading reading : history) {
      if (reading.event().contract().equals(timelock.address())
          && reading.name().equals("RoleGranted")) {
        Arguments values = new Arguments(reading.values());
        Optional<TimelockRole> role = TimelockRole.of(values.word(0));
        role.ifPresentOrElse(
            known ->
                named
                    .computeIfAbsent(known, ignored -> new LinkedHashSet<>())
                    .add(values.account(1)),
            () -> unknown.add(values.word(0)));
      }
    }
    Map<TimelockRole, List<Address>> holders = new LinkedHashMap<>();
    named.forEach(
        (role, accounts) ->
            holders.put(
                role, accounts.stream().filter(account -> timelock.has(role, account)).toList()));
    return new RoleAudit(holders, List.copyOf(unknown));
  }

  /** Those of one role. */
  public List<Address> of(TimelockRole role) {
    return holders.getOrDefault(role, List.of());
  }
}
