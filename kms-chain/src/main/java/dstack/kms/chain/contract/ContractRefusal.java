package dstack.kms.chain.contract;

import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalKind;

/** Why a compiler's output is not taken. */
public enum ContractRefusal implements RefusalCode {
  /** Missing, unreadable, too large, or not JSON. */
  UNREADABLE("contract-artifact-unreadable"),
  /** Not the shape of Foundry, of Hardhat or of our own artifacts. */
  SHAPE("contract-artifact-shape"),
  /** An interface or an abstract contract, which has no code to deploy. */
  NO_CODE("contract-artifact-no-code"),
  /** Needs the address of a library that nobody filled in. */
  UNLINKED("contract-artifact-unlinked"),
  /** More code than a chain takes. */
  SIZE("contract-artifact-size");

  private final String code;

  ContractRefusal(String code) {
    this.code = code;
  }

  @Override
  public String code() {
    return code;
  }

  @Override
  public RefusalKind kind() {
    return RefusalKind.INVALID;
  }
}
