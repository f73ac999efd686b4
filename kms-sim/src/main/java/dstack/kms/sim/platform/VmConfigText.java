package dstack.kms.sim.platform;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.sim.material.SimulatedMaterial;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The {@code vm_config} that the simulated host hands to its guests (specification 10 §4). */
final class VmConfigText {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private VmConfigText() {}

  static String of(Bytes osImageHash) {
    return JSON.writeValueAsString(usual(osImageHash));
  }

  /** With the image's measurement document under that name, unless the host hides it. */
  static String of(String name, SimulatedMaterial material) {
    ObjectNode config = usual(material.osImageHash());
    material.ifShown().ifPresent(shown -> config.set(name, shown.into(JSON.createObjectNode())));
    return JSON.writeValueAsString(config);
  }

  static ObjectNode usual(Bytes osImageHash) {
    ObjectNode config = JSON.createObjectNode();
    config.put("os_image_hash", osImageHash.hex());
    config.put("cpu_count", 2);
    config.put("memory_size", 2L << 30);
    config.put("qemu_version", "9.1.0");
    config.put("pci_hole64_size", 0);
    config.put("hugepages", false);
    config.put("num_gpus", 0);
    config.put("num_nvswitches", 0);
    config.put("hotplug_off", false);
    config.put("image", "simulated");
    config.put("host_share_mode", "");
    return config;
  }
}
