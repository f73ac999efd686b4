package dstack.kms.attest.quote;

import dstack.kms.core.bytes.Bytes;
import java.util.List;

/** A trust domain's report: the fields that both layouts have. */
public sealed interface TdReport extends QuoteReport permits TdReport10, TdReport15 {
  /** Security versions of the TDX module and the loader, 16 bytes. */
  Bytes teeTcbSvn();

  /** Measurement of the TDX module, 48 bytes. */
  Bytes mrSeam();

  /** Signer of the TDX module, 48 bytes; zero for Intel's. */
  Bytes mrSignerSeam();

  /** Attributes of the TDX module, 8 bytes. */
  Bytes seamAttributes();

  /** Attributes of the trust domain, 8 bytes; bit 0 is DEBUG. */
  Bytes tdAttributes();

  /** Extended features that the domain may use, 8 bytes. */
  Bytes xfam();

  /** Measurement of the domain's initial memory, 48 bytes. */
  Bytes mrTd();

  /** Identifier of the domain's configuration, 48 bytes. */
  Bytes mrConfigId();

  /** Identifier of the domain's owner, 48 bytes. */
  Bytes mrOwner();

  /** Configuration by the domain's owner, 48 bytes. */
  Bytes mrOwnerConfig();

  /** The four run-time measurement registers, 48 bytes each. */
  List<Bytes> rtMrs();
}
