package dstack.kms.attest.device;

import dstack.kms.core.refusal.RefusalException;
import java.util.function.Function;

/** One open file, device or socket, closed at the end whatever happens. */
public final class Descriptor implements AutoCloseable {
  private final LibC libc;
  private final int number;

  private Descriptor(LibC libc, int number) {
    this.libc = libc;
    this.number = number;
  }

  /** Opens a path, or throws what the failed call is made into. */
  public static Descriptor open(
      LibC libc, String path, int flags, Function<CallResult, RefusalException> refusal) {
    return of(libc, libc.open(path, flags), refusal);
  }

  /** Makes a vsock stream socket, or throws what the failed call is made into. */
  public static Descriptor vsock(LibC libc, Function<CallResult, RefusalException> refusal) {
    return of(libc, libc.socket(LibC.AF_VSOCK, LibC.SOCK_STREAM), refusal);
  }

  /** The descriptor that a call made, which must not have failed. */
  public static Descriptor opened(LibC libc, CallResult made) {
    return new Descriptor(libc, Math.toIntExact(made.value()));
  }

  private static Descriptor of(
      LibC libc, CallResult made, Function<CallResult, RefusalException> refusal) {
    if (made.failed()) {
      throw refusal.apply(made);
    }
    return opened(libc, made);
  }

  /** Asks the driver. */
  public CallResult ioctl(long request, NativeBuffer argument) {
    return libc.ioctl(number, request, argument);
  }

  /** One read. */
  public CallResult read(NativeBuffer buffer) {
    return libc.read(number, buffer);
  }

  /** One write. */
  public CallResult write(NativeBuffer buffer) {
    return libc.write(number, buffer);
  }

  /** Takes the lock if nobody else has it. */
  public CallResult tryLock() {
    return libc.flock(number, LibC.LOCK_EX_NB);
  }

  /** Connects the socket. */
  public CallResult connect(NativeBuffer address) {
    return libc.connect(number, address);
  }

  /** Waits until it can be read from or written to; 0 when the time is up. */
  public CallResult poll(int events, int timeoutMillis) {
    return libc.poll(number, events, timeoutMillis);
  }

  /**
   * What a failing close would say was said by an earlier call; a lock goes with the descriptor.
   */
  @Override
  public void close() {
    CallResult ignored = libc.close(number);
  }
}
