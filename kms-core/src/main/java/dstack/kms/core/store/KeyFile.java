package dstack.kms.core.store;

/**
 * The files of a set, in the order in which they are published: the two root keys last, because
 * both of them existing is the one sign of a completed set-up.
 */
enum KeyFile {
  BOOTSTRAP_INFO("bootstrap-info.json"),
  RPC_DOMAIN("rpc-domain"),
  TMP_CA_CERT("tmp-ca.crt"),
  ROOT_CA_CERT("root-ca.crt"),
  RPC_CERT("rpc.crt"),
  TMP_CA_KEY("tmp-ca.key"),
  RPC_KEY("rpc.key"),
  ROOT_K256_KEY("root-k256.key"),
  ROOT_CA_KEY("root-ca.key");

  private final String fileName;

  KeyFile(String fileName) {
    this.fileName = fileName;
  }

  String fileName() {
    return fileName;
  }

  /** What the original calls the file while it writes it: the extension replaced. */
  String originalsTemporaryName() {
    int dot = fileName.lastIndexOf('.');
    return (dot < 0 ? fileName : fileName.substring(0, dot)) + ".tmp";
  }

  boolean isRootKey() {
    return this == ROOT_K256_KEY || this == ROOT_CA_KEY;
  }
}
