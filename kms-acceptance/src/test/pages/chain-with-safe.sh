# The same, with the Safe 1.4.1 where it lies on public chains; the owners are anvil's accounts 1 to 3.
. ~/pages/chain.sh
ask() {
  curl -s -H 'Content-Type: application/json' -d @- $RPC_URL <<<"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"$1\",\"params\":[$2]}" |
    jq -e 'has("result")' >/dev/null
}
safe() {
  ask anvil_setCode "\"$2\",$(jq .deployedBytecode build/npm/node_modules/@safe-global/safe-contracts/build/artifacts/contracts/$1.json)"
}
safe SafeL2.sol/SafeL2 0x29fcB43b46531BcA003ddC8FCB67FFE91900C762
safe proxies/SafeProxyFactory.sol/SafeProxyFactory 0x4e1DCf7AD4e460CfD30791CCC4F9c8a4f820ec67
safe libraries/MultiSendCallOnly.sol/MultiSendCallOnly 0x9641d764fc13c8B624c04430C7356C1C7C8102e2
safe handler/CompatibilityFallbackHandler.sol/CompatibilityFallbackHandler 0xfd0732Dc9E303f09fCEf3a7388Ad10A83459Ec99
export DEPLOYER=$PRIVATE_KEY
export ALICE=0x70997970C51812dc3A010C7d01b50e0d17dc79C8 BOB=0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC
export CAROL=0x90F79bf6EB2c4f870365E785982E1f101E93b906
export ALICE_KEY=0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d
export BOB_KEY=0x5de4111afa1a4b94908f83103eb1f1706367c2e68ca870fc3fb9a804cdab365a
