. ~/pages/deployed.sh
export ETH_RPC_URL=$RPC_URL ETH_CHAIN_ID=31337
# Certificates of an authority of the reader's own.
for name in server nodes-ca; do
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj "/CN=$name" \
    -addext subjectAltName=DNS:auth-api,DNS:localhost -keyout $name.key -out $name.pem 2>~/openssl.log
done
