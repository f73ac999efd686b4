. ~/pages/chain.sh
. ~/pages/machine.sh
an_image KMS_IMAGE ab
export CHAIN_ID=31337 ETH_RPC_URL=$RPC_URL
export PROJECT=my-project ZONE=us-central1-a BUCKET=gs://my-bucket INSTANCE_NAME=dstack-kms
# The machine is deployed once its name is known.
eval "chain_$(declare -f yours)"
yours() {
  chain_yours
  if [ -e kms-prod ] && [ -z "${BACKUP_HOLDERS:-}" ]; then
    BACKUP_HOLDERS=$(for _ in 1 2 3; do age-keygen 2>/dev/null | age-keygen -y; done | paste -sd ' ')
    BACKUP_THRESHOLD=2
  fi
  if [ -e kms-prod ] && [ -z "${DOMAIN:-}" ]; then
    DOMAIN=kms.example.org
    platform
    kms sim config --dir ~/sim >~/kms.toml
    printf '[core.auth_api]\ntype = "chain"\n[core.auth_api.chain]\nrpc_urls = ["%s"]\ncontract = "%s"\nchain_id = 31337\n' \
      $RPC_URL $KMS_CONTRACT_ADDR >>~/kms.toml
    place $DOMAIN
    beside 'node is setting-up' kms serve -c ~/kms.toml "${PLACE[@]}"
    beside 'auth API: http' kms auth-api -c ~/kms.toml --host 0.0.0.0 --port 18000
  fi
}
