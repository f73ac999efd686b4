package dstack.kms.attest.device.tdx;

import dstack.kms.attest.device.DeviceRefusal;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The vsock port of the host's quote service (specification 13 §5). */
final class QgsPort {
  private static final int LIMIT = 64 << 10;
  private static final Pattern LINE = Pattern.compile("port\\s*=\\s*([0-9]{1,10})");
  private static final long U32_MAX = 0xFFFF_FFFFL;

  private QgsPort() {}

  /** The port above 0 that the file names; none if it names none or there is no file. */
  static OptionalLong read(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return parse(Bytes.of(in.readNBytes(LIMIT)).utf8Text());
    } catch (NoSuchFileException e) {
      return OptionalLong.empty();
    } catch (IOException e) {
      throw RefusalException.causedBy(
          DeviceRefusal.VSOCK_FAILURE, "vsock failure: cannot read " + file, e);
    }
  }

  /** The first line that is {@code port = N} with an unsigned 32-bit number counts. */
  static OptionalLong parse(String text) {
    return text.lines()
        .map(String::strip)
        .map(LINE::matcher)
        .filter(Matcher::matches)
        .mapToLong(line -> Long.parseLong(line.group(1)))
        .filter(port -> port <= U32_MAX)
        .limit(1)
        .filter(port -> port > 0)
        .findFirst();
  }
}
