package dstack.kms.cli.gov.deploy;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.safe.SafeAddresses;
import dstack.kms.chain.safe.SafeReader;
import dstack.kms.chain.safe.SafeSetup;
import dstack.kms.chain.safe.SafeVersion;
import dstack.kms.cli.gov.option.AddressText;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The Safe of model C: one that exists, or owners of one that is to be made. */
final class SafeOptions {
  @Option(
      names = "--safe",
      paramLabel = "ADDR",
      converter = AddressText.class,
      description = "A Safe that exists already.")
  private @Nullable Address existing;

  @Option(
      names = "--safe-module",
      paramLabel = "ADDR",
      converter = AddressText.class,
      description =
          "A module that may act for the existing Safe without its owners; once for each.")
  private List<Address> modules = new ArrayList<>();

  @Option(
      names = "--safe-guard",
      paramLabel = "ADDR",
      converter = AddressText.class,
      description = "The guard that may stop every transaction of the existing Safe.")
  private Address guard = Address.ZERO;

  @Option(
      names = "--safe-owner",
      paramLabel = "ADDR",
      converter = AddressText.class,
      description = "An owner of the Safe that is made; once for each.")
  private List<Address> owners = new ArrayList<>();

  @Option(names = "--threshold", paramLabel = "N", description = "How many of them decide.")
  private int threshold;

  @Option(
      names = "--safe-version",
      paramLabel = "V",
      defaultValue = "1.4.1",
      description = "1.4.1 or 1.3.0; by default ${DEFAULT-VALUE}.")
  private String version = "1.4.1";

  @Option(
      names = "--safe-salt",
      paramLabel = "N",
      defaultValue = "0",
      description = "Makes different Safes of the same owners.")
  private BigInteger salt = BigInteger.ZERO;

  @Option(
      names = "--safe-factory",
      paramLabel = "ADDR",
      converter = AddressText.class,
      description = "Where the factory lies, if not at its canonical address.")
  private @Nullable Address factory;

  @Option(
      names = "--safe-singleton",
      paramLabel = "ADDR",
      converter = AddressText.class,
      description = "Where the singleton lies, if not at its canonical address.")
  private @Nullable Address singleton;

  @Option(
      names = "--safe-fallback-handler",
      paramLabel = "ADDR",
      converter = AddressText.class,
      description = "Where the fallback handler lies, if not at its canonical address.")
  private @Nullable Address fallbackHandler;

  Optional<Address> existing(CommandSpec spec) {
    if ((existing == null) == owners.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "give --safe, or --safe-owner for each owner and --threshold");
    }
    return Optional.ofNullable(existing);
  }

  /** Refuses a Safe of unknown code, and modules and a guard that were not named. */
  void requireKnown(SafeReader safe) {
    safe.requireVersion();
    safe.requireOnly(Set.copyOf(modules), guard);
  }

  SafeSetup setup() {
    return new SafeSetup(owners, threshold);
  }

  BigInteger salt() {
    return salt;
  }

  SafeVersion version(CommandSpec spec) {
    return Stream.of(SafeVersion.values())
        .filter(each -> each.number().equals(version))
        .findFirst()
        .orElseThrow(
            () -> new ParameterException(spec.commandLine(), "--safe-version is 1.4.1 or 1.3.0"));
  }

  SafeAddresses addresses(SafeVersion chosen) {
    SafeAddresses canonical = SafeAddresses.canonical(chosen);
    return new SafeAddresses(
        singleton == null ? canonical.singleton() : singleton,
        factory == null ? canonical.factory() : factory,
        canonical.multiSend(),
        fallbackHandler == null ? canonical.fallbackHandler() : fallbackHandler);
  }
}
