package dstack.kms.cli.epoch;

import dstack.kms.onboard.epoch.EpochFacts;
import dstack.kms.onboard.epoch.RootIdentity;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** A generation as members of a JSON object, in the order in which they are printed. */
final class EpochAnswer {
  private EpochAnswer() {}

  static Map<String, Object> of(EpochFacts facts) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("epoch", facts.epoch());
    members.put("folder", facts.folder());
    facts.roots().ifPresent(roots -> members.putAll(identity(roots)));
    facts
        .certificate()
        .ifPresent(
            certificate -> {
              members.put("ca_cert_not_before", certificate.notBefore().toString());
              members.put("ca_cert_not_after", certificate.notAfter().toString());
            });
    facts
        .endorsement()
        .ifPresent(
            statement -> {
              members.put("endorsed_by", statement.previous().k256().compressed().hex());
              members.put("endorsed_at", Instant.ofEpochSecond(statement.seconds()).toString());
            });
    members.put("finding", facts.finding().orElse("good"));
    return members;
  }

  static Map<String, Object> identity(RootIdentity roots) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("ca_spki_sha256", roots.keyProviderDigest().hex());
    members.put("key_provider_id", roots.keyProviderId().hex());
    members.put("k256_pubkey", roots.k256().compressed().hex());
    members.put("k256_address", "0x" + roots.address().hex());
    return members;
  }

  static void print(Map<String, Object> members, PrintWriter out) {
    members.forEach(
        (name, value) ->
            out.println(name.equals("epoch") ? "epoch " + value : "  " + name + ": " + value));
  }
}
