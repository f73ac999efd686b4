. ~/pages/deployed.sh
. ~/pages/machine.sh
DOMAIN=kms.example.org NEW=kms-next.example.org
an_image KMS_IMAGE ab
export CHAIN_ID=31337 ETH_RPC_URL=$RPC_URL INSTANCE_NAME=dstack-kms-next
platform
kms sim config --dir ~/sim >kms.toml
printf '[core.auth_api]\ntype = "chain"\n[core.auth_api.chain]\nrpc_urls = ["%s"]\ncontract = "%s"\nchain_id = 31337\n' \
  $RPC_URL $KMS_CONTRACT_ADDR >>kms.toml
# The old node, registered and with keys.
place $DOMAIN
beside 'node is setting-up' kms serve -c kms.toml "${PLACE[@]}"
curl -sf "http://$DOMAIN:12001/prpc/Onboard.GetAttestationInfo?json" >old.json
OLD_MR=0x$(jq -r .mr_aggregated old.json) OLD_DEVICE=0x$(jq -r .device_id old.json)
kms gov image add "0x$(jq -r .os_image_hash old.json)" --key-env PRIVATE_KEY --yes
kms gov mr add $OLD_MR --key-env PRIVATE_KEY --yes
kms gov device add $OLD_DEVICE --key-env PRIVATE_KEY --yes
until curl -sf "http://$DOMAIN:12001/prpc/Onboard.Bootstrap?json" -d '{"domain": "'$DOMAIN'"}' >/dev/null; do sleep 1; done
curl -sf "http://$DOMAIN:12001/finish"
# Another machine of the same manufacturer, on which the new compose file runs.
beside ready kms sim platform --dir ~/sim --device 1 --compose-hash "$(printf 'ee%.0s' {1..32})" \
  --socket ~/next.sock --pccs-port 8082
place $NEW
beside 'node is setting-up' kms serve -c kms.toml "${PLACE[@]}" --set core.agent_address=unix:$HOME/next.sock
# The variables that the page leaves to the reader have their values already.
yours() { :; }
