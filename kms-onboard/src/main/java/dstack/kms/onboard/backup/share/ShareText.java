package dstack.kms.onboard.backup.share;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.pem.PemArmor;
import dstack.kms.core.refusal.RefusalException;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The text of a share file: a line for the reader, then three PEM blocks. There is one spelling:
 * what was read is written again and must be the same.
 */
final class ShareText {
  private static final int LONGEST = 256 << 10;
  private static final String MANIFEST = "KMS BACKUP MANIFEST";
  private static final String PAYLOAD = "KMS BACKUP PAYLOAD";
  private static final Pattern FIRST_LINE = Pattern.compile("KMS backup, share ([0-9]{1,3}) of .*");
  private static final Pattern BLOCK = Pattern.compile("(?=-----BEGIN )");

  private ShareText() {}

  static Bytes write(ShareFile file) {
    Manifest manifest = file.manifest();
    String line =
        "KMS backup, share "
            + file.index()
            + " of "
            + manifest.count()
            + ", any "
            + manifest.threshold()
            + " restore, set "
            + manifest.setId().hex()
            + "\n";
    return Bytes.utf8(
        line
            + PemArmor.encode(MANIFEST, manifest.encode())
            + PemArmor.encode(PAYLOAD, file.payload())
            + PemArmor.encode(file.sealed().kind().label(), file.sealed().content()));
  }

  static ShareFile read(Bytes content) {
    if (content.length() > LONGEST) {
      throw malformed("it is longer than 256 KiB");
    }
    String text = content.strictUtf8Text().orElseThrow(() -> malformed("it is not text"));
    String[] parts = BLOCK.split(text, -1);
    if (parts.length != 4) {
      throw malformed("it has not three blocks");
    }
    ShareFile file;
    try {
      Manifest manifest = Manifest.decode(PemArmor.decode(MANIFEST, parts[1]));
      Bytes payload = PemArmor.decode(PAYLOAD, parts[2]);
      file = new ShareFile(manifest, payload, index(parts[0], manifest), sealed(parts[3]));
    } catch (RefusalException e) {
      throw malformed(e.text());
    }
    if (!write(file).equals(content)) {
      throw malformed("it is not spelled as this program writes it");
    }
    return file;
  }

  private static int index(String line, Manifest manifest) {
    Matcher matcher = FIRST_LINE.matcher(line.strip());
    int index = matcher.matches() ? Integer.parseInt(matcher.group(1)) : 0;
    if (index < 1 || index > manifest.count()) {
      throw malformed("its first line names no share of the set");
    }
    return index;
  }

  private static SealedShare sealed(String block) {
    List<SealedShare.Kind> kinds =
        Arrays.stream(SealedShare.Kind.values())
            .filter(kind -> block.startsWith("-----BEGIN " + kind.label() + "-----"))
            .toList();
    if (kinds.size() != 1) {
      throw malformed("its share is not sealed in a way that this program knows");
    }
    SealedShare.Kind kind = kinds.getFirst();
    return new SealedShare(kind, PemArmor.decode(kind.label(), block));
  }

  private static RefusalException malformed(String why) {
    return new RefusalException(ShareRefusal.MALFORMED, "not a share file: " + why);
  }
}
