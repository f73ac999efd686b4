package dstack.kms.cli.status;

import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What {@code /status} of one node answered.
 *
 * @param version of its program
 * @param state where it is in its life
 * @param ready whether all its checks hold
 * @param identity which keys it serves; none while it has none
 * @param authority who decides for it
 * @param oldestCollateral age in seconds of the oldest collateral it keeps; none without any
 * @param clock its time
 * @param json the whole answer
 */
record NodeStatus(
    String version,
    String state,
    boolean ready,
    Optional<Identity> identity,
    Authority authority,
    Optional<Long> oldestCollateral,
    Instant clock,
    JsonNode json) {
  /**
   * Which keys a node serves.
   *
   * @param k256 the root's public key
   * @param ca SHA-256 of the root CA's public key
   * @param epoch their generation
   * @param caCertificate SHA-256 of the root CA's certificate
   * @param until when the first of the certificates ends
   */
  record Identity(String k256, String ca, long epoch, String caCertificate, Instant until) {
    /** Enough of both for a person to see a difference. */
    String brief() {
      return shortened(k256) + "/" + shortened(ca);
    }

    private static String shortened(String hex) {
      return hex.length() <= 12 ? hex : hex.substring(0, 12);
    }
  }

  /** Who decides; what the authority did not say is missing. */
  record Authority(
      String kind, Optional<Long> chain, Optional<String> contract, Optional<Long> block) {
    /** What of the chain this node sees. */
    String view() {
      return kind
          + chain.map(id -> " " + id).orElse("")
          + block.map(number -> " @" + number).orElse("");
    }
  }

  /** Reads the answer; refuses what no operations listener says. */
  static NodeStatus read(String body) {
    StatusFields all = new StatusFields(tree(body));
    return new NodeStatus(
        all.text("version"),
        all.text("state"),
        all.flag("ready"),
        all.child("identity").map(identity -> identity(identity, all.require("certificates"))),
        authority(all.require("authority")),
        all.children("collateral").map(entry -> entry.number("age_seconds")).max(Long::compare),
        all.instant("clock"),
        all.json());
  }

  private static Identity identity(StatusFields identity, StatusFields certificates) {
    return new Identity(
        identity.text("k256_pubkey"),
        identity.text("ca_spki_sha256"),
        identity.number("epoch"),
        certificates.require("root_ca").text("sha256"),
        Stream.of("root_ca", "temp_ca", "rpc")
            .map(name -> certificates.require(name).instant("not_after"))
            .min(Instant::compareTo)
            .orElseThrow());
  }

  private static Authority authority(StatusFields authority) {
    return new Authority(
        authority.text("kind"),
        authority.optionalNumber("chain_id"),
        authority.optionalText("contract"),
        authority.child("block").map(block -> block.number("number")));
  }

  private static JsonNode tree(String body) {
    try {
      return JsonMapper.shared().readTree(body);
    } catch (JacksonException e) {
      throw ReadyAnswer.malformed();
    }
  }
}
