. ~/pages/two-nodes.sh
beside 'node is ready' serve $DOMAIN --set core.onboard.auto_bootstrap_domain=$DOMAIN
IDENTITY=$(curl -skf "https://$DOMAIN:12001/prpc/GetMeta?json" -d '{}' | jq -r .k256_pubkey)
NODES="http://$(address_of $DOMAIN):8002 http://$(address_of kms-3.example.org):8002"
printf '[core.onboard]\npeers = ["https://%s:12001"]\ndomain = "kms-3.example.org"\n' $DOMAIN >>kms.toml
# Its place on this machine; the page's command has none.
place kms-3.example.org
kms() {
  case $1 in
  serve) command kms "$@" "${PLACE[@]}" ;;
  *) command kms "$@" ;;
  esac
}
