package dstack.kms.sim.container;

import dstack.kms.core.bytes.Bytes;
import java.util.List;
import java.util.function.UnaryOperator;

/** What a platform itself says in a container (specification 10 §2, §3). */
public sealed interface PlatformEvidence {
  /** A TDX quote and the log of its guest. */
  record Tdx(Bytes quote, List<LoggedEvent> eventLog) implements PlatformEvidence {
    public Tdx {
      eventLog = List.copyOf(eventLog);
    }
  }

  /** The same with the quote of a TPM. */
  record GcpTdx(Bytes quote, List<LoggedEvent> eventLog, TpmQuoteContent tpm)
      implements PlatformEvidence {
    public GcpTdx {
      eventLog = List.copyOf(eventLog);
    }
  }

  /** The document of a Nitro Enclave. */
  record Nitro(Bytes document) implements PlatformEvidence {}

  /** The document of a NitroTPM. */
  record NitroTpm(Bytes document) implements PlatformEvidence {}

  /** An SEV-SNP report; the chain may be empty. */
  record SevSnp(Bytes report, List<Bytes> chain, String mrConfig) implements PlatformEvidence {
    public SevSnp {
      chain = List.copyOf(chain);
    }
  }

  /** The same with another log, where there is one. */
  default PlatformEvidence withEventLog(UnaryOperator<List<LoggedEvent>> edit) {
    return switch (this) {
      case Tdx(Bytes quote, List<LoggedEvent> log) ->
          new Tdx(quote, edit.apply(new java.util.ArrayList<>(log)));
      case GcpTdx(Bytes quote, List<LoggedEvent> log, TpmQuoteContent tpm) ->
          new GcpTdx(quote, edit.apply(new java.util.ArrayList<>(log)), tpm);
      case Nitro _, NitroTpm _, SevSnp _ -> this;
    };
  }
}
