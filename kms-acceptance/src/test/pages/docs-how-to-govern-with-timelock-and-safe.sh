. ~/pages/chain-with-safe.sh
IMAGE=0x1111111111111111111111111111111111111111111111111111111111111111
MEASUREMENT=0x2222222222222222222222222222222222222222222222222222222222222222
yours() {
  grep -q '^timelock: ' ~/said || return 0
  KMS_CONTRACT_ADDR=$(sed -n 's/^kms: //p' ~/said)
  TIMELOCK=$(sed -n 's/^timelock: //p' ~/said)
  SAFE=$(sed -n 's/^safe: //p' ~/said)
}
# The delay is a day; here it passes before whoever waits for it looks.
kms() {
  case "$*" in
  "gov execute "*) ask evm_increaseTime 86400 && ask evm_mine '' ;;
  esac
  command kms "$@"
}
