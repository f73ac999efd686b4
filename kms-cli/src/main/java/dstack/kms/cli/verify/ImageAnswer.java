package dstack.kms.cli.verify;

import dstack.kms.attest.image.archive.VerifiedImage;
import dstack.kms.attest.image.measure.ImageMeasurements;
import dstack.kms.attest.image.measure.Registers;
import dstack.kms.core.bytes.Bytes;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What {@code kms verify image} answers: only members of which something is known. */
final class ImageAnswer {
  private final Map<String, Object> members = new LinkedHashMap<>();

  void image(VerifiedImage image) {
    members.put("os_image_hash", image.osImageHash().hex());
    image.metadata().version().ifPresent(version -> members.put("version", version));
    members.put("is_dev", image.metadata().isDev());
    members.put("cmdline", image.metadata().cmdline());
    Map<String, String> files = new LinkedHashMap<>();
    image.manifest().files().forEach((name, hash) -> files.put(name, hash.hex()));
    members.put("files", files);
  }

  void documents(Bytes osImageHash, List<String> documents) {
    members.putIfAbsent("os_image_hash", osImageHash.hex());
    members.put("documents", documents);
  }

  void measurements(ImageMeasurements measurements) {
    members.put("mrtd", measurements.mrtd().hex());
    members.put("td_hob", measurements.tdHobDigest().hex());
    members.put("rtmr1", measurements.rtmr1().hex());
    members.put("rtmr2", measurements.rtmr2().hex());
  }

  /** The registers that were compared with an attestation and are the same. */
  void compared(Registers registers) {
    members.put("rtmr0", registers.rtmr0().hex());
    members.put("matches_attestation", true);
  }

  Map<String, Object> members() {
    return members;
  }

  /** One line per value. */
  void print(PrintWriter out) {
    out.println("accepted: OS image " + members.get("os_image_hash"));
    members.forEach(
        (name, value) -> {
          switch (value) {
            case Map<?, ?> files -> files.forEach((file, hash) -> out.println(hash + "  " + file));
            case List<?> items -> items.forEach(item -> out.println("document: " + item));
            default -> out.println(name + ": " + value);
          }
        });
    if (members.containsKey("matches_attestation")) {
      out.println("the attestation's signature was not verified: see kms verify attestation");
    }
  }
}
