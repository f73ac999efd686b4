package dstack.kms.rpc.http;

/** Dresses an error that the server itself reports in the form that the route's callers read. */
@FunctionalInterface
public interface ErrorReplies {
  /** Plain text. */
  ErrorReplies PLAIN = (status, text) -> HttpReply.text(status, text + "\n");

  /** The answer with that status and text. */
  HttpReply reply(int status, String text);
}
