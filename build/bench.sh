# Sourced by ./kms bench: builds the benchmarks and runs them with the vectors and the wasm peer.

if [ "${1:-}" = start ]; then
  . "$root/build/bench-start.sh"
  exit 0
fi

npm_folder=$root/build/npm
if [ ! -d "$npm_folder/node_modules" ] && command -v npm >/dev/null; then
  (cd "$npm_folder" && npm ci --silent --no-audit --no-fund --ignore-scripts) ||
    say "could not install the npm packages: the wasm peer is left out"
fi
say "building the benchmarks"
mkdir -p "$root/target"
maven -q -Pquick -Dmaven.test.skip=true -pl kms-bench -am package >"$root/target/bench-build.log" 2>&1 || {
  cat "$root/target/bench-build.log" >&2
  say "the build failed"
  exit 1
}
exec "$JDK/bin/java" -XX:+UseSerialGC --sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED \
  -Djdk.tls.maxHandshakeMessageSize=131072 \
  -Djdk.tls.server.enableSessionTicketExtension=false \
  -Djdk.tls.server.newSessionTicketCount=0 \
  -Dio.netty.handler.ssl.openssl.sessionCacheServer=false \
  -Dkms.root="$root" -Dkms.vectors="${KMS_VECTORS:-$root/../shared/vectors}" \
  -cp "$root/kms-bench/target/classes:$root/kms-bench/target/lib/*" dstack.kms.bench.Main "$@"
