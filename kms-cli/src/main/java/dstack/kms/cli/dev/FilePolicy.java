package dstack.kms.cli.dev;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.sim.platform.GuestFacts;
import dstack.kms.sim.platform.GuestPlatform;
import dstack.kms.sim.platform.SimulatedGuest;
import dstack.kms.sim.platform.SimulatedIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The policy file that allows the machines as a KMS and one sample application.
 *
 * @param file which all servers of a fleet read
 */
record FilePolicy(Path file) implements DevPolicy {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String DIGESTS = "mrAggregated";
  private static final String DEVICES = "devices";

  /** Writes the file unless there is one: it is meant to be edited. */
  void writeIfMissing(SimulatedGuest guest) {
    if (!Files.exists(file)) {
      write(text(guest) + "\n");
    }
  }

  @Override
  public Map<String, String> settings() {
    return Map.of(
        "core.auth_api.type",
        "file",
        "core.auth_api.file.path",
        file.toString(),
        "core.auth_api.file.strict",
        "true");
  }

  @Override
  public String words() {
    return file + " (edits count at once)";
  }

  @Override
  public long admit(SimulatedGuest guest) {
    ObjectNode policy = read();
    ObjectNode kms = policy.withObjectProperty("kms");
    add(policy.withArrayProperty("osImages"), guest.facts().osImageHash());
    add(kms.withArrayProperty(DIGESTS), guest.facts().mrAggregated());
    add(kms.withArrayProperty(DEVICES), guest.facts().deviceId());
    write(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(policy) + "\n");
    return 0;
  }

  @Override
  public long withdraw(SimulatedGuest guest) {
    ObjectNode policy = read();
    ObjectNode kms = policy.withObjectProperty("kms");
    remove(kms.withArrayProperty(DIGESTS), guest.facts().mrAggregated());
    remove(kms.withArrayProperty(DEVICES), guest.facts().deviceId());
    write(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(policy) + "\n");
    return 0;
  }

  private static void add(ArrayNode values, Bytes value) {
    if (values.valueStream().noneMatch(known -> known.asString("").equals(hex(value)))) {
      values.add(hex(value));
    }
  }

  private static void remove(ArrayNode values, Bytes value) {
    values.removeIf(known -> known.asString("").equals(hex(value)));
  }

  private ObjectNode read() {
    try {
      if (JSON.readTree(Files.readString(file)) instanceof ObjectNode policy) {
        return policy;
      }
    } catch (IOException | JacksonException e) {
      throw DevRefusal.FOLDER.because("cannot read " + file, e);
    }
    throw new RefusalException(DevRefusal.FOLDER, file + " is no policy");
  }

  /** At once, as servers may be reading it. */
  private void write(String text) {
    try {
      Path fresh = Files.writeString(file.resolveSibling(file.getFileName() + ".new"), text);
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw DevRefusal.FOLDER.because("cannot write " + file, e);
    }
  }

  private static String text(SimulatedGuest guest) {
    SimulatedIdentity app = guest.identity();
    GuestFacts facts = guest.facts();
    List<String> devices = List.of(hex(facts.deviceId()));
    Map<String, Object> policy = new LinkedHashMap<>();
    policy.put("gatewayAppId", "any");
    policy.put("osImages", List.of(hex(facts.osImageHash())));
    policy.put("allowedTcbStatuses", List.of(tcbStatus(app.platform())));
    policy.put(
        "kms", Map.of("mrAggregated", List.of(hex(facts.mrAggregated())), "devices", devices));
    policy.put(
        "apps",
        Map.of(
            hex(app.appId()),
            Map.of("composeHashes", List.of(hex(facts.composeHash())), "devices", devices)));
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(policy);
  }

  /** Enclaves have no status and policies know NitroTPM by its own; both must be said openly. */
  private static String tcbStatus(GuestPlatform platform) {
    return switch (platform) {
      case GuestPlatform.Nitro _ -> "";
      case GuestPlatform.NitroTpm _ -> "NotApplicable";
      case GuestPlatform.Tdx _, GuestPlatform.GcpTdx _, GuestPlatform.SevSnp _ -> "UpToDate";
    };
  }

  private static String hex(Bytes bytes) {
    return "0x" + bytes.hex();
  }
}
