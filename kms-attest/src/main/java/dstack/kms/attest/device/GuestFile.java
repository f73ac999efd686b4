package dstack.kms.attest.device;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** One small file of the guest, read whole. */
record GuestFile(Path path, int limit) {
  /** The content, or nothing if there is no such file. */
  Optional<Bytes> content() {
    try (InputStream in = Files.newInputStream(path)) {
      byte[] content = in.readNBytes(limit + 1);
      if (content.length > limit) {
        throw DeviceRefusal.GUEST_FILE.because(path + " is larger than " + limit + " bytes");
      }
      return Optional.of(Bytes.of(content));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw RefusalException.causedBy(DeviceRefusal.GUEST_FILE, "cannot read " + path, e);
    }
  }

  /** The content as UTF-8, or nothing if there is no such file. */
  Optional<String> text() {
    return content()
        .map(
            bytes ->
                bytes
                    .strictUtf8Text()
                    .orElseThrow(() -> DeviceRefusal.GUEST_FILE.because(path + " is no UTF-8")));
  }
}
