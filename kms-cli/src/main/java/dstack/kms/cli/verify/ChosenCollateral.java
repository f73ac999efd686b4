package dstack.kms.cli.verify;

import dstack.kms.attest.collateral.Collateral;
import dstack.kms.attest.collateral.CollateralEndpoint;
import dstack.kms.attest.collateral.CollateralService;
import dstack.kms.attest.collateral.CollateralSettings;
import dstack.kms.attest.collateral.CollateralSource;
import dstack.kms.attest.dcap.QuoteVerifier;
import dstack.kms.attest.quote.UnverifiedQuote;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** The collateral of one command: the file that was given, or what a service has. */
final class ChosenCollateral implements CollateralSource, AutoCloseable {
  private final Optional<Collateral> given;
  private final CollateralSource source;
  private final Runnable close;

  private ChosenCollateral(Optional<Collateral> given, CollateralSource source, Runnable close) {
    this.given = given;
    this.source = source;
    this.close = close;
  }

  /** Always this collateral. */
  static ChosenCollateral given(Collateral collateral) {
    return new ChosenCollateral(Optional.of(collateral), _ -> collateral, () -> {});
  }

  /** Collateral of that service, checked by the verifier before it is used. */
  static ChosenCollateral fetched(
      CollateralEndpoint endpoint, QuoteVerifier verifier, InstantSource clock) {
    ScheduledExecutorService scheduler =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("collateral").factory());
    CollateralService service =
        new CollateralService(
            CollateralSettings.of(List.of(endpoint)),
            verifier.collateralCheck(),
            clock,
            scheduler,
            new SecureRandom());
    return new ChosenCollateral(
        Optional.empty(),
        service,
        () -> {
          service.close();
          var _ = scheduler.shutdownNow();
        });
  }

  /** The collateral for a quote of which nothing is known; only a service needs it to parse. */
  Collateral forRawQuote(Bytes quote) {
    return given.orElseGet(() -> collateralFor(parsed(quote)));
  }

  private static UnverifiedQuote parsed(Bytes quote) {
    try {
      return UnverifiedQuote.parse(quote);
    } catch (RefusalException refusal) {
      throw refusal.within("Failed to parse quote");
    }
  }

  @Override
  public Collateral collateralFor(UnverifiedQuote quote) {
    return source.collateralFor(quote);
  }

  @Override
  public void close() {
    close.run();
  }
}
