. ~/pages/machine.sh
platform
kms sim config --dir ~/sim >kms.toml
printf '[core.auth_api]\ntype = "dev"\n[core.onboard]\nauto_bootstrap_domain = "localhost"\n' >>kms.toml
export KMS_CORE_CERT_DIR=$HOME/keys
yours() { PID=$(grep -l -z -x "s[e]rve" /proc/[0-9]*/cmdline 2>/dev/null | cut -d / -f 3 | head -n 1); }
