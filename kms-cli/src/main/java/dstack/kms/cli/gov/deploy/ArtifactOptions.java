package dstack.kms.cli.gov.deploy;

import dstack.kms.chain.contract.ContractArtifact;
import dstack.kms.chain.operation.KmsContracts;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whose contracts are deployed: our own, or another compiler's output. */
final class ArtifactOptions {
  @Option(
      names = "--app-artifact",
      paramLabel = "FILE",
      description = "Another compiler's DstackApp, of Foundry or Hardhat, instead of our own.")
  private @Nullable Path app;

  @Option(
      names = "--kms-artifact",
      paramLabel = "FILE",
      description = "Another compiler's DstackKms instead of our own.")
  private @Nullable Path kms;

  KmsContracts contracts() {
    KmsContracts own = KmsContracts.own();
    return new KmsContracts(
        app == null ? own.app() : ContractArtifact.read(app),
        kms == null ? own.kms() : ContractArtifact.read(kms),
        own.proxy());
  }
}
