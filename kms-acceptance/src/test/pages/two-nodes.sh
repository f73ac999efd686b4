# Servers on one simulated platform, where everything is allowed: serve HOST [OPTION…]
. ~/pages/machine.sh
DOMAIN=kms.example.org NEW=kms-2.example.org
platform
kms sim config --dir ~/sim >kms.toml
printf '[core.auth_api]\ntype = "dev"\n' >>kms.toml
serve() {
  place "$1"
  shift
  kms serve -c kms.toml "${PLACE[@]}" "$@"
}
