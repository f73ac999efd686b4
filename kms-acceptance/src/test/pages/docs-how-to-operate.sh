ln -s "$(dirname "$(readlink -f kms)")/../share" share
beside 'is ready; stop it' kms dev
cp .kms-dev/certs/root-ca.crt .
KMS_URL=https://localhost:12001
