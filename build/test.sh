# Sourced by ./kms test: installs what the tests need, runs them all, prints the sum as the last line.

packages=() # Debian packages of the programs that tests drive and that are not here
needs() { command -v "$1" >/dev/null || packages+=("$2"); }
needs curl curl
needs openssl openssl
needs jq jq
needs python3 python3
needs age age
needs strace strace
needs faketime faketime
needs mkfs.ext4 e2fsprogs
needs unshare util-linux
needs ip iproute2
needs nft nftables
needs git git
needs node nodejs
needs npm npm
needs mvn maven
needs chromium chromium
needs chromedriver chromium-driver
needs swtpm swtpm
needs tpm2_checkquote tpm2-tools
compgen -G '/usr/lib/*/libtss2-tcti-swtpm.so.0' >/dev/null || packages+=(libtss2-tcti-swtpm0)
needs gcc gcc
needs haproxy haproxy
needs bwrap bubblewrap
needs tinyproxy tinyproxy-bin
needs socat socat
needs xxd xxd
needs skopeo skopeo
needs umoci umoci
needs runc runc
needs docker-compose docker-compose
needs shellcheck shellcheck
needs systemd-analyze systemd
needs objdump binutils
needs groff groff-base
needs zsh zsh
[ -e /usr/include/stdio.h ] && [ -e /usr/include/linux/sev-guest.h ] || packages+=(libc6-dev linux-libc-dev)

if [ ${#packages[@]} -gt 0 ]; then
  say "installing ${packages[*]}"
  as_root=()
  [ "$(id -u)" -eq 0 ] || as_root=(sudo)
  {
    "${as_root[@]}" apt-get update -qq &&
      DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${packages[@]}"
  } >/dev/null 2>&1 || say "could not install ${packages[*]}: tests that need them are left out"
fi

# squid and Prometheus are only unpacked: their packages would start a service.
squid=$root/target/tools/squid
if ! command -v squid >/dev/null; then
  if [ ! -x "$squid/usr/sbin/squid" ] && command -v apt-get >/dev/null; then
    say "unpacking squid"
    as_root=()
    [ "$(id -u)" -eq 0 ] || as_root=(sudo)
    mkdir -p "$squid"
    {
      mapfile -t packages < <(apt-get install --simulate --no-install-recommends squid | sed -n 's/^Inst \([^ ]*\) .*/\1/p' | grep -vx squid)
      DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${packages[@]}" &&
        (cd "$squid" && apt-get download -qq squid && dpkg -x squid_*.deb . && rm squid_*.deb)
    } >/dev/null 2>&1 || say "could not get squid: tests that need it are left out"
  fi
  PATH=$PATH:$squid/usr/sbin
fi

monitoring=$root/target/tools/prometheus
if ! command -v promtool >/dev/null || ! command -v prometheus >/dev/null; then
  if [ ! -x "$monitoring/usr/bin/prometheus" ] && command -v apt-get >/dev/null; then
    say "unpacking prometheus"
    mkdir -p "$monitoring"
    (cd "$monitoring" && apt-get download -qq prometheus && dpkg -x prometheus_*.deb . && rm prometheus_*.deb) >/dev/null 2>&1 ||
      say "could not get prometheus: tests that need it are left out"
  fi
  PATH=$PATH:$monitoring/usr/bin
fi

. "$root/build/npm.sh" || say "could not install the npm packages: tests that need them are left out"

mkdir -p "$root/target"
rm -rf "$root"/kms-*/target/surefire-reports "$root"/kms-*/target/left-out.txt
log=$root/target/test.log
say "running everything; the whole output goes to target/test.log"
built=0
# A failing test does not hide the modules above it: every module is tested, and the sum decides.
# Two modules at a time: compilers and tests leave a processor idle.
maven -T 2 -fae -Dmaven.test.failure.ignore=true verify "$@" 2>&1 | tee "$log" |
  sed -n -u -E 's/^\[INFO\] (Building [^ ]+ .*\[.*\])$/\1/p; s/^\[ERROR\] ?//p' || built=$?
java_program Summary tests "$built"
