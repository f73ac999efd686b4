export KMS_IMAGE=registry.example/dstack-kms@sha256:$(printf 'ab%.0s' $(seq 32))
export KMS_CONTRACT_ADDR=0x$(printf '11%.0s' $(seq 20)) CHAIN_ID=84532 ETH_RPC_URL=https://sepolia.base.org
DD_API_KEY=0123456789abcdef0123456789abcdef
