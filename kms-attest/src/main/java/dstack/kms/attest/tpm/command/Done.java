package dstack.kms.attest.tpm.command;

/** The answer of commands that return nothing. */
public enum Done {
  DONE
}
