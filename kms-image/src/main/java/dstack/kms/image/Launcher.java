package dstack.kms.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;

/**
 * A program of a few hundred bytes that becomes another one, with fixed arguments before those it
 * was given: what a start script does where there is no shell. It also forbids core dumps, which
 * the other program inherits (specification 40 §2).
 *
 * <p>It is written here, instruction by instruction, so that an image needs no compiler, is the
 * same wherever it is built, and can be made for a processor that is not this machine's.
 *
 * @param program absolute path of the program that is run
 * @param fixed its first arguments, without its own name
 * @param implied an argument that stands for none at all
 */
record Launcher(String program, List<String> fixed, Optional<String> implied) {
  private static final int BASE = 0x400000;
  private static final int HEADERS = 64 + 2 * 56;
  private static final int CODE = BASE + HEADERS;

  /** The executable file. */
  byte[] build(Architecture architecture) {
    LauncherCode code = LauncherCode.of(architecture);
    int length = code.at(CODE, LauncherData.at(CODE, this)).length;
    LauncherData data = LauncherData.at(CODE + length, this);
    int size = HEADERS + length + data.bytes().length();
    ByteBuffer file = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    header(file, architecture);
    segment(file, size);
    noExecutableStack(file);
    return file.put(code.at(CODE, data)).put(data.bytes().toArray()).array();
  }

  private static void header(ByteBuffer file, Architecture architecture) {
    file.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1}).position(16);
    file.putShort((short) 2).putShort((short) architecture.elfMachine).putInt(1); // executable
    file.putLong(CODE).putLong(64).putLong(0).putInt(0); // entry, program headers, no sections
    file.putShort((short) 64).putShort((short) 56).putShort((short) 2);
    file.putShort((short) 64).putShort((short) 0).putShort((short) 0);
  }

  /** One loaded segment, the whole file, to be read and executed but never written. */
  private static void segment(ByteBuffer file, int size) {
    file.putInt(1).putInt(5);
    file.putLong(0).putLong(BASE).putLong(BASE).putLong(size).putLong(size).putLong(0x10000);
  }

  private static void noExecutableStack(ByteBuffer file) {
    file.putInt(0x6474e551).putInt(6);
    file.putLong(0).putLong(0).putLong(0).putLong(0).putLong(0).putLong(16);
  }
}
