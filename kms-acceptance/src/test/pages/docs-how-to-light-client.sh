. ~/pages/chain.sh
an_image KMS_IMAGE ab
an_image HELIOS_IMAGE cd
KMS_CONTRACT_ADDR=$CONTRACT CHAIN_ID=84532
EXECUTION_RPC=https://base-sepolia.example.org/KEY
