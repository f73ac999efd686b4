package dstack.kms.sim.fault;

import com.google.errorprone.annotations.Immutable;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.sim.collateral.CollateralRecipe;
import dstack.kms.sim.collateral.SimulatedCollateral;
import dstack.kms.sim.collateral.TeeKind;
import dstack.kms.sim.collateral.Validity;
import dstack.kms.sim.pki.CertifiedKey;
import java.util.function.UnaryOperator;

/** Collateral that is not what it should be; the quote is right. */
public enum CollateralFault implements SimulatedFault {
  REVOKED_PCK(recipe -> recipe.revokedByPckCa(recipe.pki().issued(recipe.authority()))),
  REVOKED_INTERMEDIATE(recipe -> recipe.revokedByRoot(recipe.pki().ca(recipe.authority()))),
  REVOKED_TCB_SIGNER(recipe -> recipe.revokedByRoot(recipe.pki().tcbSigner())),
  REVOKED_ROOT(recipe -> recipe.revokedByRoot(recipe.pki().root())),
  EXPIRED_ROOT_CRL(recipe -> recipe.rootCrlValidity(Validity.endedBefore(recipe.now()))),
  EXPIRED_PCK_CRL(recipe -> recipe.pckCrlValidity(Validity.endedBefore(recipe.now()))),
  FORGED_ROOT_CRL(recipe -> recipe.rootCrlSigner(recipe.pki().freshKey())),
  FORGED_PCK_CRL(recipe -> recipe.pckCrlSigner(recipe.pki().freshKey())),
  PCK_CRL_IS_THE_ROOT_CRL(
      recipe -> recipe.editLast(made -> withLists(made, made.rootCaCrl(), made.rootCaCrl()))),
  ROOT_CRL_IS_THE_PCK_CRL(
      recipe -> recipe.editLast(made -> withLists(made, made.pckCrl(), made.pckCrl()))),
  UNREADABLE_PCK_CRL(
      recipe ->
          recipe.editLast(made -> withLists(made, made.rootCaCrl(), Bytes.fromHex("300100")))),
  EXPIRED_TCB_INFO(recipe -> recipe.tcbInfoValidity(Validity.endedBefore(recipe.now()))),
  FUTURE_TCB_INFO(recipe -> recipe.tcbInfoValidity(Validity.beginningAfter(recipe.now()))),
  EXPIRED_QE_IDENTITY(recipe -> recipe.qeIdentityValidity(Validity.endedBefore(recipe.now()))),
  FUTURE_QE_IDENTITY(recipe -> recipe.qeIdentityValidity(Validity.beginningAfter(recipe.now()))),
  /** Every level is made UpToDate after signing. */
  TCB_INFO_ALTERED_AFTER_SIGNING(
      recipe -> recipe.editLast(made -> withTcbInfo(made, CollateralFault::allUpToDate))),
  QE_IDENTITY_ALTERED_AFTER_SIGNING(
      recipe -> recipe.editLast(made -> withQeIdentity(made, CollateralFault::allUpToDate))),
  /** Signed by a certificate of the right name under another root. */
  SIGNER_UNDER_A_FOREIGN_ROOT(CollateralFault::foreignSigner),
  TCB_INFO_OF_ANOTHER_FMSPC(recipe -> recipe.fmspc(Bytes.fromHex("00a06d080000"))),
  TCB_INFO_FOR_SGX(recipe -> recipe.tcbInfoKind(TeeKind.SGX)),
  QE_IDENTITY_FOR_SGX(recipe -> recipe.qeIdentityKind(TeeKind.SGX)),
  TCB_INFO_WITHOUT_TDX_MODULE(
      recipe -> recipe.editTcbInfo(text -> text.replace("\"tdxModule\":", "\"tdxModulo\":"))),
  TCB_INFO_WITH_UNKNOWN_STATUS(
      recipe -> recipe.editTcbInfo(text -> text.replace("SWHardeningNeeded", "NewStatus"))),
  TCB_INFO_WITHOUT_LEVELS(
      recipe ->
          recipe.editTcbInfo(
              text -> text.substring(0, text.lastIndexOf("\"tcbLevels\"")) + "\"tcbLevels\":[]}")),
  /** One TDX component too few in every level. */
  TCB_INFO_WITH_15_TDX_COMPONENTS(
      recipe ->
          recipe.editTcbInfo(text -> text.replace(",{\"svn\":0}]},\"tcbDate\"", "]},\"tcbDate\"")));

  /** Changes collateral before or after it is signed. */
  @Immutable
  private interface Edit {
    void apply(CollateralRecipe recipe);
  }

  private final Edit edit;

  CollateralFault(Edit edit) {
    this.edit = edit;
  }

  /** Changes what the collateral says. */
  public void applyTo(CollateralRecipe recipe) {
    edit.apply(recipe);
  }

  private static void foreignSigner(CollateralRecipe recipe) {
    CertifiedKey root =
        recipe
            .pki()
            .plainRecipe("SIMULATED SGX Root CA", recipe.pki().freshKey())
            .authority(1)
            .selfSigned();
    CertifiedKey signer =
        recipe
            .pki()
            .plainRecipe("SIMULATED SGX TCB Signing", recipe.pki().freshKey())
            .signedBy(root);
    recipe.signer(signer, root);
  }

  private static String allUpToDate(String text) {
    return text.replace("\"OutOfDate\"", "\"UpToDate\"");
  }

  private static SimulatedCollateral withLists(SimulatedCollateral made, Bytes root, Bytes pck) {
    return new SimulatedCollateral(
        pck, made.pckCrlIssuerChain(), root, made.tcbInfo(), made.qeIdentity(), made.validity());
  }

  private static SimulatedCollateral withTcbInfo(
      SimulatedCollateral made, UnaryOperator<String> edit) {
    return new SimulatedCollateral(
        made.pckCrl(),
        made.pckCrlIssuerChain(),
        made.rootCaCrl(),
        made.tcbInfo().withText(edit.apply(made.tcbInfo().text())),
        made.qeIdentity(),
        made.validity());
  }

  private static SimulatedCollateral withQeIdentity(
      SimulatedCollateral made, UnaryOperator<String> edit) {
    return new SimulatedCollateral(
        made.pckCrl(),
        made.pckCrlIssuerChain(),
        made.rootCaCrl(),
        made.tcbInfo(),
        made.qeIdentity().withText(edit.apply(made.qeIdentity().text())),
        made.validity());
  }
}
