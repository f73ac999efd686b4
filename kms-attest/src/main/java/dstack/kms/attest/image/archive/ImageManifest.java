package dstack.kms.attest.image.archive;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.core.refusal.RefusalException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The list of an image's files, {@code sha256sum.txt}. Its own SHA-256 is the image's hash.
 *
 * @param osImageHash SHA-256 of the list, 32 bytes
 * @param files SHA-256 by plain file name, in the order of the list
 */
public record ImageManifest(Bytes osImageHash, Map<String, Bytes> files) {
  /** The list's own name. */
  public static final String FILE = "sha256sum.txt";

  static final int MAX_LENGTH = 64 << 10;

  private static final Pattern LINE = Pattern.compile("([0-9a-fA-F]{64})  ([!-)+-~][!-~]*)");

  public ImageManifest {
    files = Collections.unmodifiableMap(new LinkedHashMap<>(files));
  }

  static ImageManifest parse(Bytes content) {
    String text =
        content
            .strictUtf8Text()
            .orElseThrow(() -> refused("Failed to read sha256sum.txt: it is not UTF-8"));
    Map<String, Bytes> files = new LinkedHashMap<>();
    int number = 0;
    for (String line : text.split("\n", -1)) {
      number++;
      if (!line.isBlank()) {
        add(files, line, "image manifest line " + number);
      }
    }
    if (files.isEmpty()) {
      throw refused("image manifest lists no file");
    }
    return new ImageManifest(Digests.sha256(content), files);
  }

  private static void add(Map<String, Bytes> files, String line, String where) {
    List<String> fields = List.of(line.strip().split("\\s+"));
    if (fields.size() < 2) {
      throw refused(where + " has no file name");
    }
    if (fields.size() > 2) {
      throw refused(where + " has extra fields");
    }
    String name = fields.get(1);
    if (name.contains("/") || name.contains("\\") || name.equals(".") || name.equals("..")) {
      throw refused(where + " has an unsafe path");
    }
    if (name.equals(FILE)) {
      throw refused("image manifest must not recursively list sha256sum.txt");
    }
    Matcher form = LINE.matcher(line);
    if (!form.matches()) {
      throw refused(where + " is not 64 hexadecimal digits, two spaces and a file name");
    }
    if (files.put(name, Bytes.fromHex(form.group(1))) != null) {
      throw refused(where + " lists a file again");
    }
    if (files.size() > ArchiveLimits.MAX_ENTRIES) {
      throw refused("image manifest lists more than " + ArchiveLimits.MAX_ENTRIES + " files");
    }
  }

  private static RefusalException refused(String text) {
    return ArchiveRefusal.MANIFEST.because(text);
  }
}
