# A chain of the reader's own, which has a block for each transaction and each five seconds, and an account that has money.
export RPC_URL=http://127.0.0.1:8545
export PRIVATE_KEY=0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80
beside 'Listening on' anvil --port 8545 --mixed-mining --block-time 5

# Values that a command has just printed, which readers take from there.
yours() {
  local name value
  for name in KMS_CONTRACT_ADDR APP_ID KMS_IMPLEMENTATION; do
    value=$(sed -n "s/^$name=//p" ~/said)
    [ -z "$value" ] || export "$name=$value"
  done
}
