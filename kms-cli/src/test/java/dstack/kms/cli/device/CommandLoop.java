package dstack.kms.cli.device;

import dstack.kms.cli.Run;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Runs the commands that come on standard input, one after the other, until it ends. */
final class CommandLoop {
  private CommandLoop() {}

  public static void main(String[] arguments) throws IOException {
    System.setOut(System.err);
    try (DataInputStream in = new DataInputStream(System.in);
        DataOutputStream out = new DataOutputStream(new FileOutputStream(FileDescriptor.out))) {
      for (int words = in.readInt(); words > 0; words = in.readInt()) {
        String[] command = new String[words];
        for (int i = 0; i < words; i++) {
          command[i] = in.readUTF();
        }
        Run run = Run.of(command);
        out.writeInt(run.status());
        write(out, run.out());
        write(out, run.err());
      }
    }
  }

  private static void write(DataOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }
}
