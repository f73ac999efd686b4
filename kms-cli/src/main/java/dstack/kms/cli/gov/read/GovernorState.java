package dstack.kms.cli.gov.read;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.endpoint.Endpoint;
import dstack.kms.chain.safe.SafeReader;
import dstack.kms.chain.timelock.TimelockReader;
import dstack.kms.chain.timelock.TimelockRole;
import dstack.kms.cli.gov.proposal.Governor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What those say about themselves who govern contracts. */
final class GovernorState {
  private GovernorState() {}

  /** Delay and roles; of whom else than the timelock itself only those asked about. */
  static ContractState timelock(Endpoint endpoint, Address timelock, List<Address> accounts) {
    Governor.requireTimelock(endpoint, timelock);
    TimelockReader reader = new TimelockReader(endpoint, timelock);
    Map<String, Object> facts = start(endpoint, timelock);
    facts.put("min_delay_seconds", reader.minDelay());
    facts.put("executed_by_anybody", reader.has(TimelockRole.EXECUTOR, Address.ZERO));
    facts.put("own_admin", reader.has(TimelockRole.DEFAULT_ADMIN, timelock));
    accounts.forEach(
        account -> facts.put("roles_of_" + account.checksummed(), roles(reader, account)));
    return new ContractState(facts);
  }

  private static List<String> roles(TimelockReader reader, Address account) {
    return Stream.of(TimelockRole.values())
        .filter(role -> reader.has(role, account))
        .map(TimelockRole::name)
        .toList();
  }

  /** Who decides and what could decide without them; refused unless it is a published Safe. */
  static ContractState safe(Endpoint endpoint, Address safe) {
    SafeReader reader = new SafeReader(endpoint, safe);
    Map<String, Object> facts = start(endpoint, safe);
    facts.put("version", reader.requireVersion().number());
    facts.put("threshold", reader.threshold());
    facts.put("owners", reader.owners().stream().map(Address::checksummed).toList());
    facts.put("nonce", reader.nonce());
    facts.put("modules", reader.modules().stream().map(Address::checksummed).toList());
    facts.put("guard", reader.guard().checksummed());
    facts.put("fallback_handler", reader.fallbackHandler().checksummed());
    return new ContractState(facts);
  }

  private static Map<String, Object> start(Endpoint endpoint, Address contract) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("address", contract.checksummed());
    facts.put("chain_id", endpoint.chainId());
    return facts;
  }
}
