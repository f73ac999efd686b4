#!/bin/sh
# Records which classes a whole check of the program loads, so that the next starts take them from
# an archive: archive.sh DIST. Without the archive the program works as well and starts slower.
set -eu
dist=$1
archive=$dist/cache/kms.jsa
mkdir -p "$dist/cache"
rm -f "$archive"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
KMS_JAVA_OPTS="-XX:ArchiveClassesAtExit=$archive -Xlog:cds*=off -Xlog:aot*=off" \
  "$dist/bin/kms" dev --check --port 0 --dir "$work/node" >"$work/log" 2>&1 ||
  rm -f "$archive"
[ -f "$archive" ] || {
  echo "kms: could not record a class archive; starts will be slower" >&2
  tail -n 5 "$work/log" >&2
}
