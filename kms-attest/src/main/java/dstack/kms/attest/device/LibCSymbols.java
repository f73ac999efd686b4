package dstack.kms.attest.device;

import com.sun.jna.Library;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;

/** The C library's own signatures. */
interface LibCSymbols extends Library {
  int open(String path, int flags);

  int close(int descriptor);

  int ioctl(int descriptor, NativeLong request, Pointer argument);

  NativeLong read(int descriptor, Pointer buffer, NativeLong count);

  NativeLong write(int descriptor, Pointer buffer, NativeLong count);

  int flock(int descriptor, int operation);

  int mkdir(String path, int mode);

  int rmdir(String path);

  int socket(int domain, int type, int protocol);

  int connect(int descriptor, Pointer address, int length);

  int poll(Pointer descriptors, NativeLong count, int timeoutMillis);
}
