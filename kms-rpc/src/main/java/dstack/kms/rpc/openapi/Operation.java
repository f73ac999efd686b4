package dstack.kms.rpc.openapi;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Empty;
import dstack.kms.rpc.proto.AppId;
import dstack.kms.rpc.proto.AppKeyResponse;
import dstack.kms.rpc.proto.AppKeySealedResponse;
import dstack.kms.rpc.proto.GetAppKeyRequest;
import dstack.kms.rpc.proto.GetAppKeySealedRequest;
import dstack.kms.rpc.proto.GetKmsKeyRequest;
import dstack.kms.rpc.proto.GetMetaResponse;
import dstack.kms.rpc.proto.GetTempCaCertResponse;
import dstack.kms.rpc.proto.KmsKeyResponse;
import dstack.kms.rpc.proto.PublicKeyResponse;
import dstack.kms.rpc.proto.SignCertRequest;
import dstack.kms.rpc.proto.SignCertResponse;

/** The methods of the KMS service with the types of their messages. */
enum Operation {
  GetAppKey(
      GetAppKeyRequest.getDescriptor(),
      AppKeyResponse.getDescriptor(),
      true,
      "Releases the keys of the app that the client's evidence proves."),
  GetAppKeySealed(
      GetAppKeySealedRequest.getDescriptor(),
      AppKeySealedResponse.getDescriptor(),
      false,
      "Releases the same keys, sealed to a key that evidence in the request proves; by POST only."),
  GetKmsKey(
      GetKmsKeyRequest.getDescriptor(),
      KmsKeyResponse.getDescriptor(),
      true,
      "Releases the root keys to another KMS that the authority allows."),
  GetAppEnvEncryptPubKey(
      AppId.getDescriptor(),
      PublicKeyResponse.getDescriptor(),
      false,
      "The public key to which an app's environment is encrypted, signed by the root key."),
  GetMeta(
      Empty.getDescriptor(),
      GetMetaResponse.getDescriptor(),
      false,
      "What the server is known by, and who decides."),
  GetTempCaCert(
      Empty.getDescriptor(),
      GetTempCaCertResponse.getDescriptor(),
      false,
      "A certificate authority for client certificates. Its key is handed to everybody and proves"
          + " nothing."),
  SignCert(
      SignCertRequest.getDescriptor(),
      SignCertResponse.getDescriptor(),
      false,
      "Certifies a key for the app that the evidence in the request proves.");

  private final Descriptor request;
  private final Descriptor response;
  private final boolean evidence;
  private final String summary;

  Operation(Descriptor request, Descriptor response, boolean evidence, String summary) {
    this.request = request;
    this.response = response;
    this.evidence = evidence;
    this.summary = summary;
  }

  Descriptor request() {
    return request;
  }

  Descriptor response() {
    return response;
  }

  /** Whether the client certificate must carry evidence. */
  boolean evidence() {
    return evidence;
  }

  /** Whether a query can carry the request. */
  boolean byQuery() {
    return this != GetAppKeySealed;
  }

  String summary() {
    return summary;
  }
}
