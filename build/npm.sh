# Sourced: installs the npm packages of build/npm unless they are there as locked. Its status tells.

npm_folder=$root/build/npm
if [ ! "$npm_folder/node_modules/.package-lock.json" -nt "$npm_folder/package-lock.json" ] && command -v npm >/dev/null; then
  say "installing the npm packages that contracts and tests need"
  (cd "$npm_folder" && npm ci --silent --no-audit --no-fund --ignore-scripts)
fi
