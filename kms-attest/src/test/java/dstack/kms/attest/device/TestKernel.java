package dstack.kms.attest.device;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.testkit.FakeConfigfs;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The real system calls with a fake configfs behind them that acts within each call, with errors
 * where a test wants them, and with a count of what is still open.
 */
public final class TestKernel implements LibC {
  private static final int AF_UNIX = 1;

  private final LibC real = NativeLibC.load();
  private final Map<String, Deque<OptionalInt>> errors = new HashMap<>();
  private final List<String> calls = new ArrayList<>();
  private Optional<FakeConfigfs> configfs = Optional.empty();
  private int open;
  public long writtenBytes = -1;

  /** Where a socket of the vsock family is found as {@code CID.PORT}. */
  public Optional<Path> vsock = Optional.empty();

  /** What happens instead of waiting when nobody is ready. */
  public Optional<Runnable> silence = Optional.empty();

  /** The address of the last connect, as it was given. */
  public Bytes address = Bytes.EMPTY;

  public TestKernel with(FakeConfigfs fake) {
    configfs = Optional.of(fake);
    return this;
  }

  /** The next call of that name fails so; {@code "open provider"} means an open of that file. */
  public TestKernel failing(String call, int errno) {
    errors.computeIfAbsent(call, name -> new ArrayDeque<>()).add(OptionalInt.of(errno));
    return this;
  }

  /** The next call of that name works. */
  public TestKernel working(String call) {
    errors.computeIfAbsent(call, name -> new ArrayDeque<>()).add(OptionalInt.empty());
    return this;
  }

  /** How many descriptors were not closed. */
  public int open() {
    return open;
  }

  /** Names of the calls in their order. */
  public List<String> calls() {
    return List.copyOf(calls);
  }

  private Optional<CallResult> failure(String call) {
    calls.add(call);
    Deque<OptionalInt> planned = errors.getOrDefault(call, new ArrayDeque<>());
    OptionalInt next = planned.isEmpty() ? OptionalInt.empty() : planned.removeFirst();
    return next.isPresent() ? Optional.of(CallResult.failure(next.getAsInt())) : Optional.empty();
  }

  private CallResult opened(CallResult result) {
    if (!result.failed()) {
      open++;
    }
    return result;
  }

  @Override
  public CallResult open(String path, int flags) {
    String call = "open " + Path.of(path).getFileName();
    return failure(call).orElseGet(() -> opened(real.open(path, flags)));
  }

  @Override
  public CallResult close(int descriptor) {
    calls.add("close");
    open--;
    return real.close(descriptor);
  }

  @Override
  public CallResult ioctl(int descriptor, long request, NativeBuffer argument) {
    return failure("ioctl").orElseGet(() -> real.ioctl(descriptor, request, argument));
  }

  @Override
  public CallResult read(int descriptor, NativeBuffer buffer) {
    // Small reads are of provider and generation; the answer's is the large one.
    String call = buffer.size() > 1024 ? "read outblob" : "read";
    return failure(call).orElseGet(() -> real.read(descriptor, buffer));
  }

  @Override
  public CallResult write(int descriptor, NativeBuffer buffer) {
    Optional<CallResult> failure = failure("write");
    if (failure.isPresent()) {
      return failure.get();
    }
    if (writtenBytes >= 0) {
      return CallResult.of(writtenBytes);
    }
    CallResult result = real.write(descriptor, buffer);
    configfs.ifPresent(FakeConfigfs::step);
    return result;
  }

  @Override
  public CallResult flock(int descriptor, int operation) {
    return failure("flock").orElseGet(() -> real.flock(descriptor, operation));
  }

  @Override
  public CallResult mkdir(String path) {
    CallResult result = failure("mkdir").orElseGet(() -> real.mkdir(path));
    configfs.filter(fake -> !result.failed()).ifPresent(FakeConfigfs::step);
    return result;
  }

  @Override
  public CallResult rmdir(String path) {
    calls.add("rmdir");
    configfs.ifPresent(fake -> fake.remove(Path.of(path)));
    return CallResult.of(0);
  }

  @Override
  public CallResult socket(int domain, int type) {
    int known = vsock.isPresent() && domain == AF_VSOCK ? AF_UNIX : domain;
    return failure("socket").orElseGet(() -> opened(real.socket(known, type)));
  }

  @Override
  public CallResult connect(int descriptor, NativeBuffer buffer) {
    address = buffer.bytes(0, buffer.size());
    Optional<CallResult> failure = failure("connect");
    if (failure.isPresent()) {
      return failure.get();
    }
    String name = buffer.u32(8) + "." + buffer.u32(4);
    Bytes path = Bytes.utf8(vsock.orElseThrow().resolve(name).toString());
    Bytes family = Bytes.fromHex("0100");
    try (NativeBuffer local = NativeBuffer.of(Bytes.concat(family, path, Bytes.zeros(1)))) {
      return real.connect(descriptor, local);
    }
  }

  @Override
  public CallResult poll(int descriptor, int events, int timeoutMillis) {
    Optional<CallResult> failure = failure("poll");
    if (failure.isPresent()) {
      return failure.get();
    }
    silence.ifPresent(Runnable::run);
    return silence.isPresent() && events == POLLIN
        ? CallResult.of(0)
        : real.poll(descriptor, events, timeoutMillis);
  }
}
