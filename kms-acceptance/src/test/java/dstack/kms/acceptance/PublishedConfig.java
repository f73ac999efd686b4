package dstack.kms.acceptance;

/** The configuration files that deployments of the original run with, by state of the original. */
public enum PublishedConfig {
  /** What the published deployment guide writes; its retired keys included. */
  GUIDE(
      """
      [rpc]
      address = "0.0.0.0"
      port = 8000

      [rpc.tls]
      key = "/kms/certs/rpc.key"
      certs = "/kms/certs/rpc.crt"

      [rpc.tls.mutual]
      ca_certs = "/kms/certs/tmp-ca.crt"
      mandatory = false

      [core]
      cert_dir = "/kms/certs"
      admin_token_hash = ""

      [core.image]
      verify = true
      cache_dir = "/kms/images"
      download_url = "http://localhost:8000/{OS_IMAGE_HASH}.tar.gz"
      download_timeout = "2m"

      [core.auth_api]
      type = "webhook"

      [core.auth_api.webhook]
      url = "http://auth-api:8000"

      [core.onboard]
      enabled = true
      auto_bootstrap_domain = ""
      quote_enabled = true
      address = "0.0.0.0"
      port = 8000
      """),
  /** With the keys of the January 2026 state. */
  LEGACY(
      """
      [default]
      workers = 8
      max_blocking = 64
      ident = "DStack KMS"
      temp_dir = "/tmp"
      keep_alive = 10
      log_level = "info"

      [rpc]
      address = "0.0.0.0"
      port = 8000

      [rpc.tls]
      key = "/etc/kms/certs/rpc.key"
      certs = "/etc/kms/certs/rpc.crt"

      [rpc.tls.mutual]
      ca_certs = "/etc/kms/certs/tmp-ca.crt"
      mandatory = false

      [core]
      cert_dir = "/etc/kms/certs"
      subject_postfix = ".dstack"
      pccs_url = "https://pccs.phala.network"
      admin_token_hash = ""

      [core.image]
      verify = true
      cache_dir = "/usr/share/dstack/images"
      download_url = "http://localhost:8000/{OS_IMAGE_HASH}.tar.gz"
      download_timeout = "2m"

      [core.auth_api]
      type = "webhook"

      [core.auth_api.webhook]
      url = "http://auth-api:8000"

      [core.auth_api.dev]
      gateway_app_id = "any"

      [core.onboard]
      quote_enabled = true
      enabled = true
      auto_bootstrap_domain = ""
      address = "0.0.0.0"
      port = 8000
      """),
  /** With every key of the August 2026 state. */
  CURRENT(
      """
      [default]
      workers = 8
      max_blocking = 64
      ident = "DStack KMS"
      temp_dir = "/tmp"
      keep_alive = 10
      log_level = "info"

      [rpc]
      address = "0.0.0.0"
      port = 8000

      [rpc.tls]
      key = "/etc/kms/certs/rpc.key"
      certs = "/etc/kms/certs/rpc.crt"

      [rpc.tls.mutual]
      ca_certs = "/etc/kms/certs/tmp-ca.crt"
      mandatory = false

      [core]
      cert_dir = "/etc/kms/certs"
      subject_postfix = ".dstack"
      site_name = ""
      enforce_self_authorization = true
      attest_rpc_cert = true
      sev_snp_key_release = false
      aws_nitro_tpm_key_release = false

      [core.attestation]
      insecure_allow_external_trust_anchors = false

      [core.attestation.urls]

      [core.attestation.root_ca]

      [core.image]
      verify = true
      cache_dir = "/usr/share/dstack/images"
      download_url = "http://localhost:8000/{OS_IMAGE_HASH}.tar.gz"
      download_timeout = "2m"

      [core.admin]
      enabled = false
      address = "127.0.0.1"
      port = 8001
      auth_token = ""
      htpasswd_file = ""
      insecure_no_auth = false

      [core.metrics]
      enabled = true

      [core.auth_api]
      type = "webhook"

      [core.auth_api.webhook]
      url = "http://auth-api:8000"

      [core.auth_api.dev]
      gateway_app_id = "any"

      [core.onboard]
      enabled = true
      auto_bootstrap_domain = ""
      address = "0.0.0.0"
      port = 8000
      """);

  public final String toml;

  PublishedConfig(String toml) {
    this.toml = toml;
  }
}
