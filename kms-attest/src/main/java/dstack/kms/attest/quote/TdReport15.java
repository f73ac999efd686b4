package dstack.kms.attest.quote;

import dstack.kms.core.bytes.Bytes;
import java.util.List;

/**
 * A trust domain's report in the layout of TDX 1.5, 648 bytes (specification 11 §2).
 *
 * @param base the fields of TDX 1.0
 * @param teeTcbSvn2 16 bytes, never evaluated
 * @param mrServiceTd measurement of a service domain bound to this one, 48 bytes
 */
public record TdReport15(TdReport10 base, Bytes teeTcbSvn2, Bytes mrServiceTd) implements TdReport {
  /** Length in bytes. */
  public static final int LENGTH = 648;

  static TdReport15 read(QuoteReader in) {
    return new TdReport15(TdReport10.read(in), in.bytes(16), in.bytes(48));
  }

  @Override
  public Bytes teeTcbSvn() {
    return base.teeTcbSvn();
  }

  @Override
  public Bytes mrSeam() {
    return base.mrSeam();
  }

  @Override
  public Bytes mrSignerSeam() {
    return base.mrSignerSeam();
  }

  @Override
  public Bytes seamAttributes() {
    return base.seamAttributes();
  }

  @Override
  public Bytes tdAttributes() {
    return base.tdAttributes();
  }

  @Override
  public Bytes xfam() {
    return base.xfam();
  }

  @Override
  public Bytes mrTd() {
    return base.mrTd();
  }

  @Override
  public Bytes mrConfigId() {
    return base.mrConfigId();
  }

  @Override
  public Bytes mrOwner() {
    return base.mrOwner();
  }

  @Override
  public Bytes mrOwnerConfig() {
    return base.mrOwnerConfig();
  }

  @Override
  public List<Bytes> rtMrs() {
    return base.rtMrs();
  }

  @Override
  public Bytes reportData() {
    return base.reportData();
  }
}
