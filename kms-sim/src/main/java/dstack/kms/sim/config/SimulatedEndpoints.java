package dstack.kms.sim.config;

import dstack.kms.sim.platform.SimulatedPlatform;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Where the services of the platform in a folder listen. Kept in the folder, so that the command
 * that prints the configuration agrees with the one that serves.
 */
public record SimulatedEndpoints(Path socket, int pccsPort) {
  /** The port of the PCCS when none is chosen. */
  public static final int DEFAULT_PCCS_PORT = 8081;

  private static final String FILE = "endpoints.json";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** What was last kept in the folder, or else the socket in the folder and the default port. */
  public static SimulatedEndpoints of(Path folder) {
    Path file = folder.resolve(FILE);
    if (!Files.isRegularFile(file)) {
      return new SimulatedEndpoints(
          folder.resolve("agent.sock").toAbsolutePath().normalize(), DEFAULT_PCCS_PORT);
    }
    try {
      JsonNode kept = JSON.readTree(Files.readString(file));
      return new SimulatedEndpoints(
          Path.of(kept.get("socket").stringValue()), kept.get("pccs_port").intValue());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Keeps these in the platform's folder. */
  public void keepIn(SimulatedPlatform platform) {
    String content =
        JSON.writeValueAsString(
            JSON.createObjectNode()
                .put("socket", socket.toAbsolutePath().normalize().toString())
                .put("pccs_port", pccsPort));
    platform.pki().write(FILE, content + "\n");
  }
}
