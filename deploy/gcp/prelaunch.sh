#!/bin/sh
# Writes .env for the compose file before the containers start. This file is measured and public (it is
# part of app-compose.json): no secret may stand here, and what stands here the host cannot change.
#
# .user-config is neither measured nor public: the host can put any file in its place. So only the
# keys in ALLOWED are taken from it, each as one line without control characters, and none of them
# may decide anything. Change what is between the two lines of dashes.
set -eu

# ----
DEFAULTS='
KMS_HTTPS_PORT=12001
AUTH_HTTP_PORT=18000
KMS_OPERATIONS_PORT=8002
KMS_IMAGE=registry.example/dstack-kms@sha256:<DIGEST>
KMS_CONTRACT_ADDR=<KMS_CONTRACT_ADDR>
CHAIN_ID=84532
ETH_RPC_URL=https://sepolia.base.org
'
# direct: none. light: EXECUTION_RPC, and HELIOS_IMAGE above.
# With Datadog also: DD_API_KEY DD_SITE DD_ENV DD_SERVICE DD_TAGS
ALLOWED=""
# ----

CONFIG=${USER_CONFIG:-/dstack/.host-shared/.user-config}

say() { printf 'prelaunch: %s\n' "$1" >&2; }

printf '%s\n' "$DEFAULTS" | sed '/^$/d' >.env

if [ -n "$ALLOWED" ] && [ -f "$CONFIG" ]; then
  if ! jq -es 'length == 1 and (.[0] | type == "object")' "$CONFIG" >/dev/null 2>&1; then
    say ".user-config is not one JSON object: nothing is taken from it"
    CONFIG=/dev/null
  fi
  for key in $ALLOWED; do
    if grep -q "^$key=" .env; then
      say "$key is set above and cannot come from .user-config as well"
      exit 1
    fi
    [ "$CONFIG" != /dev/null ] || continue
    # Only a string, without any control character; else the key counts as missing.
    value=$(jq -r --arg key "$key" \
      '.[$key] | if type == "string" then gsub("[[:cntrl:]]"; "") else empty end' "$CONFIG")
    [ -n "$value" ] || continue
    if [ "$key" = DD_API_KEY ] && ! printf '%s' "$value" | grep -Eqx '[0-9A-Za-z]{32}'; then
      say "DD_API_KEY must be exactly 32 letters and digits, so it is left out: Datadog gets nothing"
      continue
    fi
    # In single quotes compose takes a value as it is, but for a backslash: it makes the next quote part
    # of the value, and what follows would be read as further variables. Neither sign is taken.
    case $value in
      *[\'\\]*)
        say "$key contains a single quote or a backslash and is left out"
        continue
        ;;
    esac
    printf "%s='%s'\n" "$key" "$value" >>.env
  done
fi
