# The file to check.
cat >kms.toml <<'EOF'
[core]
site_name = "east"
EOF
