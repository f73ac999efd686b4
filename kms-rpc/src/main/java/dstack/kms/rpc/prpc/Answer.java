package dstack.kms.rpc.prpc;

import com.google.protobuf.Empty;
import com.google.protobuf.Message;

/** What a method answers, with the secrets lent to it; closed once it was encoded. */
public final class Answer implements AutoCloseable {
  /** The answer of a method that has none. */
  public static final Answer EMPTY = Answer.of(Empty.getDefaultInstance());

  private final Message message;
  private final LentSecrets secrets;

  private Answer(Message message, LentSecrets secrets) {
    this.message = message;
    this.secrets = secrets;
  }

  /** An answer without secrets. */
  public static Answer of(Message message) {
    return new Answer(message, new LentSecrets());
  }

  /** An answer that shares the lent secrets, which are wiped with it. */
  public static Answer carrying(Message message, LentSecrets secrets) {
    return new Answer(message, secrets);
  }

  /** The message; its secrets are readable until this is closed. */
  public Message message() {
    return message;
  }

  @Override
  public void close() {
    secrets.close();
  }
}
