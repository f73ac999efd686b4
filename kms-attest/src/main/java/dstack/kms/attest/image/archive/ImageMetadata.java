package dstack.kms.attest.image.archive;

import dstack.kms.attest.json.JsonObject;
import dstack.kms.attest.json.StrictJson;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.util.Optional;

/**
 * What an image says about itself, {@code metadata.json} (specification 17 §5.1).
 *
 * @param bios the firmware's file name
 * @param kernel the kernel's file name
 * @param initrd the initial file system's file name
 * @param cmdline the kernel's command line
 * @param version of the image
 * @param isDev whether it is an image for development
 */
public record ImageMetadata(
    String bios,
    String kernel,
    String initrd,
    String cmdline,
    Optional<String> version,
    boolean isDev) {
  /** The file's name. */
  public static final String FILE = "metadata.json";

  static final int MAX_LENGTH = 64 << 10;

  static ImageMetadata parse(Bytes content, ImageManifest manifest) {
    try {
      String text =
          content
              .strictUtf8Text()
              .orElseThrow(() -> ArchiveRefusal.METADATA.because("it is not UTF-8"));
      return of(StrictJson.object(text, ArchiveRefusal.METADATA), manifest);
    } catch (RefusalException refusal) {
      throw refusal.within("Failed to parse metadata.json");
    }
  }

  private static ImageMetadata of(JsonObject object, ImageManifest manifest) {
    Optional<String> variant = object.optionalText("ovmf_variant");
    if (variant.isPresent() && !variant.get().equals("pre202505")) {
      throw ArchiveRefusal.METADATA.because("unknown ovmf_variant");
    }
    String cmdline = object.text("cmdline");
    if (cmdline.indexOf('\0') >= 0) {
      throw ArchiveRefusal.METADATA.because("cmdline contains a zero character");
    }
    return new ImageMetadata(
        listed(object, "bios", manifest),
        listed(object, "kernel", manifest),
        listed(object, "initrd", manifest),
        cmdline,
        object.optionalText("version"),
        object.optionalBool("is_dev").orElse(false));
  }

  /** A file that is not listed is not part of what the image's hash stands for. */
  private static String listed(JsonObject object, String key, ImageManifest manifest) {
    String name = object.text(key);
    if (!manifest.files().containsKey(name)) {
      throw ArchiveRefusal.METADATA.because(key + " is not a file that sha256sum.txt lists");
    }
    return name;
  }
}
