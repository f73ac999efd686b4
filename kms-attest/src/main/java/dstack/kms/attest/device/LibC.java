package dstack.kms.attest.device;

/**
 * The few system calls that devices need, as the C library offers them. No call throws: what failed
 * is a {@link CallResult} with its error number.
 */
public interface LibC {
  int O_RDONLY = 0;
  int O_WRONLY = 1;
  int O_RDWR = 2;

  /** Exclusive, and without waiting: {@code LOCK_EX | LOCK_NB}. */
  int LOCK_EX_NB = 2 | 4;

  int AF_VSOCK = 40;
  int SOCK_STREAM = 1;
  int POLLIN = 1;
  int POLLOUT = 4;

  /** Opens a path; the descriptor does not survive an {@code exec}. */
  CallResult open(String path, int flags);

  /** Closes a descriptor. */
  CallResult close(int descriptor);

  /** Asks a driver; the request is passed as an unsigned 64-bit number. */
  CallResult ioctl(int descriptor, long request, NativeBuffer argument);

  /** One read of at most the buffer's size. */
  CallResult read(int descriptor, NativeBuffer buffer);

  /** One write of the whole buffer; the result tells how much was taken. */
  CallResult write(int descriptor, NativeBuffer buffer);

  /** Locks or unlocks an open file. */
  CallResult flock(int descriptor, int operation);

  /** Makes a folder with mode 0700. */
  CallResult mkdir(String path);

  /** Removes a folder; in configfs its attributes go with it. */
  CallResult rmdir(String path);

  /** Makes a socket that does not survive an {@code exec}. */
  CallResult socket(int domain, int type);

  /** Connects to the address that the buffer holds. */
  CallResult connect(int descriptor, NativeBuffer address);

  /** Waits until the one descriptor is ready for one of the events; 0 when the time is up. */
  CallResult poll(int descriptor, int events, int timeoutMillis);
}
