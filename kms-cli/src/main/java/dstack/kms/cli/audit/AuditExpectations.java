package dstack.kms.cli.audit;

import dstack.kms.cli.input.InputFile;
import dstack.kms.cli.input.InputRefusal;
import dstack.kms.core.audit.AuditHead;
import dstack.kms.core.audit.AuditPublicKey;
import dstack.kms.core.audit.AuditVerification;
import dstack.kms.core.crypto.P256PublicKey;
import dstack.kms.core.pem.PemArmor;
import dstack.kms.core.refusal.RefusalException;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** What is known of a log from elsewhere. */
final class AuditExpectations {
  @ArgGroup private @Nullable Key key;

  @Option(
      names = "--head",
      paramLabel = "SEQ:HASH",
      converter = AuditHeadArgument.class,
      description = "A line that is known to be in the log, for example anchored on chain.")
  private @Nullable AuditHead head;

  @Option(
      names = "--from",
      paramLabel = "SEQ",
      description = "The line that the log begins with, if earlier files were moved away.")
  private @Nullable Long from;

  private static final class Key {
    @Option(
        names = "--key",
        paramLabel = "HEX",
        converter = AuditKeyArgument.class,
        description = "The key of the log; without it the one that the log names.")
    private @Nullable AuditPublicKey key;

    @Option(
        names = "--key-file",
        paramLabel = "FILE",
        converter = InputFile.Converter.class,
        description = "The same as a PEM file with a PUBLIC KEY.")
    private @Nullable InputFile file;
  }

  AuditVerification verification() {
    return new AuditVerification(
        key(),
        Optional.ofNullable(head),
        from == null ? OptionalLong.empty() : OptionalLong.of(from));
  }

  /** Whether the key is known from elsewhere. */
  boolean hasKey() {
    return key != null;
  }

  private Optional<AuditPublicKey> key() {
    Key given = key;
    if (given == null) {
      return Optional.empty();
    }
    InputFile file = given.file;
    return file == null ? Optional.ofNullable(given.key) : Optional.of(keyOf(file));
  }

  private static AuditPublicKey keyOf(InputFile file) {
    return P256PublicKey.fromSubjectPublicKeyInfo(PemArmor.decode("PUBLIC KEY", file.text()))
        .map(AuditPublicKey::new)
        .orElseThrow(
            () ->
                new RefusalException(
                    InputRefusal.MALFORMED, file.name() + " holds no P-256 public key"));
  }
}
