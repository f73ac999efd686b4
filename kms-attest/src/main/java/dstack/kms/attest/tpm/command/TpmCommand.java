package dstack.kms.attest.tpm.command;

import dstack.kms.attest.tpm.TpmHandle;
import dstack.kms.attest.tpm.TpmWriter;
import java.util.List;

/**
 * One command: what is sent and how its answer reads.
 *
 * @param <R> the answer
 */
public interface TpmCommand<R> {
  /** The command's code. */
  CommandCode code();

  /** The handles in front of the parameters; none unless said otherwise. */
  default List<TpmHandle> handles() {
    return List.of();
  }

  /** The authorizations; a command without any is sent without sessions. */
  default List<Authorization> authorizations() {
    return List.of();
  }

  /** Writes the parameters; none unless said otherwise. */
  default void writeParameters(TpmWriter output) {}

  /** Whether a handle stands in front of the parameters of the answer. */
  default boolean returnsHandle() {
    return false;
  }

  /** Reads the answer to its end; what is left over is refused. */
  R read(Answer answer);
}
