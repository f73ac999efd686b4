package dstack.kms.attest.device;

import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import dstack.kms.core.refusal.RefusalException;

/** The C library of this process, by JNA, so that a preloaded library stands in between. */
public final class NativeLibC implements LibC {
  private static final int CLOSE_ON_EXEC = 0x80000;
  private static final int FOLDER_MODE = 0700;

  private final LibCSymbols symbols;

  private NativeLibC(LibCSymbols symbols) {
    this.symbols = symbols;
  }

  /**
   * Loads the library.
   *
   * @throws RefusalException {@link DeviceRefusal#NOT_SUPPORTED} anywhere but on Linux on x86-64
   */
  public static NativeLibC load() {
    return load(System.getProperty("os.name", ""), System.getProperty("os.arch", ""));
  }

  static NativeLibC load(String system, String architecture) {
    boolean known =
        system.equals("Linux") && (architecture.equals("amd64") || architecture.equals("x86_64"));
    if (!known) {
      throw DeviceRefusal.NOT_SUPPORTED.because(
          "devices are opened on Linux on x86-64 only, not on " + system + " on " + architecture);
    }
    try {
      return new NativeLibC(Native.load("c", LibCSymbols.class));
    } catch (UnsatisfiedLinkError e) {
      throw RefusalException.causedBy(
          DeviceRefusal.NOT_SUPPORTED, "not supported: the C library cannot be called", e);
    }
  }

  @Override
  public CallResult open(String path, int flags) {
    return result(symbols.open(path, flags | CLOSE_ON_EXEC));
  }

  @Override
  public CallResult close(int descriptor) {
    return result(symbols.close(descriptor));
  }

  @Override
  public CallResult ioctl(int descriptor, long request, NativeBuffer argument) {
    return result(symbols.ioctl(descriptor, new NativeLong(request, true), argument.pointer()));
  }

  @Override
  public CallResult read(int descriptor, NativeBuffer buffer) {
    return result(
        symbols.read(descriptor, buffer.pointer(), new NativeLong(buffer.size())).longValue());
  }

  @Override
  public CallResult write(int descriptor, NativeBuffer buffer) {
    return result(
        symbols.write(descriptor, buffer.pointer(), new NativeLong(buffer.size())).longValue());
  }

  @Override
  public CallResult flock(int descriptor, int operation) {
    return result(symbols.flock(descriptor, operation));
  }

  @Override
  public CallResult mkdir(String path) {
    return result(symbols.mkdir(path, FOLDER_MODE));
  }

  @Override
  public CallResult rmdir(String path) {
    return result(symbols.rmdir(path));
  }

  @Override
  public CallResult socket(int domain, int type) {
    return result(symbols.socket(domain, type | CLOSE_ON_EXEC, 0));
  }

  @Override
  public CallResult connect(int descriptor, NativeBuffer address) {
    return result(symbols.connect(descriptor, address.pointer(), address.size()));
  }

  @Override
  public CallResult poll(int descriptor, int events, int timeoutMillis) {
    try (NativeBuffer one = NativeBuffer.zeros(8)) {
      one.putU32(0, descriptor);
      one.putU32(4, events);
      return result(symbols.poll(one.pointer(), new NativeLong(1), timeoutMillis));
    }
  }

  /** The error number must be taken before this thread calls anything else. */
  private static CallResult result(long value) {
    return value < 0 ? CallResult.failure(Native.getLastError()) : CallResult.of(value);
  }
}
