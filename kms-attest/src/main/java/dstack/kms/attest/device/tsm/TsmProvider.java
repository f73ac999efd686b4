package dstack.kms.attest.device.tsm;

/** Whose reports an entry gives. */
public enum TsmProvider {
  /** The driver of Intel TDX. */
  TDX {
    @Override
    boolean named(String provider) {
      return provider.startsWith("tdx_guest");
    }

    @Override
    boolean sendsCertificates() {
      return false;
    }
  },
  /** The driver of AMD SEV-SNP. */
  SEV_SNP {
    @Override
    boolean named(String provider) {
      return provider.equals("sev_guest") || provider.equals("sev-guest");
    }

    @Override
    boolean sendsCertificates() {
      return true;
    }
  };

  /**
   * Whether the content of the file {@code provider}, without white space around, is this one's.
   */
  abstract boolean named(String provider);

  /** Whether certificates may come with the report. */
  abstract boolean sendsCertificates();
}
