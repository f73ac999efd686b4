package dstack.kms.chain.contract;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Word;
import dstack.kms.chain.testing.Answer;
import dstack.kms.chain.testing.Boot;
import dstack.kms.chain.testing.Calldata;
import dstack.kms.chain.testing.Selectors;
import dstack.kms.core.bytes.Bytes;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What both contracts should do, written from specification 20 alone: who may change what, and what
 * is then allowed.
 */
final class PolicyModel {
  /** The lists that owners keep, of the KMS first. */
  enum Listing {
    IMAGES("OsImageHash", "allowedOsImages", ""),
    MEASUREMENTS("KmsAggregatedMr", "kmsAllowedAggregatedMrs", ""),
    MACHINES("KmsDevice", "kmsAllowedDeviceIds", ""),
    COMPOSE_HASHES("ComposeHash", "allowedComposeHashes", "invalid compose hash"),
    DEVICES("Device", "allowedDeviceIds", "invalid device ID");

    final String name;
    final String getter;
    final String refusalOfZero;

    Listing(String name, String getter, String refusalOfZero) {
      this.name = name;
      this.getter = getter;
      this.refusalOfZero = refusalOfZero;
    }

    boolean ofKms() {
      return compareTo(COMPOSE_HASHES) < 0;
    }
  }

  /** Something that somebody tries. */
  sealed interface Action {
    boolean onKms();
  }

  record Change(Listing listing, boolean add, Word value) implements Action {
    @Override
    public boolean onKms() {
      return listing.ofKms();
    }
  }

  record Flag(boolean firmware, boolean value) implements Action {
    @Override
    public boolean onKms() {
      return false;
    }
  }

  record Register(Address app) implements Action {
    @Override
    public boolean onKms() {
      return true;
    }
  }

  record Transfer(boolean onKms, Address to) implements Action {}

  record Accept(boolean onKms) implements Action {}

  record Renounce(boolean onKms) implements Action {}

  record Upgrade(boolean onKms) implements Action {}

  record Freeze() implements Action {
    @Override
    public boolean onKms() {
      return false;
    }
  }

  private final Map<Listing, Set<Word>> lists = new EnumMap<>(Listing.class);
  private final Set<Address> registered = new HashSet<>();
  private final Map<Boolean, Address> owners;
  private final Map<Boolean, Address> pending;
  private boolean anyDevice;
  private boolean firmwareRequired;
  private boolean frozen;

  PolicyModel(Address owner) {
    owners = new java.util.HashMap<>(Map.of(true, owner, false, owner));
    pending = new java.util.HashMap<>(Map.of(true, Address.ZERO, false, Address.ZERO));
    for (Listing each : Listing.values()) {
      lists.put(each, new HashSet<>());
    }
  }

  /** Does it, unless it must fail: then the data of the revert. */
  Optional<Bytes> attempt(Address caller, Action action) {
    Optional<Bytes> refusal = refusal(caller, action);
    if (refusal.isEmpty()) {
      apply(caller, action);
    }
    return refusal;
  }

  private Optional<Bytes> refusal(Address caller, Action action) {
    boolean allowed =
        switch (action) {
          case Register _ -> true;
          case Accept accept -> caller.equals(pendingOwner(accept.onKms()));
          default -> caller.equals(owner(action.onKms()));
        };
    if (!allowed) {
      return Optional.of(Selectors.error("OwnableUnauthorizedAccount(address)", caller));
    }
    return switch (action) {
      case Register register when register.app().isZero() -> text("Invalid app ID");
      case Change change when isRefusedZero(change) -> text(change.listing().refusalOfZero);
      case Upgrade upgrade when !upgrade.onKms() && frozen ->
          text("Upgrades are permanently disabled");
      default -> Optional.empty();
    };
  }

  private static boolean isRefusedZero(Change change) {
    return change.add() && change.value().isZero() && !change.listing().refusalOfZero.isEmpty();
  }

  private static Optional<Bytes> text(String text) {
    return Optional.of(Calldata.of("Error(string)", text));
  }

  private void apply(Address caller, Action action) {
    switch (action) {
      case Change(Listing listing, boolean add, Word value) -> change(listing, add, value);
      case Flag(boolean firmware, boolean value) -> {
        firmwareRequired = firmware ? value : firmwareRequired;
        anyDevice = firmware ? anyDevice : value;
      }
      case Register(Address app) -> registered.add(app);
      case Transfer(boolean onKms, Address to) -> pending.put(onKms, to);
      case Accept(boolean onKms) -> own(onKms, caller);
      case Renounce(boolean onKms) -> own(onKms, Address.ZERO);
      case Upgrade _ -> {}
      case Freeze _ -> frozen = true;
    }
  }

  private void change(Listing listing, boolean add, Word value) {
    Set<Word> list = lists.getOrDefault(listing, Set.of());
    if (add) {
      list.add(value);
    } else {
      list.remove(value);
    }
  }

  private void own(boolean onKms, Address owner) {
    owners.put(onKms, owner);
    pending.put(onKms, Address.ZERO);
  }

  Address owner(boolean onKms) {
    return owners.getOrDefault(onKms, Address.ZERO);
  }

  Address pendingOwner(boolean onKms) {
    return pending.getOrDefault(onKms, Address.ZERO);
  }

  boolean contains(Listing listing, Word value) {
    return lists.getOrDefault(listing, Set.of()).contains(value);
  }

  boolean anyDevice() {
    return anyDevice;
  }

  boolean firmwareRequired() {
    return firmwareRequired;
  }

  boolean isRegistered(Address app) {
    return registered.contains(app);
  }

  Answer isKmsAllowed(Boot boot) {
    return first(
        List.of(
            rule(boot.tcbStatus().equals("UpToDate"), "TCB status is not up to date"),
            rule(contains(Listing.IMAGES, boot.osImageHash()), "OS image is not allowed"),
            rule(contains(Listing.MEASUREMENTS, boot.mrAggregated()), "Aggregated MR not allowed"),
            rule(
                contains(Listing.MACHINES, boot.deviceId()),
                "KMS is not allowed to boot on this device")));
  }

  Answer isAppAllowed(Boot boot) {
    return first(
        List.of(
            rule(registered.contains(boot.appId()), "App not registered"),
            rule(contains(Listing.IMAGES, boot.osImageHash()), "OS image is not allowed"),
            rule(
                !firmwareRequired || boot.tcbStatus().equals("UpToDate"),
                "TCB status is not up to date"),
            rule(contains(Listing.COMPOSE_HASHES, boot.composeHash()), "Compose hash not allowed"),
            rule(anyDevice || contains(Listing.DEVICES, boot.deviceId()), "Device not allowed")));
  }

  private static Optional<String> rule(boolean holds, String reason) {
    return holds ? Optional.empty() : Optional.of(reason);
  }

  private static Answer first(List<Optional<String>> rules) {
    return rules.stream()
        .flatMap(Optional::stream)
        .findFirst()
        .map(Answer::denied)
        .orElse(Answer.ALLOWED);
  }
}
