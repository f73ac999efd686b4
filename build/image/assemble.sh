#!/usr/bin/env bash
# Assembles the container image from what the build has made. Run by build/image.sh and by tests:
# assemble.sh OUT WORK VARIANTS REVISION SBOM JDK… [-- further options of the image builder]
# VARIANTS is plain, shell or "plain shell"; JDK is amd64=FOLDER or arm64=FOLDER. OUT becomes an OCI image
# layout, OUT.oci.tar the same as one file.
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." && pwd)
out=$1 work=$2 revision=$4 sbom=$5
read -r -a variants <<<"$3"
shift 5
jdks=()
while [ $# -gt 0 ] && [ "$1" != -- ]; do
  "$root/build/image/debian.sh" "${1%%=*}" "$work/debian/${1%%=*}"
  jdks+=(--jdk "$1")
  shift
done
[ "${1:-}" != -- ] || shift
. "$root/kms-cli/src/main/dist/bin/find-jdk"
find_jdk jlink || {
  echo "kms: needs a JDK 25 or newer with jlink" >&2
  exit 1
}
version=$(sed -n 's|^  <version>\(.*\)</version>$|\1|p' "$root/pom.xml" | head -n 1)
exec "$JDK/bin/java" -XX:+UseSerialGC -cp "$root/kms-image/target/classes:$root/kms-image/target/lib/*" \
  dstack.kms.image.Main \
  --out "$out" --work "$work" "${variants[@]/#/--variant=}" --revision "$revision" --sbom "$sbom" \
  --version-text "$version" --dist "$root/kms-cli/target/dist" --natives "$work/natives" \
  --debian "$work/debian" --packages "$root/build/image/packages.txt" --classes "$root/build/image/classes.lst" \
  "${jdks[@]}" "$@"
