package dstack.kms.attest.appinfo;

import dstack.kms.core.refusal.RefusalException;

/** How the OS image of a TDX guest is to be checked. */
public enum TdxAttestationVariant {
  /** From the downloaded image. */
  LEGACY,
  /** From the measurement document alone. */
  LITE;

  static TdxAttestationVariant ofName(String name) {
    return switch (name) {
      case "legacy" -> LEGACY;
      case "lite" -> LITE;
      default ->
          throw new RefusalException(AppInfoRefusal.VM_CONFIG, "unknown variant `" + name + "`");
    };
  }
}
