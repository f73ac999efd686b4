package dstack.kms.attest.image.archive;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import java.util.LinkedHashMap;
import java.util.Map;

/** Small images that are made up. */
public final class Images {
  static final String METADATA =
      "{\"bios\":\"fw\",\"kernel\":\"kernel\",\"initrd\":\"initrd\",\"cmdline\":\"a=b\"}";

  private Images() {}

  /** The files of an image, without the list. */
  public static Map<String, Bytes> files() {
    Map<String, Bytes> files = new LinkedHashMap<>();
    files.put("fw", Bytes.utf8("firmware"));
    files.put("kernel", Bytes.utf8("kernel"));
    files.put("initrd", Bytes.utf8("initrd"));
    files.put("metadata.json", Bytes.utf8(METADATA));
    return files;
  }

  /** The list of these files. */
  public static Bytes list(Map<String, Bytes> files) {
    StringBuilder lines = new StringBuilder();
    files.forEach(
        (name, content) ->
            lines.append(Digests.sha256(content)).append("  ").append(name).append('\n'));
    return Bytes.utf8(lines.toString());
  }

  /** A tar of the files and their list, to which more can be added. */
  public static TarBuilder tar(Map<String, Bytes> files) {
    return tar(files, list(files));
  }

  static TarBuilder tar(Map<String, Bytes> files, Bytes list) {
    TarBuilder tar = new TarBuilder();
    files.forEach(tar::file);
    return tar.file("sha256sum.txt", list);
  }
}
