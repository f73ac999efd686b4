# Machines with simulated platforms, and nodes on them; sourced by pages whose nodes run in a cloud.

# The platform, which is that of all machines here.
platform() { beside ready kms sim platform --dir ~/sim --pccs-port 8081; }

# The address of a host that the page names.
address_of() { getent hosts "$1" | cut -d ' ' -f 1; }

# Sets PLACE to options that give a node an address and folders of its own: place HOST
place() {
  local address setting
  address=$(address_of "$1")
  PLACE=()
  for setting in core.cert_dir="$HOME/$1" rpc.address="$address" rpc.port=12001 \
    rpc.tls.key="$HOME/$1/rpc.key" rpc.tls.certs="$HOME/$1/rpc.crt" \
    core.onboard.address="$address" core.onboard.port=12001 \
    core.operations.address="$address" core.operations.port=8002; do
    PLACE+=(--set "$setting")
  done
}
