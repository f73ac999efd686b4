#!/bin/sh
# Records which classes the program loads while it checks itself from outside, reads a configuration and
# is about to serve, so that the next starts take them from an archive: archive.sh DIST. Without the
# archive the program works as well and starts slower.
set -eu
dist=$1
archive=$dist/cache/kms.jsa
mkdir -p "$dist/cache"
rm -f "$archive"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
record() { # list, words of the program…
  list=$1
  shift
  KMS_JAVA_OPTS="-XX:DumpLoadedClassList=$work/$list" "$dist/bin/kms" "$@" >"$work/log" 2>&1
}
# shellcheck disable=SC1091 # it lies in the distribution
make() {
  echo '[core]' >"$work/kms.toml"
  record check dev --check --port 0 --dir "$work/node" &&
    record config config check -c "$work/kms.toml" &&
    record serve serve --help &&
    . "$dist/bin/find-jdk" && find_jdk || return
  # Classes by their names: numbers hold within one list, and loaders of others are not archived.
  sed -E '/^#/d; / source: /d; s/ id: [0-9]+$//' "$work/check" "$work/config" "$work/serve" | sort -u >"$work/classes"
  # The same words as in bin/kms: the archive fits no other class path.
  "$JDK/bin/java" "@$dist/bin/jvm.args" -Xshare:dump -Xlog:cds*=off -Xlog:aot*=off \
    "-XX:SharedClassListFile=$work/classes" "-XX:SharedArchiveFile=$archive" \
    -jar "$dist/bin/../lib/kms.jar" >"$work/log" 2>&1
}
make || rm -f "$archive"
[ -f "$archive" ] || {
  echo "kms: could not record a class archive; starts will be slower" >&2
  tail -n 5 "$work/log" >&2
}
