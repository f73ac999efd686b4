# What every reader can do; sourced before the script of a page.

# Sets NAME to an image by a digest of that byte: an_image NAME BYTE
an_image() { printf -v "$1" 'registry.example/%s@sha256:%s' "${1,,}" "$(yes "$2" | head -n 32 | tr -d '\n')"; }

# An address for pages on which no contract is asked.
CONTRACT=0x1111111111111111111111111111111111111111

# Starts the command in the background and waits until it has printed the text: beside TEXT COMMAND…
beside() {
  local text=$1 log
  log=$(mktemp ~/beside-XXXXXX.log)
  echo "$log" >>~/beside
  shift
  set -m # a process group of its own, which Ctrl-C ends
  "$@" >"$log" 2>&1 &
  set +m
  timeout 120 grep -q -m1 -F -e "$text" <(tail -n +1 -f --pid=$! "$log") || {
    cat "$log"
    return 1
  }
}

# Ends what was started last, as Ctrl-C in its terminal does.
ctrl_c() {
  local job
  job=$(jobs -p | tail -n 1)
  kill -INT -- "-$job"
  wait "$job" || true
}
