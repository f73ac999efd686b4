package dstack.kms.sim.config;

import dstack.kms.sim.platform.PlatformKind;
import dstack.kms.sim.platform.SimulatedPlatform;
import tools.jackson.databind.json.JsonMapper;

/** Writes the kms.toml fragment for a simulated platform. */
public final class SimConfigFragment {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private SimConfigFragment() {}

  /**
   * TOML with which a server trusts the platform's roots of every kind and finds its services.
   * Every weakening stands in it openly; it belongs in no production file.
   *
   * @param kind whose guests get keys, beside those that need no switch
   */
  public static String toml(
      SimulatedPlatform platform, PlatformKind kind, SimulatedEndpoints endpoints) {
    String service = "http://127.0.0.1:" + endpoints.pccsPort();
    StringBuilder toml =
        new StringBuilder(
            "# A SIMULATED platform: whoever has the folder can make any evidence.\n");
    toml.append("[core]\ninsecure_development = true\n");
    kind.releaseSwitch().ifPresent(name -> toml.append(name).append(" = true\n"));
    set(toml, "agent_address", "unix:" + endpoints.socket().toAbsolutePath().normalize());
    toml.append("\n[core.image]\nverify = false\n");
    toml.append("\n[core.attestation]\ninsecure_allow_external_trust_anchors = true\n");
    toml.append("\n[core.attestation.urls]\n");
    set(toml, "pccs", service);
    set(toml, "amd_kds", service + "/vcek/v1");
    toml.append("\n[core.attestation.root_ca]\n");
    platform
        .rootFiles()
        .forEach((name, file) -> set(toml, name, file.toAbsolutePath().normalize().toString()));
    return toml.toString();
  }

  /** A JSON string is a TOML basic string. */
  private static void set(StringBuilder toml, String name, String value) {
    toml.append(name).append(" = ").append(JSON.writeValueAsString(value)).append('\n');
  }
}
