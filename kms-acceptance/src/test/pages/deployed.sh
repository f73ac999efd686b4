# The same, with the policy contract on it.
. ~/pages/chain.sh
kms gov deploy --key-env PRIVATE_KEY --yes >~/said
yours
