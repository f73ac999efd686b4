/*
 * Doubles of devices at the system-call boundary, for tests only: preloaded into a program, they
 * answer open, ioctl, mkdir, rmdir, socket and connect for the paths below $KMS_DOUBLES as the kernel's
 * drivers would. Every request value and every byte of every structure is compared with the uapi; what
 * does not fit is said on standard error and fails with EINVAL or ENOTTY.
 *
 *   tdx_guest, nsm, sev-guest   devices: empty files that only need to be there
 *   NAME.errno                  a number: ioctl on that device fails with it
 *   NAME.open.errno             the same for open
 *   extended                    a line "index digest" for each register that was extended
 *   tdx_guest.flip              a number: that byte of the TDREPORT comes out changed
 *   nsm.request, nsm.response   what was sent, and what is answered
 *   sev.request                 the report data that was asked for
 *   sev.response, sev.certs     4000 bytes and a certificate table that are answered
 *                               An answer may be a pipe: it is opened when its request is there.
 *   configfs/                   a folder made here has the attributes of an entry at once, of the
 *                               provider in configfs.provider; rmdir removes them with it
 *   CID.PORT                    a Unix socket that stands for that vsock address
 *
 * Other programs than java are not ours but those around it: they may listen at vsock ports, as the parent
 * machine (context id 3), and need not close them in programs that they start.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <linux/sev-guest.h>
#include <linux/vm_sockets.h>

#define DESCRIPTORS 4096

struct tdx_report_req {
  uint8_t reportdata[64];
  uint8_t tdreport[1024];
};

struct tdx_extend_req {
  uint8_t data[48];
  uint8_t index;
};

struct nsm_iovec {
  uint64_t addr;
  uint64_t len;
};

struct nsm_raw {
  struct nsm_iovec request;
  struct nsm_iovec response;
};

_Static_assert(_IOWR('T', 1, struct tdx_report_req) == 0xC4405401, "GET_REPORT0");
_Static_assert(_IOR('T', 3, struct tdx_extend_req) == 0x80315403, "EXTEND_RTMR");
_Static_assert(_IOWR(0x0A, 0, struct nsm_raw) == 0xC0200A00, "NSM_RAW");
_Static_assert(SNP_GET_EXT_REPORT == 0xC0205302, "SNP_GET_EXT_REPORT");
_Static_assert(sizeof(struct snp_ext_report_req) == 112, "snp_ext_report_req");
_Static_assert(sizeof(struct sockaddr_vm) == 16, "sockaddr_vm");

enum kind { NOTHING, TDX_GUEST, NSM, SEV_GUEST, VSOCK };

static const char *const names[] = {"", "tdx_guest", "nsm", "sev-guest", ""};
static enum kind kinds[DESCRIPTORS];

static void *next_symbol(const char *name) {
  void *symbol = dlsym(RTLD_NEXT, name);
  if (symbol == NULL) {
    fprintf(stderr, "doubles: no %s\n", name);
    abort();
  }
  return symbol;
}

static const char *folder(void) {
  const char *value = getenv("KMS_DOUBLES");
  return value == NULL ? "/nonexistent" : value;
}

static void in_folder(char path[PATH_MAX], const char *name, const char *suffix) {
  snprintf(path, PATH_MAX, "%s/%s%s", folder(), name, suffix);
}

/* What is called here is the next library's: these files are nobody's devices. */
static int plain_open(const char *path, int flags, int mode) {
  int (*real)(const char *, int, ...) = next_symbol("open");
  return real(path, flags, mode);
}

static ssize_t content(const char *name, const char *suffix, void *buffer, size_t size) {
  char path[PATH_MAX];
  in_folder(path, name, suffix);
  int file = plain_open(path, O_RDONLY | O_CLOEXEC, 0);
  if (file < 0) {
    return -1;
  }
  size_t length = 0;
  ssize_t more = 1;
  while (length < size && more > 0) {
    more = read(file, (char *)buffer + length, size - length);
    length += more > 0 ? (size_t)more : 0;
  }
  close(file);
  return more < 0 ? -1 : (ssize_t)length;
}

static void store(const char *path, int flags, const void *data, size_t length) {
  int file = plain_open(path, O_WRONLY | O_CREAT | O_CLOEXEC | flags, 0600);
  if (file < 0 || write(file, data, length) != (ssize_t)length) {
    fprintf(stderr, "doubles: cannot write %s\n", path);
    abort();
  }
  close(file);
}

static long number(const char *name, const char *suffix, long otherwise) {
  char text[32] = {0};
  return content(name, suffix, text, sizeof text - 1) > 0 ? strtol(text, NULL, 10) : otherwise;
}

static int fail(int error, const char *why) {
  fprintf(stderr, "doubles: %s\n", why);
  errno = error;
  return -1;
}

