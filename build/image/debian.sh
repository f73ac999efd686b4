#!/usr/bin/env bash
# Fetches the Debian packages of packages.txt for one architecture and unpacks each into a folder of
# its name: debian.sh amd64|arm64 FOLDER. Kept files with the right sum are not fetched again.
# The index of packages is a private one, so that the machine's own apt is neither asked nor changed.
set -euo pipefail
list=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/packages.txt
arch=$1
folder=$2
kept=${XDG_CACHE_HOME:-$HOME/.cache}/dstack-kms/debian
private=$folder/apt
options=(
  -qq -o "APT::Architecture=$arch" -o "APT::Architectures=$arch" -o "APT::Sandbox::User="
  -o "Dir::State::lists=$private/lists" -o "Dir::State::status=/dev/null" -o "Dir::Cache::archives=$private/archives"
  -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache=
)

die() {
  printf 'kms: %s\n' "$*" >&2
  exit 1
}

sum_holds() { echo "$2  $1" | sha256sum --check --status 2>/dev/null; }

fetch() { # name, version, sum: the file lies in $kept under its sum afterwards
  command -v apt-get >/dev/null || die "needs apt-get to fetch $1 $2 of Debian 12, or its file as $kept/$3.deb"
  if [ ! -d "$private/lists" ]; then
    mkdir -p "$private/lists/partial" "$private/archives/partial"
    apt-get "${options[@]}" update >/dev/null 2>&1 || die "could not read Debian's list of packages for $arch"
  fi
  (cd "$private/archives" && apt-get "${options[@]}" download "$1=$2" >/dev/null 2>&1) ||
    die "Debian no longer has $1 $2 for $arch: put its successor into build/image/packages.txt"
  mv "$private"/archives/"$1"_*.deb "$kept/$3.part"
  sum_holds "$kept/$3.part" "$3" || die "$1 $2 for $arch is not the file of build/image/packages.txt: its sum differs"
  mv "$kept/$3.part" "$kept/$3.deb"
}

command -v dpkg-deb >/dev/null || die "needs dpkg-deb to unpack Debian packages (Debian: dpkg)"
rm -rf "$folder"
mkdir -p "$kept" "$folder"
while read -r name version of sum; do
  case $of in all | "$arch") ;; *) continue ;; esac
  sum_holds "$kept/$sum.deb" "$sum" || fetch "$name" "$version" "$sum"
  dpkg-deb -x "$kept/$sum.deb" "$folder/$name"
done < <(grep -v '^#' "$list")
rm -rf "$private"
