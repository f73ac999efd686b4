package dstack.kms.chain.contract;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * A contract that a compiler made: what is sent to deploy it and what then lies on the chain.
 *
 * @param name as in the source; empty where the compiler's output does not say it
 * @param abi the interface as JSON text
 * @param creationCode what a deployment runs, without the constructor's arguments
 * @param runtimeCode what it leaves; empty where the output does not say which places of it a
 *     constructor writes, so that nothing can be recognized by it
 */
public record ContractArtifact(
    String name, String abi, Bytes creationCode, Optional<RuntimeCode> runtimeCode) {
  /** The largest code that a chain runs to deploy, arguments included (EIP-3860). */
  public static final int LARGEST_DEPLOYMENT = 49_152;

  private static final int LARGEST_FILE = 32 << 20;

  /** Refuses a contract that cannot be deployed. */
  public ContractArtifact {
    if (creationCode.isEmpty()) {
      throw new RefusalException(
          ContractRefusal.NO_CODE,
          "the artifact has no code: an interface or an abstract contract cannot be deployed");
    }
    requireDeployable(creationCode);
  }

  /** One of our own, as compiled into this program. */
  public static ContractArtifact of(OwnContract contract) {
    ContractArtifact artifact = Embedded.ARTIFACTS.get(contract);
    if (artifact == null) {
      throw new IllegalStateException("not embedded: " + contract);
    }
    return artifact;
  }

  /**
   * The output of a compiler, as Foundry ({@code out/*.json}), Hardhat ({@code artifacts/**}) or
   * {@code ./kms contracts} writes it.
   */
  public static ContractArtifact parse(String json) {
    return ArtifactJson.parse(json);
  }

  /** Parses the file, which may have up to 32 MiB. */
  public static ContractArtifact read(Path file) {
    try (InputStream stream = Files.newInputStream(file)) {
      byte[] content = stream.readNBytes(LARGEST_FILE + 1);
      if (content.length > LARGEST_FILE) {
        throw new RefusalException(
            ContractRefusal.UNREADABLE, file + ": an artifact has at most 32 MiB");
      }
      return parse(new String(content, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw RefusalException.causedBy(
          ContractRefusal.UNREADABLE, file + ": cannot be read: " + e, e);
    } catch (RefusalException e) {
      throw e.within(file.toString());
    }
  }

  /**
   * What a deployment transaction carries.
   *
   * @param arguments the constructor's, ABI-encoded without a selector
   */
  public Bytes deployment(Bytes arguments) {
    Bytes data = Bytes.concat(creationCode, arguments);
    requireDeployable(data);
    return data;
  }

  private static void requireDeployable(Bytes data) {
    if (data.length() > LARGEST_DEPLOYMENT) {
      throw new RefusalException(
          ContractRefusal.SIZE,
          "the deployment has "
              + data.length()
              + " bytes; a chain takes at most "
              + LARGEST_DEPLOYMENT);
    }
  }

  /** Read once, when the first is needed. */
  private static final class Embedded {
    private static final Map<OwnContract, ContractArtifact> ARTIFACTS = load();

    private static Map<OwnContract, ContractArtifact> load() {
      Map<OwnContract, ContractArtifact> artifacts = new EnumMap<>(OwnContract.class);
      for (OwnContract contract : OwnContract.values()) {
        artifacts.put(contract, resource(contract.contractName() + ".json"));
      }
      return artifacts;
    }

    private static ContractArtifact resource(String name) {
      try (InputStream stream = ContractArtifact.class.getResourceAsStream(name)) {
        if (stream == null) {
          throw new IllegalStateException("this program was built without " + name);
        }
        return parse(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
      } catch (IOException e) {
        throw new IllegalStateException("this program's " + name + " cannot be read", e);
      }
    }
  }
}
