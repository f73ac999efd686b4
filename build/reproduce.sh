# Sourced by ./kms reproduce: builds the current commit twice, in folders of different names and depths,
# and compares every file of the two distributions and the two SBOMs; with "image", every file of the
# two container images of each variant. The class archive of a distribution is a recording of one run:
# it is no part of what is compared, and no part of an image.

what=${1:-jars}
case $what in jars | image) ;; *)
  say "usage: ./kms reproduce [image]"
  exit 2
  ;;
esac
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

make_jars() {
  mvn -B -q -Dmaven.test.skip=true -pl .,kms-cli -am package &&
    find kms-cli/target/dist target/bom.json -type f ! -name kms.jsa >"$work/names"
}

make_image() {
  ./kms image --variant plain --variant shell &&
    find target/image -type f >"$work/names"
}

for copy in one two/deeper/down; do
  say "building $(revision | cut -c1-12) in a folder named $copy"
  git clone -q "$root" "$work/$copy"
  (cd "$work/$copy" && "make_$what" >"$work/log" 2>&1) || {
    cat "$work/log" >&2
    say "the build failed"
    exit 1
  }
  (cd "$work/$copy" && LC_ALL=C sort "$work/names" | xargs sha256sum) >"$work/sums-${copy%%/*}"
done
if ! diff "$work/sums-one" "$work/sums-two"; then
  say "the two builds differ in the files above"
  exit 1
fi
say "both builds are equal in $(wc -l <"$work/sums-one") files"