static int answer_tdx(unsigned long request, void *argument) {
  if (request == 0xC4405401UL) {
    struct tdx_report_req *report = argument;
    memset(report->tdreport, 0, sizeof report->tdreport);
    report->tdreport[0] = 0x81;
    memcpy(report->tdreport + 128, report->reportdata, 64);
    long flip = number("tdx_guest", ".flip", -1);
    if (flip >= 0 && flip < 1024) {
      report->tdreport[flip] ^= 1;
    }
    return 0;
  }
  if (request == 0x80315403UL) {
    const struct tdx_extend_req *extend = argument;
    if (extend->index != 2 && extend->index != 3) {
      errno = EINVAL;
      return -1;
    }
    char line[128];
    int length = sprintf(line, "%d ", extend->index);
    for (int i = 0; i < 48; i++) {
      length += sprintf(line + length, "%02x", extend->data[i]);
    }
    line[length++] = '\n';
    char path[PATH_MAX];
    in_folder(path, "extended", "");
    store(path, O_APPEND, line, length);
    return 0;
  }
  return fail(ENOTTY, "tdx_guest: unknown request");
}

static int answer_nsm(unsigned long request, void *argument) {
  struct nsm_raw *raw = argument;
  if (request != 0xC0200A00UL) {
    return fail(ENOTTY, "nsm: unknown request");
  }
  if (raw->request.len == 0 || raw->request.len > 0x1000 || raw->response.len != 0x3000) {
    return fail(EMSGSIZE, "nsm: wrong lengths");
  }
  char path[PATH_MAX];
  in_folder(path, "nsm.request", "");
  store(path, O_TRUNC, (const void *)raw->request.addr, raw->request.len);
  ssize_t length = content("nsm.response", "", (void *)raw->response.addr, raw->response.len);
  if (length < 0) {
    return fail(EIO, "nsm: no response");
  }
  raw->response.len = (uint64_t)number("nsm.length", "", length);
  return 0;
}

static int answer_sev(unsigned long request, void *argument) {
  struct snp_guest_request_ioctl *guest = argument;
  if (request != 0xC0205302UL) {
    return fail(ENOTTY, "sev-guest: unknown request");
  }
  const struct snp_ext_report_req *extended = (const void *)guest->req_data;
  static const uint8_t zeros[28];
  if (guest->msg_version != 1 || guest->exitinfo2 != 0 || extended->data.vmpl != 0 ||
      memcmp(extended->data.rsvd, zeros, sizeof zeros) != 0) {
    return fail(EINVAL, "sev-guest: wrong request");
  }
  if (extended->certs_len % 4096 != 0 || extended->certs_len > 0x4000) {
    return fail(EINVAL, "sev-guest: wrong certificate buffer");
  }
  guest->exitinfo2 = (uint64_t)number("sev.firmware", ".errno", 0);
  if (guest->exitinfo2 != 0) {
    errno = EIO;
    return -1;
  }
  char path[PATH_MAX];
  in_folder(path, "sev.request", "");
  store(path, O_TRUNC, extended->data.user_data, sizeof extended->data.user_data);
  struct snp_report_resp *response = (void *)guest->resp_data;
  if (content("sev.response", "", response->data, sizeof response->data) != 4000) {
    return fail(EIO, "sev-guest: no response");
  }
  if (number("sev.flip", "", 0) == 0) {
    memcpy(response->data + 32 + 0x50, extended->data.user_data, 64);
  }
  content("sev.certs", "", (void *)extended->certs_address, extended->certs_len);
  return 0;
}

int ioctl(int descriptor, unsigned long request, ...) {
  va_list arguments;
  va_start(arguments, request);
  void *argument = va_arg(arguments, void *);
  va_end(arguments);
  enum kind kind = descriptor >= 0 && descriptor < DESCRIPTORS ? kinds[descriptor] : NOTHING;
  if (kind == NOTHING || kind == VSOCK) {
    int (*real)(int, unsigned long, ...) = next_symbol("ioctl");
    return real(descriptor, request, argument);
  }
  long error = number(names[kind], ".errno", 0);
  if (error != 0) {
    errno = (int)error;
    return -1;
  }
  switch (kind) {
    case TDX_GUEST: return answer_tdx(request, argument);
    case NSM: return answer_nsm(request, argument);
    default: return answer_sev(request, argument);
  }
}

static int device_open(const char *path, int flags, int mode) {
  for (enum kind kind = TDX_GUEST; kind <= SEV_GUEST; kind++) {
    char device[PATH_MAX];
    in_folder(device, names[kind], "");
    if (strcmp(path, device) != 0) {
      continue;
    }
    long error = number(names[kind], ".open.errno", 0);
    if (error != 0) {
      errno = (int)error;
      return -1;
    }
    if ((flags & O_ACCMODE) != O_RDWR || (flags & O_CLOEXEC) == 0) {
      return fail(EINVAL, "a device is opened O_RDWR | O_CLOEXEC");
    }
    int opened = plain_open(path, flags, mode);
    if (opened >= 0 && opened < DESCRIPTORS) {
      kinds[opened] = kind;
    }
    return opened;
  }
  return plain_open(path, flags, mode);
}

