package dstack.kms.sim.fault;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.sim.quote.QuoteRecipe;
import dstack.kms.sim.quote.TdReportField;

/**
 * One of the 64 TD attributes turned over: set if a right TD has it clear, cleared if it has it
 * set.
 *
 * @param bit 0 (DEBUG) to 63 (PERFMON)
 */
public record TdAttributeBit(int bit) implements SimulatedFault {
  public TdAttributeBit {
    if (bit < 0 || bit > 63) {
      throw new IllegalArgumentException("no TD attribute " + bit);
    }
  }

  /** Turns the bit over before the quote is signed. */
  public void applyTo(QuoteRecipe recipe) {
    byte[] attributes = recipe.tdReport(TdReportField.TD_ATTRIBUTES).toArray();
    attributes[bit / 8] = (byte) (attributes[bit / 8] ^ 1 << bit % 8);
    recipe.tdReport(TdReportField.TD_ATTRIBUTES, Bytes.of(attributes));
  }
}
