# Sourced by ./kms image: builds the program, the software bill of materials and the container image.
#   ./kms image [--variant plain|shell]… [--arch amd64|arm64]… [--jdk-amd64 DIR] [--jdk-arm64 DIR]
#               [--helios FILE] [--curl FILE] [--jq FILE] [--out DIR]
#   ./kms image --train          records build/image/classes.lst anew; needs npm for anvil
# --helios, --curl and --jq may be given again for another processor.

variants=() archs=() tools=() out=$root/target/image train=
declare -A jdks=([amd64]="" [arm64]="") named=() machines=([amd64]=x86_64 [arm64]=aarch64)
here=amd64
[ "$(uname -m)" != aarch64 ] || here=arm64
jdks[$here]=$JDK

usage() {
  sed -n 's/^#   //p' "$root/build/image.sh" >&2
  exit 2
}

while [ $# -gt 0 ]; do
  case $1 in
    --train) train=yes && shift && continue ;;
    --help) usage ;;
  esac
  [ $# -ge 2 ] || usage
  case $1 in
    --variant) variants+=("$2") ;;
    --arch) archs+=("$2") ;;
    --jdk-amd64 | --jdk-arm64) jdks[${1#--jdk-}]=$(readlink -m "$2") ;;
    --helios | --curl | --jq) tools+=(--tool "${1#--}=$(readlink -m "$2")") && named[${1#--}]=yes ;;
    --out) out=$2 ;;
    *) usage ;;
  esac
  shift 2
done
[ ${#variants[@]} -gt 0 ] || variants=(plain)
shell=
for variant in "${variants[@]}"; do
  case $variant in plain) ;; shell) shell=yes ;; *) usage ;; esac
done
[ ${#archs[@]} -gt 0 ] || archs=("$here")
if [ ${#tools[@]} -gt 0 ] && [ -z "$shell" ]; then
  say "--helios, --curl and --jq belong to --variant shell: the plain variant has no other program"
  exit 2
fi
given=()
for arch in "${archs[@]}"; do
  case $arch in amd64 | arm64) ;; *) usage ;; esac
  if [ -z "${jdks[$arch]}" ]; then
    say "needs a JDK 25 for $arch, whose runtime becomes part of the image: name its folder with --jdk-$arch"
    exit 1
  fi
  grep -qs "^OS_ARCH=\"${machines[$arch]}\"" "${jdks[$arch]}/release" || {
    say "no JDK 25 for $arch in ${jdks[$arch]}: name its folder with --jdk-$arch"
    exit 1
  }
  given+=("$arch=${jdks[$arch]}")
done

say "building the program and its bill of materials"
mkdir -p "$root/target" "$out"
out=$(readlink -f "$out")
rm -rf "$dist"
maven -Pquick -Dsbom.skip=false -Dmaven.test.skip=true -pl .,kms-image -am package >"$root/target/build.log" 2>&1 || {
  sed -n -E '/^\[(ERROR|WARNING)\]/p' "$root/target/build.log" | head -n 60 >&2
  say "the build failed; its whole output is in target/build.log"
  exit 1
}
revision >"$dist/.built"
work=$root/target/image-work
rm -rf "$work"
for arch in "${archs[@]}"; do
  [ "$arch" != amd64 ] || continue
  say "fetching the native libraries for $arch"
  for jar in "$dist"/lib/*-linux-x86_64.jar; do
    name=$(basename "$jar" -linux-x86_64.jar)
    group=io.netty
    case $name in Amazon*) group=software.amazon.cryptools ;; esac
    maven -q -N dependency:copy -DoutputDirectory="$work/natives" \
      -Dartifact="$group:${name%-*}:${name##*-}:jar:linux-aarch_64" >>"$root/target/build.log" 2>&1 || {
      say "could not fetch the native libraries of $name for $arch"
      exit 1
    }
  done
done
[ ! -d "$work/natives" ] || java_program Unsign "$work/natives"
if [ -n "$train" ]; then
  find_anvil
  anvil=${KMS_ANVIL:-$(command -v anvil || true)}
  [ -n "$anvil" ] || {
    say "needs anvil to record the classes of a policy on a chain: put it on the PATH, or npm to install it"
    exit 1
  }
  "$root/build/image/assemble.sh" "$work/layout" "$work" plain "$(revision)" "$root/target/bom.json" "${given[@]}" \
    -- --train "$anvil"
  say "build/image/classes.lst has $(wc -l <"$root/build/image/classes.lst") classes"
  exit 0
fi
[ -z "$shell" ] || [ ${#named[@]} -eq 3 ] ||
  say "without --helios, --curl and --jq the guide's compose files with a light client do not run on this image"
say "assembling the image"
"$root/build/image/assemble.sh" "$out/kms" "$work" "${variants[*]}" "$(revision)" "$root/target/bom.json" "${given[@]}" \
  -- "${tools[@]}"
