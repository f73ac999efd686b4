package dstack.kms.cli.backup;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dstack.kms.cli.outcome.OneLine;
import dstack.kms.onboard.backup.share.Manifest;
import java.io.PrintWriter;
import java.util.List;

/** What a share file says about its set. */
@JsonPropertyOrder({
  "set",
  "created",
  "epoch",
  "k256_pubkey",
  "root_ca_sha256",
  "temp_ca_sha256",
  "domain",
  "threshold",
  "holders"
})
record ManifestAnswer(
    String set,
    String created,
    long epoch,
    @JsonProperty("k256_pubkey") String k256,
    @JsonProperty("root_ca_sha256") String rootCa,
    @JsonProperty("temp_ca_sha256") String tempCa,
    String domain,
    int threshold,
    List<String> holders) {
  static ManifestAnswer of(Manifest manifest) {
    return new ManifestAnswer(
        manifest.setId().hex(),
        manifest.created().toString(),
        manifest.epoch(),
        manifest.identity().k256().hex(),
        manifest.identity().rootCa().hex(),
        manifest.identity().tempCa().hex(),
        manifest.domain(),
        manifest.threshold(),
        manifest.holders().stream().map(holder -> holder.fingerprint().hex()).toList());
  }

  void print(PrintWriter out) {
    out.println("set               " + set);
    out.println("made              " + created + ", epoch " + epoch + ", on " + shown(domain));
    out.println("root k256 key     " + k256);
    out.println("root CA, SHA-256  " + rootCa);
    out.println("temp CA, SHA-256  " + tempCa);
    out.println("restored by       any " + threshold + " of " + holders.size());
    for (int i = 0; i < holders.size(); i++) {
      out.println("share " + (i + 1) + "           " + holders.get(i));
    }
  }

  private static String shown(String text) {
    return OneLine.of(text);
  }
}
