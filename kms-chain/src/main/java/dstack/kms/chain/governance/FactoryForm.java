package dstack.kms.chain.governance;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Call;
import dstack.kms.chain.account.Word;
import dstack.kms.chain.calldata.AbiValue;
import dstack.kms.chain.calldata.KmsFunctions;
import dstack.kms.chain.endpoint.CallOutcome;
import dstack.kms.chain.endpoint.Endpoint;
import java.util.Optional;

/** Which of the two factory functions a DstackKms has (specification 20 §2.1). */
public enum FactoryForm {
  /** Every version: without the requirement of an up-to-date TCB. */
  FIVE_ARGUMENTS,
  /** Versions from 2026-04 on. */
  SIX_ARGUMENTS;

  /**
   * What the contract has, found by simulation: a contract without a function reverts without a
   * reason, one with it always gives one.
   */
  public static FactoryForm of(Endpoint endpoint, Address kms, Address sender, NewApp app) {
    Call six = SIX_ARGUMENTS.call(kms, app);
    return switch (endpoint.simulate(sender, six)) {
      case CallOutcome.Reverted(var revert) when revert.data().isEmpty() -> FIVE_ARGUMENTS;
      case CallOutcome.Reverted _, CallOutcome.Returned _ -> SIX_ARGUMENTS;
    };
  }

  /** The call; refused if the app needs what this form cannot say. */
  Call call(Address kms, NewApp app) {
    AbiValue owner = AbiValue.of(app.owner());
    AbiValue disabled = AbiValue.of(app.upgradesDisabled());
    AbiValue tcb = AbiValue.of(app.requireTcbUpToDate());
    AbiValue any = AbiValue.of(app.allowAnyDevice());
    AbiValue device = orZero(app.device());
    AbiValue hash = orZero(app.composeHash());
    return switch (this) {
      case SIX_ARGUMENTS ->
          KmsFunctions.DEPLOY_APP_6.on(kms, owner, disabled, tcb, any, device, hash);
      case FIVE_ARGUMENTS -> {
        if (app.requireTcbUpToDate()) {
          throw GovernanceRefusal.CONTRACT.because(
              "the contract at "
                  + kms
                  + " is of a version whose apps cannot require an up-to-date TCB: upgrade it"
                  + " first");
        }
        yield KmsFunctions.DEPLOY_APP_5.on(kms, owner, disabled, any, device, hash);
      }
    };
  }

  private static AbiValue orZero(Optional<PolicyHash> hash) {
    return AbiValue.of(hash.map(PolicyHash::word).orElse(Word.ZERO));
  }
}
