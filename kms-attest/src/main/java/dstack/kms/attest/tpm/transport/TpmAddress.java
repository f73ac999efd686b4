package dstack.kms.attest.tpm.transport;

import dstack.kms.attest.tpm.TpmConnector;
import dstack.kms.attest.tpm.TpmRefusal;
import dstack.kms.core.refusal.RefusalException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where a TPM is: a device file, or the socket of a software TPM that takes raw commands. */
public sealed interface TpmAddress {
  /** A device file. */
  record Device(Path path) implements TpmAddress {}

  /** A Unix or TCP socket; a host name is looked up with each connection. */
  record Socket(SocketAddress address) implements TpmAddress {}

  /** The word for "the device of this machine". */
  String AUTO = "auto";

  /**
   * Reads {@code auto}, {@code device:/path}, {@code /path}, {@code unix:/path} or {@code
   * tcp:host:port}; refuses everything else.
   *
   * @param exists whether a device file is there; asked for {@code auto} only
   */
  static TpmAddress parse(String text, Predicate<Path> exists) {
    if (text.equals(AUTO)) {
      return ofThisMachine(exists);
    }
    if (text.startsWith("device:")) {
      return new Device(absolute(text.substring("device:".length())));
    }
    if (text.startsWith("/")) {
      return new Device(absolute(text));
    }
    if (text.startsWith("unix:")) {
      return unix(absolute(text.substring("unix:".length())));
    }
    if (text.startsWith("tcp:")) {
      return tcp(text);
    }
    throw refusal(text);
  }

  /** As {@link #parse(String, Predicate)} with the files of this machine. */
  static TpmAddress parse(String text) {
    return parse(text, Files::exists);
  }

  /** {@code /dev/tpmrm0}, else {@code /dev/tpm0}, else {@code TPM device not found}. */
  static TpmAddress ofThisMachine(Predicate<Path> exists) {
    return List.of(Path.of("/dev/tpmrm0"), Path.of("/dev/tpm0")).stream()
        .filter(exists)
        .findFirst()
        .map(Device::new)
        .orElseThrow(() -> TpmRefusal.NOT_FOUND.because("TPM device not found"));
  }

  /** Opens connections to this address, each exchange of which ends within the deadline. */
  default TpmConnector connector(Duration deadline) {
    return switch (this) {
      case Device(Path path) -> () -> DeviceTransport.open(path, deadline);
      case Socket(SocketAddress address) -> () -> SocketTransport.open(address, deadline);
    };
  }

  private static Path absolute(String path) {
    try {
      Path read = Path.of(path);
      if (read.isAbsolute()) {
        return read;
      }
    } catch (InvalidPathException e) {
      throw RefusalException.causedBy(TpmRefusal.ADDRESS, "TPM address is no usable path", e);
    }
    throw refusal(path);
  }

  private static TpmAddress unix(Path path) {
    try {
      return new Socket(UnixDomainSocketAddress.of(path));
    } catch (IllegalArgumentException e) {
      throw RefusalException.causedBy(TpmRefusal.ADDRESS, "TPM socket is no usable path", e);
    }
  }

  private static TpmAddress tcp(String text) {
    Matcher parts =
        Pattern.compile("tcp:(\\[[0-9a-fA-F:]+]|[^:\\[\\]/]+):([0-9]{1,5})").matcher(text);
    if (!parts.matches()) {
      throw refusal(text);
    }
    int port = Integer.parseInt(parts.group(2));
    if (port < 1 || port > 65_535) {
      throw refusal(text);
    }
    return new Socket(InetSocketAddress.createUnresolved(parts.group(1), port));
  }

  private static RefusalException refusal(String text) {
    return TpmRefusal.ADDRESS.because(
        "TPM address \"" + text + "\" is neither auto, device:/path, unix:/path nor tcp:host:port");
  }
}
