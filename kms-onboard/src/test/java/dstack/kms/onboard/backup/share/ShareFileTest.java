package dstack.kms.onboard.backup.share;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ShareFileTest {
  private static List<HolderIdentity> holders;
  private static List<ShareFile> files;

  @BeforeAll
  static void seal() {
    holders = List.of(SampleSet.identity(), SampleSet.p256());
    try (RootSecrets keys = SampleSet.keys()) {
      files = SampleSet.seal(keys, 2, holders);
    }
  }

  @AfterAll
  static void erase() {
    holders.forEach(HolderIdentity::close);
  }

  @Test
  void readsWhatItWrites() {
    for (ShareFile file : files) {
      assertThat(ShareFile.decode(file.encode())).isEqualTo(file);
    }
  }

  @Test
  void itsNameTellsTheHolder() {
    String fingerprint = holders.getFirst().publicKey().fingerprint().hex();
    assertThat(files.getFirst().name())
        .isEqualTo("share-1-of-2-" + fingerprint.substring(0, 16) + ".kmsshare");
  }

  /** Every byte of both kinds of file, with two flips each: no reader and no holder takes it. */
  @Test
  void refusesEverySingleFlippedByte() {
    for (int i = 0; i < 2; i++) {
      byte[] text = files.get(i).encode().toArray();
      for (int at = 0; at < text.length; at++) {
        for (int flip : new int[] {0x01, 0x20}) {
          byte[] changed = text.clone();
          changed[at] ^= (byte) flip;
          HolderIdentity holder = holders.get(i);
          assertThatThrownBy(() -> holder.open(ShareFile.decode(Bytes.of(changed))).close())
              .as("byte %d flipped by %d", at, flip)
              .isInstanceOf(RefusalException.class);
        }
      }
    }
  }

  @Test
  void refusesOtherSpellingsOfTheSameFile() {
    String text = new String(files.getFirst().encode().toArray(), StandardCharsets.UTF_8);
    refuses(text.replace("\n", "\r\n"));
    refuses(text + "\n");
    refuses("\n" + text);
    refuses(text.replaceFirst("share 1 of", "share 01 of"));
    refuses(text.replaceFirst("share 1 of", "share 3 of"));
    refuses(text.replaceFirst("share 1 of", "share 0 of"));
    refuses(text.replaceFirst("any 2 restore", "any 1 restore"));
    refuses(text.substring(0, text.length() - 1));
    refuses(text + text);
    refuses("");
  }

  @Test
  void refusesAnotherNumberWithTheSameShare() {
    ShareFile file = files.getFirst();
    ShareFile renumbered = new ShareFile(file.manifest(), file.payload(), 2, file.sealed());
    ShareFile read = ShareFile.decode(renumbered.encode());
    for (HolderIdentity holder : holders) {
      assertThatThrownBy(() -> holder.open(read)).isInstanceOf(RefusalException.class);
    }
  }

  @Test
  void refusesAnotherVersionAndMore() {
    Manifest manifest = files.getFirst().manifest();
    byte[] encoded = manifest.encode().toArray();
    assertThat(Manifest.decode(Bytes.of(encoded))).isEqualTo(manifest);
    byte[] next = encoded.clone();
    next[0] = 2;
    refusesManifest(Bytes.of(next));
    refusesManifest(Bytes.concat(Bytes.of(encoded), Bytes.zeros(1)));
    refusesManifest(Bytes.of(encoded, 0, encoded.length - 1));
    refusesManifest(Bytes.EMPTY);
  }

  private static void refusesManifest(Bytes encoded) {
    assertThatThrownBy(() -> Manifest.decode(encoded)).isInstanceOf(RefusalException.class);
  }

  private static void refuses(String text) {
    assertThatThrownBy(() -> ShareFile.decode(Bytes.utf8(text)))
        .isInstanceOfSatisfying(
            RefusalException.class,
            refused -> assertThat(refused.code()).isEqualTo(ShareRefusal.MALFORMED));
  }
}
