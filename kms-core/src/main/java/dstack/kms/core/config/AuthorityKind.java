package dstack.kms.core.config;

/** Which authority decides: {@code core.auth_api.type}. */
enum AuthorityKind implements ConfigWord {
  WEBHOOK("webhook"),
  FILE("file"),
  CHAIN("chain"),
  DEV("dev");

  private final String word;

  AuthorityKind(String word) {
    this.word = word;
  }

  @Override
  public String word() {
    return word;
  }
}
