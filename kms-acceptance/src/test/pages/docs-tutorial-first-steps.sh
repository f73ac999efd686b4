# The port that the first screen shows.
yours() {
  PORT=$(sed -n 's|^ *operations *http://127.0.0.1:\([0-9]*\)/.*|\1|p' "$(tail -n 1 ~/beside)")
}
