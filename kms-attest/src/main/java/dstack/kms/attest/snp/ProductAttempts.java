package dstack.kms.attest.snp;

import dstack.kms.attest.snp.report.SnpProduct;
import dstack.kms.attest.snp.report.SnpReportRefusal;
import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.refusal.RefusalKind;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Tries a report under several products; the first success counts, all failures are named. */
final class ProductAttempts {
  private final String context;
  private final List<Failure> failures = new ArrayList<>();

  ProductAttempts(String context) {
    this.context = context;
  }

  private record Failure(SnpProduct product, RefusalException refusal) {
    String text() {
      return product.kdsName() + ": " + refusal.text();
    }

    String detail() {
      return refusal.detail().isEmpty() ? "" : product.kdsName() + ": " + refusal.detail();
    }
  }

  <T> T firstOf(List<SnpProduct> products, Function<SnpProduct, T> attempt) {
    for (SnpProduct product : products) {
      try {
        return attempt.apply(product);
      } catch (RefusalException refusal) {
        failures.add(new Failure(product, refusal));
      }
    }
    throw new RefusalException(code(), text(), detail());
  }

  private String text() {
    return context + ": " + failures.stream().map(Failure::text).collect(Collectors.joining("; "));
  }

  private String detail() {
    return failures.stream()
        .map(Failure::detail)
        .filter(detail -> !detail.isEmpty())
        .collect(Collectors.joining("; "));
  }

  /**
   * The reason that tells most: one that is only found when the signature held, then that something
   * was not available, so that nothing is decided, then the first.
   */
  private RefusalCode code() {
    List<RefusalCode> codes = failures.stream().map(failure -> failure.refusal().code()).toList();
    return codes.stream()
        .filter(code -> code == SnpReportRefusal.POLICY || code == SnpReportRefusal.TCB_TOO_OLD)
        .findFirst()
        .or(() -> codes.stream().filter(c -> c.kind() == RefusalKind.UNAVAILABLE).findFirst())
        .orElse(codes.getFirst());
  }
}
