package dstack.kms.cli.backup;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.io.PrintWriter;
import java.net.URI;

/** How far a restore is after a share. */
@JsonPropertyOrder({"mr_aggregated", "received", "needed", "restored", "k256_pubkey"})
record RestoreAnswer(
    @JsonProperty("mr_aggregated") String mrAggregated,
    int received,
    int needed,
    boolean restored,
    @JsonProperty("k256_pubkey") String k256) {
  void print(PrintWriter out, URI node) {
    out.println("the node is verified: mr_aggregated " + mrAggregated);
    if (restored) {
      out.println("restored: root k256 key " + k256);
      out.println("end the set-up with GET " + node + "/finish");
    } else {
      out.println(
          "share taken: "
              + received
              + " of "
              + needed
              + ", "
              + (needed - received)
              + " more within a quarter of an hour of the session's beginning");
    }
  }
}
