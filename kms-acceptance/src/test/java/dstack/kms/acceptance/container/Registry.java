package dstack.kms.acceptance.container;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Decides about key servers as the policy contract does: image, measurement and device must each
 * have been registered, and nothing stands for all of them.
 */
final class Registry implements UnaryOperator<String> {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Set<String> images = ConcurrentHashMap.newKeySet();
  private final Set<String> measurements = ConcurrentHashMap.newKeySet();
  private final Set<String> devices = ConcurrentHashMap.newKeySet();

  /** Registers what a node shows of itself, as the guide's three commands do. */
  void register(GuideNode node) {
    images.add(node.shown(".os_image_hash"));
    measurements.add(node.shown(".mr_aggregated"));
    devices.add(node.shown(".device_id"));
  }

  /** The reason why this request is denied, empty if it is allowed. */
  @Override
  public String apply(String body) {
    JsonNode asked = JSON.readTree(body);
    if (!images.contains(hex(asked, "osImageHash"))) {
      return "OS image is not allowed";
    }
    if (!measurements.contains(hex(asked, "mrAggregated"))) {
      return "Aggregated MR not allowed";
    }
    return devices.contains(hex(asked, "deviceId")) ? "" : "KMS is not allowed on this device";
  }

  private static String hex(JsonNode asked, String name) {
    return asked.get(name).stringValue().replaceFirst("^0x", "");
  }
}
