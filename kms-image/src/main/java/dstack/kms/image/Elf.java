package dstack.kms.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** What an ELF file of 64 bits, little endian, says about itself. */
record Elf(int machine, boolean dynamic) {
  private static final int MAGIC = 0x464c457f;
  private static final int HEADER = 64;
  private static final int PROGRAM_HEADER = 56;
  private static final int INTERPRETER = 3;

  /** Reads the header; {@code name} is for the message about something else. */
  static Elf parse(byte[] file, String name) {
    ByteBuffer elf = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    if (file.length < HEADER || elf.getInt(0) != MAGIC || file[4] != 2 || file[5] != 1) {
      throw new ImageProblem(name + " is not a program or library of 64 bits for Linux");
    }
    boolean interpreted = false;
    long at = elf.getLong(32);
    for (int i = 0; i < elf.getShort(56); i++, at += PROGRAM_HEADER) {
      if (at < HEADER || at + PROGRAM_HEADER > file.length) {
        throw new ImageProblem(name + " ends within its program headers");
      }
      interpreted |= elf.getInt((int) at) == INTERPRETER;
    }
    return new Elf(elf.getShort(18), interpreted);
  }

  /** Refuses a file of another processor. */
  Elf require(Architecture architecture, String name) {
    if (machine != architecture.elfMachine) {
      throw new ImageProblem(name + " is not for " + architecture.word);
    }
    return this;
  }
}
