package dstack.kms.core.config;

/**
 * How Nitro attestation documents are judged: {@code [core.attestation.nitro]} (specification 15
 * §11).
 *
 * @param unmeasuredEvents what an enclave may state about itself without any measurement
 * @param checkPcr8 whether register 8 of a NitroTPM must hold the configuration in the events
 */
public record NitroEvidenceConfig(UnmeasuredEvents unmeasuredEvents, boolean checkPcr8) {
  static final String UNMEASURED_EVENTS = "core.attestation.nitro.unmeasured_events";

  /** The events that an enclave's evidence may contain; nothing measures them. */
  public enum UnmeasuredEvents implements ConfigWord {
    /** The app id alone. */
    APP_ID_ONLY("app-id-only"),
    /** Also an instance id and a key provider, as in the original. */
    IDENTITY("identity");

    private final String word;

    UnmeasuredEvents(String word) {
      this.word = word;
    }

    @Override
    public String word() {
      return word;
    }
  }

  static NitroEvidenceConfig read(Section nitro) {
    return new NitroEvidenceConfig(
        nitro.word("unmeasured_events", UnmeasuredEvents.APP_ID_ONLY),
        nitro.flag("check_pcr8", true));
  }
}
