package dstack.kms.attest.image.archive;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.util.ArrayList;
import java.util.List;

/**
 * The name of an archive's entry, known to stay inside the folder.
 *
 * @param parts plain names; none for the folder itself
 */
record EntryPath(List<String> parts) {
  private static final int MAX_LENGTH = 255;

  /**
   * Takes relative names of plain parts and {@code .}; refuses everything else, also what only
   * other systems would read as a way out.
   */
  static EntryPath parse(Bytes name, boolean folder) {
    String text = name.strictUtf8Text().orElseThrow(() -> unsafe(name));
    if (text.isEmpty() || text.length() > MAX_LENGTH || text.startsWith("/")) {
      throw unsafe(name);
    }
    boolean plain = text.codePoints().allMatch(EntryPath::isPlain);
    if (!plain || (!folder && text.endsWith("/"))) {
      throw unsafe(name);
    }
    List<String> parts = new ArrayList<>();
    for (String part : text.split("/", -1)) {
      if (part.equals("..")) {
        throw unsafe(name);
      }
      if (!part.isEmpty() && !part.equals(".")) {
        parts.add(part);
      }
    }
    if (parts.isEmpty() && !folder) {
      throw unsafe(name);
    }
    return new EntryPath(List.copyOf(parts));
  }

  private static boolean isPlain(int character) {
    return character != '\\' && character != ':' && !Character.isISOControl(character);
  }

  /** Whether the entry lies in the folder itself. */
  boolean isTopLevel() {
    return parts.size() == 1;
  }

  private static RefusalException unsafe(Bytes name) {
    return ArchiveRefusal.PATH.because("image archive contains unsafe path " + printable(name));
  }

  static String printable(Bytes name) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < Math.min(name.length(), MAX_LENGTH); i++) {
      int c = name.at(i);
      text.append(c > ' ' && c < 0x7f ? (char) c : '?');
    }
    return text.toString();
  }
}
