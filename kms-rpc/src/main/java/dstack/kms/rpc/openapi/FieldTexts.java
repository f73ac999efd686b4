package dstack.kms.rpc.openapi;

import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.Map;
import java.util.Objects;

/** What the fields of messages mean, by message and name. Descriptors carry no comments. */
final class FieldTexts {
  private static final String PEM_CA = "PEM text of the root CA certificate.";
  private static final String VM_CONFIG =
      "The VM configuration as JSON text; what it claims about the image is verified.";

  private static final Map<String, String> TEXTS =
      Map.ofEntries(
          Map.entry("GetAppKeyRequest.api_version", "0 or 1."),
          Map.entry("GetAppKeyRequest.vm_config", VM_CONFIG),
          Map.entry("GetKmsKeyRequest.vm_config", VM_CONFIG),
          Map.entry("GetAppKeySealedRequest.api_version", "0 or 1."),
          Map.entry("GetAppKeySealedRequest.vm_config", VM_CONFIG),
          Map.entry("GetAppKeySealedRequest.public_key", "X25519, 32 bytes, for this request."),
          Map.entry("GetAppKeySealedRequest.attestation", "Evidence over that key."),
          Map.entry("AppKeySealedResponse.sealed", "HPKE to that key of the keys as JSON."),
          Map.entry("AppKeySealedResponse.signature", "Of the root k256 key, 65 bytes."),
          Map.entry("AppId.app_id", "20 bytes."),
          Map.entry("AppKeyResponse.ca_cert", PEM_CA),
          Map.entry("AppKeyResponse.disk_crypt_key", "Secret of this instance, 32 bytes."),
          Map.entry("AppKeyResponse.env_crypt_key", "Secret of the app, 32 bytes: X25519."),
          Map.entry("AppKeyResponse.k256_key", "Secret of the app, 32 bytes: secp256k1."),
          Map.entry(
              "AppKeyResponse.k256_signature",
              "Recoverable signature of the root key over the app's key, 65 bytes."),
          Map.entry("AppKeyResponse.tproxy_app_id", "The older name of gateway_app_id."),
          Map.entry("AppKeyResponse.gateway_app_id", "The gateway as the authority names it."),
          Map.entry("AppKeyResponse.os_image_hash", "Of the image that was verified."),
          Map.entry("PublicKeyResponse.public_key", "X25519, 32 bytes."),
          Map.entry("PublicKeyResponse.signature", "Over the key without a time, 65 bytes."),
          Map.entry("PublicKeyResponse.timestamp", "Unix seconds."),
          Map.entry("PublicKeyResponse.signature_v1", "Over the key and the time, 65 bytes."),
          Map.entry("GetMetaResponse.ca_cert", PEM_CA),
          Map.entry("GetMetaResponse.allow_any_upgrade", "Whether everything is allowed."),
          Map.entry("GetMetaResponse.k256_pubkey", "Root public key, 33 bytes compressed."),
          Map.entry("GetMetaResponse.bootstrap_info", "How the keys were made, if here."),
          Map.entry("GetMetaResponse.is_dev", "Whether the authority is for development."),
          Map.entry("GetMetaResponse.gateway_app_id", "The gateway as the authority names it."),
          Map.entry("GetMetaResponse.kms_contract_address", "The policy contract."),
          Map.entry("GetMetaResponse.chain_id", "The chain's number."),
          Map.entry(
              "GetMetaResponse.app_auth_implementation", "The implementation of app contracts."),
          Map.entry("BootstrapResponse.ca_pubkey", "Of the root CA, as subject public key info."),
          Map.entry("BootstrapResponse.k256_pubkey", "Root public key, 33 bytes compressed."),
          Map.entry("BootstrapResponse.attestation", "Evidence over both public keys."),
          Map.entry("KmsKeys.ca_key", "Secret: PEM text of the root CA key."),
          Map.entry("KmsKeys.k256_key", "Secret: root key, 32 bytes."),
          Map.entry("KmsKeyResponse.temp_ca_key", "PEM text of the temp CA key."),
          Map.entry("KmsKeyResponse.keys", "The root keys; one entry."),
          Map.entry("GetTempCaCertResponse.temp_ca_cert", "PEM text."),
          Map.entry("GetTempCaCertResponse.temp_ca_key", "PEM text; no secret."),
          Map.entry("GetTempCaCertResponse.ca_cert", PEM_CA),
          Map.entry("SignCertRequest.api_version", "1 or 2."),
          Map.entry("SignCertRequest.csr", "The request to certify, in SCALE."),
          Map.entry("SignCertRequest.signature", "Of the key to certify over csr, DER."),
          Map.entry("SignCertRequest.vm_config", VM_CONFIG),
          Map.entry("SignCertResponse.certificate_chain", "PEM texts: leaf, app CA, root CA."));

  private FieldTexts() {}

  /** The text of that field; a field without one is a mistake here. */
  static String of(FieldDescriptor field) {
    String name = field.getContainingType().getName() + "." + field.getName();
    return Objects.requireNonNull(TEXTS.get(name), () -> "no text for " + name);
  }
}
