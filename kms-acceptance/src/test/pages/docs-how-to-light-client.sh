. ~/pages/chain.sh
export KMS_IMAGE=registry.example/dstack-kms@sha256:$(printf 'ab%.0s' $(seq 32))
export HELIOS_IMAGE=registry.example/helios@sha256:$(printf 'cd%.0s' $(seq 32))
export KMS_CONTRACT_ADDR=0x$(printf '11%.0s' $(seq 20)) CHAIN_ID=84532
EXECUTION_RPC=https://base-sepolia.example.org/KEY
