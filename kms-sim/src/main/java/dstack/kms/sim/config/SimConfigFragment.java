package dstack.kms.sim.config;

import java.nio.file.Path;
import tools.jackson.databind.json.JsonMapper;

/** Writes the kms.toml fragment for a simulated platform. */
public final class SimConfigFragment {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private SimConfigFragment() {}

  /**
   * TOML with which a server trusts the roots in the folder and finds socket and PCCS. Every
   * weakening stands in it openly; it belongs in no production file.
   */
  public static String toml(Path folder, Path socket, int pccsPort) {
    Path root = folder.resolve("roots").resolve("root-ca.pem").toAbsolutePath().normalize();
    return """
    # A SIMULATED platform: whoever has the folder can make any evidence.
    [core]
    insecure_development = true
    agent_address = %s

    [core.image]
    verify = false

    [core.attestation]
    insecure_allow_external_trust_anchors = true

    [core.attestation.urls]
    pccs = %s

    [core.attestation.root_ca]
    tdx = %s
    """
        .replaceFirst("%s", quoted("unix:" + socket.toAbsolutePath().normalize()))
        .replaceFirst("%s", quoted("http://127.0.0.1:" + pccsPort))
        .replaceFirst("%s", quoted(root.toString()));
  }

  /** A JSON string is a TOML basic string. */
  private static String quoted(String text) {
    return java.util.regex.Matcher.quoteReplacement(JSON.writeValueAsString(text));
  }
}
