# Sourced by ./kms contracts: compiles our Solidity sources and the contracts of OpenZeppelin that go with them.
# What it writes is committed, so that a build needs no Node.js; CompilationTest holds it to the sources.

command -v node >/dev/null || {
  say "needs Node.js to run the Solidity compiler (Debian: apt-get install nodejs npm)"
  exit 1
}
. "$root/build/npm.sh" || {
  say "could not install the npm packages of build/npm"
  exit 1
}
node "$root/contracts/compile.mjs" "$@"
say "wrote contracts/artifacts; commit what changed"
