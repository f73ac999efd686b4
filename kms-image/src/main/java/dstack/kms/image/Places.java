package dstack.kms.image;

/** Where things lie in the image, without a slash at the beginning. */
final class Places {
  static final String HOME = "opt/kms";
  static final String RUNTIME = HOME + "/runtime";
  static final String JAVA = RUNTIME + "/bin/java";
  static final String LIB = HOME + "/lib";
  static final String NATIVE = HOME + "/native";
  static final String OPTIONS = HOME + "/jvm.args";
  static final String ARCHIVE = HOME + "/kms.jsa";
  static final String SBOM = HOME + "/bom.json";
  static final String PROGRAMS = "usr/local/bin";
  static final String CERTIFICATES = "etc/ssl/certs/ca-certificates.crt";

  /** The user and the group that the server runs as. */
  static final int USER = 10001;

  private Places() {}

  static String absolute(String place) {
    return "/" + place;
  }
}
