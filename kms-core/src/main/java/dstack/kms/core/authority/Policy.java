package dstack.kms.core.authority;

import dstack.kms.core.bootinfo.BootInfo;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A policy as a file states it, and the decisions that follow from it, in the order and with the
 * reasons of specification 21 §5.
 *
 * <p>Hexadecimal values are kept normalized: lower case, with {@code 0x} in front; so the empty
 * value is {@code 0x} and is allowed only where the policy lists it.
 *
 * @param gatewayAppId answered for the gateway
 * @param kmsContractAddr shown in GetMeta
 * @param chainId shown in GetMeta
 * @param appImplementation shown in GetMeta
 * @param osImages the allowed OS image hashes; none allows none
 * @param tcbStatuses the allowed TCB status names, {@code NotApplicable} for NitroTPM
 * @param advisoryIds the advisories that may be outstanding
 * @param kms which nodes may act as a KMS
 * @param apps which applications may run, by normalized app id
 */
record Policy(
    String gatewayAppId,
    String kmsContractAddr,
    long chainId,
    String appImplementation,
    Set<String> osImages,
    Set<String> tcbStatuses,
    Set<String> advisoryIds,
    Rule kms,
    Map<String, Rule> apps) {

  private static final String ZERO_ADDRESS = "0x" + "0".repeat(40);

  /** All defaults: nothing is allowed. */
  static final Policy NOTHING =
      new Policy(
          "",
          ZERO_ADDRESS,
          0,
          ZERO_ADDRESS,
          Set.of(),
          Set.of("UpToDate"),
          Set.of(),
          Rule.NONE,
          Map.of());

  /**
   * Which software may run on which devices.
   *
   * @param digests the allowed compose hashes, or aggregated registers for a KMS
   * @param devices the allowed devices
   * @param anyDevice whether the list of devices does not matter
   */
  record Rule(Set<String> digests, Set<String> devices, boolean anyDevice) {
    static final Rule NONE = new Rule(Set.of(), Set.of(), false);

    Rule {
      digests = Set.copyOf(digests);
      devices = Set.copyOf(devices);
    }

    /** A list may name an SEV-SNP machine by its chip id or, as any other, by the hash of it. */
    private boolean allowsDevice(BootInfo info, boolean strict) {
      return anyDevice
          || (devices.isEmpty() && !strict)
          || devices.contains(normalized(info.deviceId().hex()))
          || devices.contains(normalized(info.announcedDeviceId().hex()));
    }
  }

  Policy {
    osImages = Set.copyOf(osImages);
    tcbStatuses = Set.copyOf(tcbStatuses);
    advisoryIds = Set.copyOf(advisoryIds);
    apps = Map.copyOf(apps);
  }

  static String normalized(String hex) {
    String lower = hex.toLowerCase(Locale.ROOT);
    return lower.startsWith("0x") ? lower : "0x" + lower;
  }

  Decision decideApp(BootInfo info, boolean strict) {
    Optional<String> platform = platformObjection(info);
    Optional<String> objection = platform.isPresent() ? platform : appObjection(info, strict);
    return decision(objection);
  }

  Decision decideKms(BootInfo info, boolean strict) {
    Optional<String> platform = platformObjection(info);
    Optional<String> objection = platform.isPresent() ? platform : kmsObjection(info, strict);
    return decision(objection);
  }

  private Decision decision(Optional<String> objection) {
    return objection.isPresent()
        ? new Decision.Denied(objection.get())
        : new Decision.Allowed(gatewayAppId);
  }

  private Optional<String> platformObjection(BootInfo info) {
    if (!tcbStatuses.contains(info.localTcbStatus())) {
      return Optional.of("TCB status is not allowed");
    }
    List<String> advisories = info.advisoryIds();
    if (!advisoryIds.containsAll(advisories)) {
      return Optional.of("advisory ID is not allowed");
    }
    if (!osImages.contains(normalized(info.osImageHash().hex()))) {
      return Optional.of("OS image is not allowed");
    }
    return Optional.empty();
  }

  private Optional<String> kmsObjection(BootInfo info, boolean strict) {
    if (!kms.digests().contains(normalized(info.mrAggregated().hex()))) {
      return Optional.of("aggregated MR not allowed");
    }
    if (!kms.allowsDevice(info, strict)) {
      return Optional.of("KMS is not allowed to boot on this device");
    }
    return Optional.empty();
  }

  private Optional<String> appObjection(BootInfo info, boolean strict) {
    Rule app = apps.get(normalized(info.appId().value().hex()));
    if (app == null) {
      return Optional.of("app not registered");
    }
    if (!app.digests().contains(normalized(info.composeHash().value().hex()))) {
      return Optional.of("compose hash not allowed");
    }
    if (!app.allowsDevice(info, strict)) {
      return Optional.of("app is not allowed to boot on this device");
    }
    return Optional.empty();
  }
}
