package dstack.kms.attest.device;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.reportdata.ReportData;

/** Gets a TDX quote of this machine. */
public interface TdxQuoteProvider {
  /**
   * The quote over the report data, all bytes that the platform gave, padding included. Blocks
   * within the provider's own time limits; the quote's report data were compared with the request,
   * nothing else about it was checked.
   *
   * @throws dstack.kms.core.refusal.RefusalException with a {@link DeviceRefusal}
   */
  Bytes quote(ReportData reportData);
}
