package dstack.kms.onboard.epoch;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.P256PublicKey;
import dstack.kms.core.crypto.RecoverableSignature;
import dstack.kms.core.crypto.Secp256k1PublicKey;
import dstack.kms.core.refusal.RefusalException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code epoch-endorsement.json}. There is one spelling of each endorsement, so that a text is
 * either exactly what was signed or is refused; any JSON reader can read it.
 */
final class EndorsementText {
  private static final Pattern FORM =
      Pattern.compile(
          "\\{\"version\":1,\"epoch\":([1-9][0-9]{0,6}),\"endorsed_at\":(0|[1-9][0-9]{0,11}),"
              + "\"previous_ca_pubkey\":\"([0-9a-f]{182})\","
              + "\"previous_k256_pubkey\":\"([0-9a-f]{66})\","
              + "\"ca_pubkey\":\"([0-9a-f]{182})\",\"k256_pubkey\":\"([0-9a-f]{66})\","
              + "\"signature\":\"([0-9a-f]{130})\"\\}\n");

  private EndorsementText() {}

  static String of(EpochEndorsement endorsement) {
    EpochStatement statement = endorsement.statement();
    return "{\"version\":1,\"epoch\":"
        + statement.epoch()
        + ",\"endorsed_at\":"
        + statement.seconds()
        + keys("previous_", statement.previous())
        + keys("", statement.current())
        + ",\"signature\":\""
        + endorsement.signatureBytes().hex()
        + "\"}\n";
  }

  private static String keys(String prefix, RootIdentity identity) {
    return ",\""
        + prefix
        + "ca_pubkey\":\""
        + identity.keyProviderId().hex()
        + "\",\""
        + prefix
        + "k256_pubkey\":\""
        + identity.k256().compressed().hex()
        + "\"";
  }

  static EpochEndorsement parse(String text) {
    Matcher fields = FORM.matcher(text);
    if (!fields.matches()) {
      throw malformed("it does not have the form in which endorsements are written");
    }
    EpochStatement statement =
        new EpochStatement(
            Integer.parseInt(fields.group(1)),
            Long.parseLong(fields.group(2)),
            identity(fields.group(3), fields.group(4)),
            identity(fields.group(5), fields.group(6)));
    return new EpochEndorsement(statement, signature(fields.group(7)));
  }

  private static RootIdentity identity(String ca, String k256) {
    P256PublicKey key =
        P256PublicKey.fromSubjectPublicKeyInfo(Bytes.fromHex(ca))
            .orElseThrow(() -> malformed("a CA key is no P-256 key"));
    try {
      return new RootIdentity(key, new Secp256k1PublicKey(Bytes.fromHex(k256)));
    } catch (RefusalException e) {
      throw malformed(e.text());
    }
  }

  private static RecoverableSignature signature(String hex) {
    try {
      return new RecoverableSignature(Bytes.fromHex(hex));
    } catch (RefusalException e) {
      throw malformed(e.text());
    }
  }

  private static RefusalException malformed(String why) {
    return new RefusalException(EpochRefusal.MALFORMED, "the endorsement is malformed: " + why);
  }
}
