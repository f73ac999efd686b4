package dstack.kms.image;

import dstack.kms.core.bytes.Bytes;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What the code of a launcher points to: 16 zeros, and texts that end with a zero. An address of 0
 * is none.
 */
record LauncherData(
    int zeros,
    int program,
    List<Integer> fixed,
    int implied,
    int message,
    int messageLength,
    Bytes bytes) {
  private static final int ZEROS = 16;

  /** Lays the texts of a launcher out from that address on. */
  static LauncherData at(int origin, Launcher launcher) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(new byte[ZEROS]);
    List<Integer> fixed = new ArrayList<>();
    int program = text(origin, bytes, launcher.program());
    fixed.add(program);
    for (String each : launcher.fixed()) {
      fixed.add(text(origin, bytes, each));
    }
    int implied =
        launcher.implied().isPresent() ? text(origin, bytes, launcher.implied().get()) : 0;
    String message = "cannot run " + launcher.program() + "\n";
    int place = text(origin, bytes, message);
    int length = message.getBytes(StandardCharsets.UTF_8).length;
    return new LauncherData(
        origin, program, List.copyOf(fixed), implied, place, length, Bytes.of(bytes.toByteArray()));
  }

  private static int text(int origin, ByteArrayOutputStream bytes, String text) {
    int address = origin + bytes.size();
    bytes.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    bytes.write(0);
    return address;
  }
}
