. ~/pages/two-nodes.sh
beside 'node is ready' serve $DOMAIN --set core.onboard.auto_bootstrap_domain=$DOMAIN
beside 'node is setting-up' serve $NEW
