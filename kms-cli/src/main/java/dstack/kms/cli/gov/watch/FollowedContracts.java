package dstack.kms.cli.gov.watch;

import dstack.kms.chain.account.Address;
import dstack.kms.cli.gov.option.AddressText;
import dstack.kms.cli.gov.option.KmsOption;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** Which contracts are looked at. Applications that the KMS registers join them by themselves. */
final class FollowedContracts {
  @Mixin private final KmsOption kms;

  @Option(
      names = "--timelock",
      paramLabel = "ADDR",
      converter = AddressText.class,
      description = "The timelock that owns the KMS.")
  private @Nullable Address timelock;

  @Option(
      names = "--safe",
      paramLabel = "ADDR",
      converter = AddressText.class,
      description = "The Safe that decides.")
  private @Nullable Address safe;

  @Option(
      names = "--app",
      paramLabel = "ADDR",
      converter = AddressText.class,
      description = "An application; once for each.")
  private List<Address> apps = new ArrayList<>();

  FollowedContracts(Map<String, String> variables) {
    kms = new KmsOption(variables);
  }

  Address kms(CommandSpec spec) {
    return kms.address(spec);
  }

  Optional<Address> timelock() {
    return Optional.ofNullable(timelock);
  }

  Optional<Address> safe() {
    return Optional.ofNullable(safe);
  }

  List<Address> apps() {
    return List.copyOf(apps);
  }

  Set<Address> all(CommandSpec spec) {
    Set<Address> all = new LinkedHashSet<>(List.of(kms(spec)));
    timelock().ifPresent(all::add);
    safe().ifPresent(all::add);
    all.addAll(apps);
    return all;
  }
}
