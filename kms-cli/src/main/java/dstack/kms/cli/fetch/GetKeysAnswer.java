package dstack.kms.cli.fetch;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dstack.kms.client.fetch.Fetched;
import java.nio.file.Path;

/** What is said about keys that were written to a file; nothing in it is secret. */
@JsonPropertyOrder({"file", "kms_url", "sealed", "app_id", "k256_pubkey", "gateway_app_id"})
record GetKeysAnswer(
    String file,
    @JsonProperty("kms_url") String kmsUrl,
    boolean sealed,
    @JsonProperty("app_id") String appId,
    @JsonProperty("k256_pubkey") String k256,
    @JsonProperty("gateway_app_id") String gatewayAppId) {
  static GetKeysAnswer of(Fetched fetched, Path file) {
    return new GetKeysAnswer(
        file.toString(),
        fetched.keys().kms().url(),
        fetched.sealed(),
        fetched.keys().app().toString(),
        fetched.keys().kms().k256().compressed().hex(),
        fetched.keys().gatewayAppId());
  }

  String line() {
    return "keys of "
        + appId
        + " from "
        + kmsUrl
        + (sealed ? ", sealed" : ", PLAIN inside TLS")
        + ", written to "
        + file;
  }
}