int open(const char *path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  int mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(arguments, int) : 0;
  va_end(arguments);
  return device_open(path, flags, mode);
}

int open64(const char *path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  int mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(arguments, int) : 0;
  va_end(arguments);
  return device_open(path, flags, mode);
}

int close(int descriptor) {
  if (descriptor >= 0 && descriptor < DESCRIPTORS) {
    kinds[descriptor] = NOTHING;
  }
  int (*real)(int) = next_symbol("close");
  return real(descriptor);
}

static int is_ours(void) { return strcmp(program_invocation_short_name, "java") == 0; }

int socket(int domain, int type, int protocol) {
  int (*real)(int, int, int) = next_symbol("socket");
  if (domain != AF_VSOCK) {
    return real(domain, type, protocol);
  }
  if ((type != (SOCK_STREAM | SOCK_CLOEXEC) && is_ours()) || protocol != 0) {
    return fail(EINVAL, "vsock: wrong type or protocol");
  }
  int made = real(AF_UNIX, type, 0);
  if (made >= 0 && made < DESCRIPTORS) {
    kinds[made] = VSOCK;
  }
  return made;
}

typedef int (*named_call)(int, const struct sockaddr *, socklen_t);

static int is_vsock(int descriptor) {
  return descriptor >= 0 && descriptor < DESCRIPTORS && kinds[descriptor] == VSOCK;
}

/* The same call on the Unix socket that stands for the address. */
static int on_unix(named_call real, int is_server, int descriptor, const struct sockaddr *address,
                   socklen_t length) {
  const struct sockaddr_vm *vm = (const void *)address;
  if (length != 16 || vm->svm_family != AF_VSOCK || vm->svm_reserved1 != 0 || vm->svm_flags != 0 ||
      vm->svm_zero[0] != 0 || vm->svm_zero[1] != 0 || vm->svm_zero[2] != 0) {
    return fail(EINVAL, "vsock: wrong address");
  }
  struct sockaddr_un local = {.sun_family = AF_UNIX};
  int written = snprintf(local.sun_path, sizeof local.sun_path, "%s/%u.%u", folder(),
                         vm->svm_cid == VMADDR_CID_ANY ? 3U : vm->svm_cid, vm->svm_port);
  if (written < 0 || written >= (int)sizeof local.sun_path) {
    return fail(EINVAL, "vsock: the folder's name is too long");
  }
  if (is_server) {
    unlink(local.sun_path); /* a port is free again once nobody listens */
  }
  return real(descriptor, (const struct sockaddr *)&local, sizeof local);
}

int connect(int descriptor, const struct sockaddr *address, socklen_t length) {
  named_call real = (named_call)next_symbol("connect");
  return is_vsock(descriptor) ? on_unix(real, 0, descriptor, address, length)
                              : real(descriptor, address, length);
}

int bind(int descriptor, const struct sockaddr *address, socklen_t length) {
  named_call real = (named_call)next_symbol("bind");
  if (!is_vsock(descriptor)) {
    return real(descriptor, address, length);
  }
  return is_ours() ? fail(EACCES, "vsock: no server of ours listens there")
                   : on_unix(real, 1, descriptor, address, length);
}

static int is_entry(const char *path) {
  char parent[PATH_MAX];
  in_folder(parent, "configfs/", "");
  size_t length = strlen(parent);
  return strncmp(path, parent, length) == 0 && strchr(path + length, '/') == NULL;
}

static const char *const attributes[] = {"provider", "generation", "inblob", "outblob", "auxblob"};

int mkdir(const char *path, mode_t mode) {
  int (*real)(const char *, mode_t) = next_symbol("mkdir");
  long error = is_entry(path) ? number("configfs", ".mkdir.errno", 0) : 0;
  if (error != 0) {
    errno = (int)error;
    return -1;
  }
  int made = real(path, mode);
  if (made != 0 || !is_entry(path)) {
    return made;
  }
  char provider[64] = {0};
  ssize_t length = content("configfs.provider", "", provider, sizeof provider);
  for (int i = 4; i >= 0; i--) {
    char file[PATH_MAX];
    snprintf(file, sizeof file, "%s/%s", path, attributes[i]);
    const char *text = i == 0 ? provider : i == 1 ? "0\n" : "";
    store(file, 0, text, i == 0 ? (size_t)(length < 0 ? 0 : length) : strlen(text));
  }
  return 0;
}

int rmdir(const char *path) {
  int (*real)(const char *) = next_symbol("rmdir");
  for (int i = 0; is_entry(path) && i < 5; i++) {
    char file[PATH_MAX];
    snprintf(file, sizeof file, "%s/%s", path, attributes[i]);
    unlink(file);
  }
  return real(path);
}
