package dstack.kms.onboard.preflight;

import dstack.kms.core.bytes.Bytes;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The reasons that authorities give and the errors that set-up ends with, as far as there is
 * something to do about them (specifications 20 §5, 21 §5, 23 §5). The first that fits counts.
 */
enum KnownReason {
  SOURCE_DENIED(
      "source kms is not allowed",
      "The authority does not allow the source. Register the source's values, which its own set-up"
          + " page and kms attest show, or name another source."),
  IMAGE(
      "os image (hash )?(is )?not allowed",
      "kms gov image add",
      "The authority does not know this machine's OS image. Register it; with a policy file, add"
          + " the value to osImages."),
  MEASUREMENTS(
      "(aggregated mr|mraggregated) not allowed",
      "kms gov mr add",
      "The authority does not know what this machine runs: the compose file, the prelaunch script"
          + " or the image changed, or it was never registered. Register it; with a policy file,"
          + " add the value to kms.mrAggregated."),
  DEVICE(
      "(not allowed to boot on this device|device not allowed)",
      "kms gov device add",
      "The authority does not know this machine's device. Register it; with a policy file, add the"
          + " value to kms.devices."),
  TCB(
      "(tcb status is not|advisory id is not)",
      "The platform's firmware or microcode is older than the policy accepts. Have the host updated"
          + " or move to another one; the policy lists what it accepts in allowedTcbStatuses and"
          + " allowedAdvisoryIds."),
  CATCHING_UP(
      "(missing revert data|call_exception)",
      "The authority's view of the chain does not reach the registration yet. Nothing to do: it"
          + " catches up within minutes."),
  BACKEND(
      "authorization backend unavailable",
      "The authority cannot read its policy: the file or the chain endpoint behind it. Its own log"
          + " says why."),
  UNREACHABLE(
      "(failed to call kms auth check|error sending request|tcp connect error|auth api)",
      "The authority does not answer. Right after the start it may need one or two minutes;"
          + " otherwise look at its log and at core.auth_api."),
  NOT_HTTPS(
      "(invalidcontenttype|not an ssl|corrupt message)",
      "What answers there does not speak TLS: often a stale DNS record that leads back to this"
          + " machine. Use the source's IP address."),
  NO_EVIDENCE(
      "source kms did(n't| not) (present|contain)|does not contain attestation",
      "What answers there does not show that it is a KMS in a TEE. Check the address and the"
          + " port."),
  ALREADY(
      "already been (bootstrapped|onboarded)",
      "There are keys here and they are never replaced. Go on with Finish."),
  DOMAIN("domain (must be|contains)", "Enter the DNS name alone: no scheme, no port, no path."),
  AGENT(
      "failed to get (local kms )?(attestation|quote|vm info)",
      "This machine could not be attested: is it a confidential VM, and is the guest agent's socket"
          + " there for this program (core.agent_address)?"),
  COLLATERAL(
      "collateral",
      "What evidence is verified against could not be had. Check that this machine reaches the"
          + " collateral server of core.attestation.urls, and its clock."),
  TOKEN(
      "set-up token",
      "Enter the token from core.onboard.token, or the one that the log shows at start.");

  private final Pattern pattern;
  private final String command;
  private final String text;

  KnownReason(String pattern, String text) {
    this(pattern, "", text);
  }

  KnownReason(String pattern, String command, String text) {
    this.pattern = Pattern.compile(pattern);
    this.command = command;
    this.text = text;
  }

  /** What to do about that text, which may be any reason or error. */
  static Advice about(String reason, Optional<MachineFacts> facts) {
    String folded = reason.toLowerCase(Locale.ROOT);
    for (KnownReason known : values()) {
      if (known.pattern.matcher(folded).find()) {
        return known.advice(facts);
      }
    }
    return Advice.NONE;
  }

  private Advice advice(Optional<MachineFacts> facts) {
    Bytes registered = facts.map(this::value).orElse(Bytes.EMPTY);
    if (this == IMAGE && facts.isPresent() && registered.length() == 0) {
      return Advice.of(WRONG_IMAGE);
    }
    return new Advice(text, registered.length() == 0 ? "" : command + " 0x" + registered.hex());
  }

  /** What is to be registered, if anything is. */
  private Bytes value(MachineFacts facts) {
    return switch (this) {
      case IMAGE -> facts.osImageHash();
      case MEASUREMENTS -> facts.mrAggregated();
      case DEVICE -> facts.deviceId();
      default -> Bytes.EMPTY;
    };
  }

  private static final String WRONG_IMAGE =
      "This machine's evidence names no OS image, which is denied. The likely cause is the wrong"
          + " variant of the image: deploy the one whose archive ends in -uki.tar.gz.";
}
