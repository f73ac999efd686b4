package dstack.kms.sim.fault;

import com.google.errorprone.annotations.Immutable;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.sim.snp.SnpChip;
import dstack.kms.sim.snp.SnpField;
import dstack.kms.sim.snp.SnpProduct;
import dstack.kms.sim.snp.SnpReportRecipe;
import dstack.kms.sim.snp.SnpTcb;
import java.time.Duration;
import java.util.List;
import org.bouncycastle.asn1.x509.KeyUsage;

/** Certificates beside a right report that are not what they should be. */
public enum SnpChainFault implements SimulatedFault {
  VCEK_EXPIRED(
      report ->
          report.editLeaf(
              leaf ->
                  leaf.validity(
                      report.now().minus(Duration.ofDays(400)), report.now().minusSeconds(1)))),
  VCEK_NOT_YET_VALID(
      report ->
          report.editLeaf(
              leaf ->
                  leaf.validity(
                      report.now().plusSeconds(60), report.now().plus(Duration.ofDays(400))))),
  ASK_EXPIRED(
      report ->
          report.editAsk(
              ask ->
                  ask.validity(
                      report.now().minus(Duration.ofDays(400)), report.now().minusSeconds(1)))),
  /** The certificate names the right issuer, which never signed it. */
  VCEK_FORGED(SnpReportRecipe::forgedLeaf),
  FOREIGN_ROOT(SnpReportRecipe::foreignRoot),
  ASK_IS_NO_CA(report -> report.editAsk(ask -> ask.bare().keyUsage(KeyUsage.digitalSignature))),
  VCEK_OF_AN_OLDER_TCB(
      report -> report.certifiedTcb(SnpTcb.CURRENT.withSnp(SnpTcb.CURRENT.snp() - 1))),
  VCEK_OF_ANOTHER_CHIP(report -> report.certifiedChip(SnpChip.of(SnpProduct.MILAN, 4711))),
  VCEK_IS_A_VLEK(report -> report.leafName("SEV-VLEK")),
  /** Issued under the right product, but it says {@code Genoa} where AMD writes the product. */
  VCEK_OF_ANOTHER_PRODUCT(
      report -> report.certifiedChip(new SnpChip(SnpProduct.GENOA, report.get(SnpField.CHIP_ID)))),
  CHAIN_OF_THREE(report -> report.editChain(chain -> repeated(chain, chain.get(1)))),
  CHAIN_OF_THE_VCEK_ALONE(report -> report.editChain(chain -> List.of(chain.get(1)))),
  CHAIN_REVERSED(report -> report.editChain(chain -> List.of(chain.get(1), chain.get(0))));

  /** Changes certificates before they are signed. */
  @Immutable
  private interface Edit {
    void apply(SnpReportRecipe report);
  }

  private final Edit edit;

  SnpChainFault(Edit edit) {
    this.edit = edit;
  }

  /** Changes what the certificates say. */
  public void applyTo(SnpReportRecipe report) {
    edit.apply(report);
  }

  private static List<Bytes> repeated(List<Bytes> chain, Bytes certificate) {
    chain.add(certificate);
    return chain;
  }
}
