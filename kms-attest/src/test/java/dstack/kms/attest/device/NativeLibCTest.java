package dstack.kms.attest.device;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.core.bytes.Bytes;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The calls themselves, on this machine's own kernel. */
class NativeLibCTest {
  @TempDir Path dir;
  private final LibC libc = NativeLibC.load();

  @ParameterizedTest
  @CsvSource({"Linux, aarch64", "Linux, x86", "Mac OS X, x86_64", "Windows 11, amd64", "'', ''"})
  void isForLinuxOnX8664Only(String system, String architecture) {
    Refused.as(DeviceRefusal.NOT_SUPPORTED, () -> NativeLibC.load(system, architecture))
        .hasMessageStartingWith("not supported: ");
    assertThat(NativeLibC.load("Linux", "amd64")).isNotNull();
  }

  @Test
  void readsAndWritesAFile() throws Exception {
    Path file = Files.writeString(dir.resolve("file"), "0123456789");
    CallResult opened = libc.open(file.toString(), LibC.O_RDWR);
    try (Descriptor open = Descriptor.opened(libc, opened);
        NativeBuffer four = NativeBuffer.zeros(4);
        NativeBuffer text = NativeBuffer.of(Bytes.utf8("ab"))) {
      assertThat(open.read(four)).isEqualTo(CallResult.of(4));
      assertThat(four.bytes(0, 4)).isEqualTo(Bytes.utf8("0123"));
      assertThat(open.write(text)).isEqualTo(CallResult.of(2));
    }
    assertThat(Files.readString(file)).isEqualTo("0123ab6789");
  }

  @Test
  void tellsTheErrorOfTheKernel() {
    assertThat(libc.open(dir.resolve("none").toString(), LibC.O_RDONLY))
        .isEqualTo(CallResult.failure(Errno.ENOENT));
    assertThat(libc.mkdir(dir.toString())).isEqualTo(CallResult.failure(17));
    assertThat(libc.rmdir(dir.resolve("none").toString()))
        .isEqualTo(CallResult.failure(Errno.ENOENT));
    assertThat(libc.close(-1)).isEqualTo(CallResult.failure(9));
    assertThat(libc.socket(9999, LibC.SOCK_STREAM)).isEqualTo(CallResult.failure(97));
    try (NativeBuffer buffer = NativeBuffer.zeros(8)) {
      assertThat(libc.connect(-1, buffer).errno()).isEqualTo(9);
      assertThat(libc.ioctl(-1, 0xC4405401L, buffer).errno()).isEqualTo(9);
    }
  }

  @Test
  void knowsThatAnOrdinaryFileIsNoDevice() throws Exception {
    Path file = Files.writeString(dir.resolve("file"), "");
    try (Descriptor open = Descriptor.opened(libc, libc.open(file.toString(), LibC.O_RDWR));
        NativeBuffer buffer = NativeBuffer.zeros(1088)) {
      assertThat(open.ioctl(0xC4405401L, buffer)).isEqualTo(CallResult.failure(Errno.ENOTTY));
    }
  }

  @Test
  void locksAsOtherProgramsDo() throws Exception {
    String file = Files.writeString(dir.resolve("file"), "").toString();
    try (Descriptor first = Descriptor.opened(libc, libc.open(file, LibC.O_WRONLY));
        Descriptor second = Descriptor.opened(libc, libc.open(file, LibC.O_WRONLY))) {
      assertThat(first.tryLock().failed()).isFalse();
      assertThat(second.tryLock()).isEqualTo(CallResult.failure(Errno.EAGAIN));
    }
  }

  @Test
  void clearsABufferThatItHandsOut() {
    try (NativeBuffer buffer = NativeBuffer.zeros(16)) {
      assertThat(buffer.bytes(0, 16)).isEqualTo(Bytes.zeros(16));
      buffer.putU32(0, 0xFFFF_FFFFL);
      buffer.putU64(8, 0x0102_0304_0506_0708L);
      assertThat(buffer.u32(0)).isEqualTo(0xFFFF_FFFFL);
      assertThat(buffer.bytes(8, 16).hex()).isEqualTo("0807060504030201");
      assertThat(buffer.size()).isEqualTo(16);
    }
  }

  @Test
  void saysErrorsInWordsWithTheirNumber() {
    assertThat(CallResult.failure(16).error()).isEqualTo("Device or resource busy (os error 16)");
    assertThat(CallResult.failure(77).error()).isEqualTo("system call failed (os error 77)");
    for (int errno = 0; errno < 134; errno++) {
      assertThat(CallResult.failure(errno).error()).endsWith("(os error " + errno + ")");
    }
  }
}
