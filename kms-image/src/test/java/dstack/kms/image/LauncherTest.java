package dstack.kms.image;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.testkit.Tool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The kernel runs the launcher, and the launcher the program, with every argument in its place. */
final class LauncherTest {
  @TempDir private Path folder;

  private record Ended(int status, String out, String err) {}

  private Ended run(Launcher launcher, Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    Path file = folder.resolve("launcher");
    Files.write(file, launcher.build(Architecture.here()));
    assertThat(file.toFile().setExecutable(true)).isTrue();
    List<String> command = new ArrayList<>(List.of(file.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().clear();
    builder.environment().putAll(environment);
    Process process = builder.start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ended(process.waitFor(), out, err);
  }

  private static Launcher shell(String script, Optional<String> implied) {
    return new Launcher("/bin/sh", List.of("-c", script, "name"), implied);
  }

  private static final String SHOW = "echo \"$#\"; for a; do echo \"[$a]\"; done";

  @Test
  void givesTheFixedArgumentsFirstAndThenThoseItGot() throws Exception {
    assertThat(run(shell(SHOW, Optional.empty()), Map.of(), "-c", "a b", "", "ü").out())
        .isEqualTo("4\n[-c]\n[a b]\n[]\n[ü]\n");
  }

  @Test
  void addsNothingWithoutAnImpliedArgument() throws Exception {
    assertThat(run(shell(SHOW, Optional.empty()), Map.of()).out()).isEqualTo("0\n");
  }

  @Test
  void theImpliedArgumentStandsForNoneAndOnlyForNone() throws Exception {
    Launcher launcher = shell(SHOW, Optional.of("serve"));

    assertThat(run(launcher, Map.of()).out()).isEqualTo("1\n[serve]\n");
    assertThat(run(launcher, Map.of(), "-c").out()).isEqualTo("1\n[-c]\n");
    assertThat(run(launcher, Map.of(), "a", "b").out()).isEqualTo("2\n[a]\n[b]\n");
  }

  @Test
  void takesAsManyArgumentsAsTheKernelGives() throws Exception {
    String[] many =
        java.util.stream.IntStream.range(0, 5000).mapToObj(i -> "a" + i).toArray(String[]::new);

    assertThat(run(shell("echo \"$# $5000\"", Optional.empty()), Map.of(), many).out())
        .startsWith("5000 ");
  }

  @Test
  void theEnvironmentGoesThroughAsItIs() throws Exception {
    Launcher launcher = new Launcher("/usr/bin/env", List.of(), Optional.empty());

    assertThat(run(launcher, Map.of("KMS_LOG", "debug", "EMPTY", "")).out().lines())
        .containsExactlyInAnyOrder("KMS_LOG=debug", "EMPTY=");
    assertThat(run(launcher, Map.of()).out()).isEmpty();
  }

  @Test
  void nothingThatItStartsCanDumpCore() throws Exception {
    assertThat(run(shell("ulimit -S -c; ulimit -H -c", Optional.empty()), Map.of()).out())
        .isEqualTo("0\n0\n");
  }

  @Test
  void theStatusIsThatOfTheProgram() throws Exception {
    assertThat(run(shell("exit 3", Optional.empty()), Map.of()).status()).isEqualTo(3);
  }

  @Test
  void saysWhatItCouldNotRun() throws Exception {
    Ended ended = run(new Launcher("/nonexistent", List.of(), Optional.empty()), Map.of());

    assertThat(ended).isEqualTo(new Ended(127, "", "cannot run /nonexistent\n"));
  }

  @ParameterizedTest
  @EnumSource
  void isAStaticProgramOfItsProcessorThatNobodyCanWriteInto(Architecture architecture)
      throws IOException {
    byte[] program = shell("", Optional.of("x")).build(architecture);
    assertThat(Elf.parse(program, "launcher")).isEqualTo(new Elf(architecture.elfMachine, false));

    Path file = Files.write(folder.resolve("launcher"), program);
    String headers =
        Command.run(List.of(Tool.require("readelf").toString(), "-lW", file.toString()));
    assertThat(headers)
        .containsPattern("LOAD .* R E 0x10000")
        .containsPattern("GNU_STACK .* RW +0x10")
        .doesNotContain("INTERP", "RWE");
  }

  /** Another disassembler reads back what the remarks in the code say. */
  @Test
  void objdumpReadsTheInstructionsThatWereMeant() throws IOException {
    Launcher launcher = new Launcher("/p", List.of("a"), Optional.of("i"));
    Path file = Files.write(folder.resolve("launcher"), launcher.build(Architecture.AMD64));
    String objdump = Tool.require("objdump").toString();
    String listing =
        Command.run(
            List.of(
                objdump,
                "-D",
                "-b",
                "binary",
                "-m",
                "i386:x86-64",
                "-M",
                "intel",
                "--no-show-raw-insn",
                "--start-address=176",
                file.toString()));

    assertThat(
            listing
                .lines()
                .filter(line -> line.matches(" +[0-9a-f]+:.*"))
                .map(
                    line ->
                        line.replaceAll("^ +[0-9a-f]+:\\s+", "").replaceAll("\\s+", " ").strip())
                .map(line -> line.replaceAll("0x4[0-9a-f]{5}", "@"))
                .limit(27))
        .containsExactly(
            "mov rbp,QWORD PTR [rsp]",
            "lea rbx,[rsp+rbp*8+0x10]",
            "xor edi,edi",
            "mov esi,0x4",
            "mov edx,@",
            "xor r10d,r10d",
            "mov eax,0x12e",
            "syscall",
            "add rsp,0x10",
            "cmp rbp,0x1",
            "ja 0xde",
            "push @",
            "push @",
            "push @",
            "mov edi,@",
            "mov rsi,rsp",
            "mov rdx,rbx",
            "mov eax,0x3b",
            "syscall",
            "mov edi,0x2",
            "mov esi,@",
            "mov edx,0xe",
            "mov eax,0x1",
            "syscall",
            "mov edi,0x7f",
            "mov eax,0x3c",
            "syscall");
  }

  /**
   * Under an emulator where there is one; this very program ran under that of Debian 12 (qemu 7.2),
   * so elsewhere it is enough that its bytes are those.
   */
  @Test
  void theOneForArm64DoesTheSame() throws Exception {
    Launcher launcher = shell("echo \"$# $1 $2\"; ulimit -c; echo $FOO", Optional.of("serve"));
    byte[] program = launcher.build(Architecture.ARM64);
    assertThat(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(program)))
        .isEqualTo("a27d3de67cf866fc714ab20354c4865836620fdcf46f5d2ca21d48a8f6e83610");
    Path emulator = Path.of("/usr/bin/qemu-aarch64-static");
    if (Files.isExecutable(emulator)) {
      Path file = Files.write(folder.resolve("arm64"), program);
      assertThat(file.toFile().setExecutable(true)).isTrue();
      assertThat(Command.run(List.of(emulator.toString(), file.toString())))
          .startsWith("1 serve \n0\n");
      assertThat(Command.run(List.of(emulator.toString(), file.toString(), "a b", "c")))
          .startsWith("2 a b c\n0\n");
    }
  }
}
