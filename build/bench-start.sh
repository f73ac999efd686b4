# Sourced by ./kms bench start: starts the server in the file system of its image until it is ready, beside a
# bare skeleton (Netty, TLS and one certificate) with the same runtime, options and class archive, in turns.
# Prints both medians, their ratio (goal P6: at most 1.5) and the memory (goal P7: at most 200 MiB under load),
# each the median of as many starts. The load is releases of keys, eight at a time, each on a connection of its own.

rounds=${2:-7}
for tool in bwrap curl jq unshare; do
  command -v "$tool" >/dev/null || {
    say "needs $tool"
    exit 1
  }
done
"$root/kms" image >/dev/null
maven -q -Pquick -Dmaven.test.skip=true -pl kms-bench -am package >"$root/target/bench-build.log" 2>&1 || {
  say "the build failed; its whole output is in target/bench-build.log"
  exit 1
}
work=$(mktemp -d)
started=()
finish() {
  [ ${#started[@]} -eq 0 ] || kill "${started[@]}" 2>/dev/null
  rm -rf "$work"
}
trap finish EXIT

layout=$root/target/image/kms
blob() { echo "$layout/blobs/sha256/${1#sha256:}"; }
mkdir "$work/root" "$work/kms"
manifest=$(blob "$(jq -r '.manifests[0].digest' "$layout/index.json")")
for layer in $(jq -r '.layers[].digest' "$manifest"); do tar -xzf "$(blob "$layer")" -C "$work/root"; done

free_port() { "$JDK/bin/jshell" -s - <<<'try (var s = new java.net.ServerSocket(0)) { System.out.println(s.getLocalPort()); }'; }
port=$(free_port) operations=$(free_port) pccs=$(free_port)
"$dist/bin/kms" sim platform --dir "$work/sim" --socket "$work/agent.sock" --pccs-port "$pccs" >"$work/sim.log" 2>&1 &
started+=($!)
until [ -S "$work/agent.sock" ]; do read -r -t 0.1 <> <(:) || true; done
ca=$("$dist/bin/kms" sim config --dir "$work/sim" | sed -n 's/^ *tdx = "\(.*\)"/\1/p')
cat >"$work/kms/kms.toml" <<EOT
[rpc]
address = "127.0.0.1"
port = $port
[core]
cert_dir = "/kms/certs"
insecure_development = true
[core.attestation]
insecure_allow_external_trust_anchors = true
[core.attestation.urls]
pccs = "http://127.0.0.1:$pccs"
[core.attestation.root_ca]
tdx = "/etc/kms/${ca#"$work/sim/"}"
[core.attestation.collateral]
cache_dir = "/kms/collateral"
[core.image]
verify = false
[core.auth_api]
type = "dev"
[core.onboard]
auto_bootstrap_domain = "localhost"
[core.operations]
port = $operations
EOT
environment=(--clearenv)
while read -r each; do
  environment+=(--setenv "${each%%=*}" "${each#*=}")
done < <(jq -r '.config.Env[]' "$(blob "$(jq -r .config.digest "$manifest")")")
# In a jar, as the classes of the server are.
"$JDK/bin/jar" cf "$work/bare.jar" -C "$root/kms-bench/target/classes" dstack/kms/bench/BareServer.class
inside=(
  bwrap --unshare-all --share-net --die-with-parent --uid 10001 --gid 10001 --ro-bind "$work/root" / --proc /proc
  --dev /dev --ro-bind "$work/sim" /etc/kms --tmpfs /var/run --bind "$work/agent.sock" /var/run/dstack.sock
  --bind "$work/kms" /kms --tmpfs /tmp --ro-bind "$work/bare.jar" /tmp/bare.jar
  "${environment[@]}"
)
until_line() { # pattern, command…: milliseconds until it prints such a line; leaves it running in $last
  local begin pattern=$1 line from
  shift
  rm -f "$work/said"
  mkfifo "$work/said"
  begin=$(date +%s%N)
  "$@" >"$work/said" 2>&1 &
  last=$!
  exec {from}<"$work/said"
  while read -r line <&"$from"; do
    [[ $line =~ $pattern ]] && break
  done
  elapsed=$((($(date +%s%N) - begin) / 1000000))
  cat <&"$from" >/dev/null & # a full pipe would stop the server
  exec {from}<&-
}
stop() {
  kill "$last" 2>/dev/null || true
  wait "$last" 2>/dev/null || true
}
bare=$(tr '\n' ' ' <"$work/root/opt/kms/jvm.args" | sed 's/.*-cp //; s/ //g'):/tmp/bare.jar
resident() { awk '/VmRSS/ {print int($2 / 1024)}' "/proc/$1/status"; }
load() { # releases
  "$JDK/bin/java" -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED -Djdk.tls.maxHandshakeMessageSize=131072 \
    -cp "$root/kms-bench/target/classes:$root/kms-bench/target/lib/*" \
    dstack.kms.bench.ReleaseLoad "$work" "$port" "$1" 8
}
server=() skeleton=() ready=() loaded=()
for ((i = 0; i <= rounds; i++)); do # the first makes the keys and warms the disk cache
  until_line 'node is ready' "${inside[@]}" /usr/local/bin/dstack-kms -c /kms/kms.toml
  java=$(pgrep -P "$last" -n || true)
  while child=$(pgrep -P "$java" -n); do java=$child; done
  [ "$i" -eq 0 ] || server+=("$elapsed")
  [ "$i" -eq 0 ] || {
    ready+=("$(resident "$java")")
    load 3000
    loaded+=("$(resident "$java")")
  }
  stop
  until_line '^[0-9]+$' "${inside[@]}" /opt/kms/runtime/bin/java @/opt/kms/jvm.args -cp "$bare" dstack.kms.bench.BareServer
  [ "$i" -eq 0 ] || skeleton+=("$elapsed")
  stop
done
median() { printf '%s\n' "$@" | sort -n | sed -n "$((($# + 1) / 2))p"; }
a=$(median "${server[@]}") b=$(median "${skeleton[@]}")
printf 'start to ready      %5d ms\nbare skeleton       %5d ms\nratio               %s   P6 <= 1.5\n' "$a" "$b" \
  "$(awk "BEGIN {printf \"%5.2f\", $a / $b}")"
printf 'memory when ready   %5d MiB\nafter 3000 releases %5d MiB   P7 <= 200\n' "$(median "${ready[@]}")" "$(median "${loaded[@]}")"
printf 'image, packed       %5d MiB\n' "$(($(jq '[.layers[].size] | add' "$manifest") >> 20))"
