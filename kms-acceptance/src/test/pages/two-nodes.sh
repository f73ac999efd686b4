# Servers on one simulated platform, where everything is allowed: serve HOST [OPTION…]
. ~/pages/machine.sh
DOMAIN=kms.example.org NEW=kms-2.example.org
platform
kms sim config --dir ~/sim >kms.toml
printf '[core.auth_api]\ntype = "dev"\n' >>kms.toml
serve() {
  local host=$1
  shift
  kms serve -c kms.toml $(placed $host) "$@"
}
