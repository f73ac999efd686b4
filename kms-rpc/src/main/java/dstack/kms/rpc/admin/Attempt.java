package dstack.kms.rpc.admin;

/** What the headers of a request say about who sent it. */
sealed interface Attempt {
  /** The right token was shown, or none is needed. */
  record Accepted() implements Attempt {}

  /** Nothing right was shown. */
  record Rejected() implements Attempt {}

  /** A user and a password, which still have to be verified off the event loop. */
  record Password(String user, String password) implements Attempt {
    @Override
    public String toString() {
      return "Password[" + user + "]";
    }
  }
}
