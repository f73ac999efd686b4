package dstack.kms.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;

/**
 * The machine code of a {@link Launcher}, for one processor.
 *
 * <p>The kernel starts a program with the number of its arguments, their addresses, a zero, and the
 * addresses of the environment on the stack. The code forbids core dumps, writes the addresses of
 * the fixed arguments into the room below those given (the last of them over the program's own
 * name), and lets the kernel run the other program with what then lies there. If that fails it says
 * so and ends with 127. It never returns, calls nothing and reads nothing else.
 */
sealed interface LauncherCode {
  /** The code, to be placed at that address. */
  byte[] at(int origin, LauncherData data);

  /** The code for a processor. */
  static LauncherCode of(Architecture architecture) {
    return switch (architecture) {
      case AMD64 -> new Amd64();
      case ARM64 -> new Arm64();
    };
  }

  /** System calls of x86-64: number in eax, arguments in rdi, rsi, rdx, r10. */
  record Amd64() implements LauncherCode {
    @Override
    public byte[] at(int origin, LauncherData data) {
      Words code = new Words();
      code.hex("488b2c24"); // mov rbp,[rsp]           how many arguments
      code.hex("488d5cec10"); // lea rbx,[rsp+rbp*8+16]  the environment
      code.hex("31ff"); // xor edi,edi             prlimit64(this process, RLIMIT_CORE,
      code.hex("be04000000"); // mov esi,4                 {0, 0}, nowhere)
      code.hex("ba").word(data.zeros()); // mov edx,zeros
      code.hex("4531d2"); // xor r10d,r10d
      code.hex("b82e010000"); // mov eax,302
      code.hex("0f05"); // syscall
      code.hex("4883c410"); // add rsp,16              where the second argument lies
      if (data.implied() != 0) {
        code.hex("4883fd01"); // cmp rbp,1
        code.hex("7705"); // ja over the next
        code.hex("68").word(data.implied()); // push implied
      }
      for (int i = data.fixed().size() - 1; i >= 0; i--) {
        code.hex("68").word(data.fixed().get(i)); // push fixed
      }
      code.hex("bf").word(data.program()); // mov edi,program         execve(program,
      code.hex("4889e6"); // mov rsi,rsp               arguments,
      code.hex("4889da"); // mov rdx,rbx               environment)
      code.hex("b83b000000"); // mov eax,59
      code.hex("0f05"); // syscall
      code.hex("bf02000000"); // mov edi,2               write(standard error,
      code.hex("be").word(data.message()); // mov esi,message           message,
      code.hex("ba").word(data.messageLength()); // mov edx,length            length)
      code.hex("b801000000"); // mov eax,1
      code.hex("0f05"); // syscall
      code.hex("bf7f000000"); // mov edi,127             exit(127)
      code.hex("b83c000000"); // mov eax,60
      code.hex("0f05"); // syscall
      return code.toBytes();
    }
  }

  /** System calls of AArch64: number in x8, arguments in x0 to x3. */
  record Arm64() implements LauncherCode {
    private static final int STORE_BELOW = 0xf81f8ea4; // str x4,[x21,#-8]!
    private static final int CALL = 0xd4000001; // svc #0

    @Override
    public byte[] at(int origin, LauncherData data) {
      Words code = new Words();
      code.word(0xf94003f3); // ldr x19,[sp]            how many arguments
      code.word(0x8b336ff4).word(0x91004294); // add x20,sp,x19,lsl 3; +16: environment
      code.word(0x910043f5); // add x21,sp,#16          where the second argument lies
      code.word(0xd2800000).word(0xd2800081); // mov x0,#0; mov x1,#4    prlimit64(this, CORE,
      code.word(address(origin, code, 2, data.zeros())); // adr x2,zeros         {0, 0},
      code.word(0xd2800003).word(0xd28020a8).word(CALL); // x3 = 0, x8 = 261     nowhere)
      if (data.implied() != 0) {
        code.word(0xf100067f).word(0x54000068); // cmp x19,#1; b.hi over the next two
        code.word(address(origin, code, 4, data.implied())).word(STORE_BELOW);
      }
      for (int i = data.fixed().size() - 1; i >= 0; i--) {
        code.word(address(origin, code, 4, data.fixed().get(i))).word(STORE_BELOW);
      }
      code.word(address(origin, code, 0, data.program())); // execve(program,
      code.word(0xaa1503e1).word(0xaa1403e2); // mov x1,x21; mov x2,x20    arguments, environment)
      code.word(0xd2801ba8).word(CALL); // mov x8,#221
      code.word(0xd2800040); // mov x0,#2               write(standard error,
      code.word(address(origin, code, 1, data.message())); // adr x1,message     message,
      code.word(0xd2800002 | data.messageLength() << 5); // mov x2,#length       length)
      code.word(0xd2800808).word(CALL); // mov x8,#64
      code.word(0xd2800fe0).word(0xd2800ba8).word(CALL); // exit(127): x8 = 93
      return code.toBytes();
    }

    /** {@code adr xN,address}, as the next instruction of the code. */
    private static int address(int origin, Words code, int register, int address) {
      int distance = address - (origin + code.length());
      return 0x10000000 | (distance & 3) << 29 | (distance >> 2 & 0x7ffff) << 5 | register;
    }
  }

  /** Bytes in the order they are given, numbers with the lowest byte first. */
  final class Words {
    private final ByteBuffer bytes = ByteBuffer.allocate(1024).order(ByteOrder.LITTLE_ENDIAN);

    Words hex(String hex) {
      bytes.put(HexFormat.of().parseHex(hex));
      return this;
    }

    Words word(int word) {
      bytes.putInt(word);
      return this;
    }

    int length() {
      return bytes.position();
    }

    byte[] toBytes() {
      byte[] copy = new byte[bytes.position()];
      bytes.get(0, copy);
      return copy;
    }
  }
}
