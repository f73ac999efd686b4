package dstack.kms.core.certificate;

import dstack.kms.core.bootinfo.AppId;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.P256PublicKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an application asks to have certified, after its evidence has been verified.
 *
 * @param key the key that the evidence is bound to
 * @param appId from the verified evidence
 * @param organization the O of the subject, if any
 * @param commonName the CN of the subject
 * @param altNames IP addresses or DNS names
 * @param serverAuth whether it may serve
 * @param clientAuth whether it may connect
 * @param appInfo the content of .9, if asked for
 * @param attestation the content of .8, stripped already, if asked for
 * @param notBefore if asked for
 * @param notAfter if asked for
 */
public record LeafRequest(
    P256PublicKey key,
    AppId appId,
    @Nullable String organization,
    String commonName,
    List<String> altNames,
    boolean serverAuth,
    boolean clientAuth,
    @Nullable Bytes appInfo,
    @Nullable Bytes attestation,
    @Nullable Instant notBefore,
    @Nullable Instant notAfter) {
  public LeafRequest {
    altNames = List.copyOf(altNames);
  }

  Optional<String> organizationIfAny() {
    return Optional.ofNullable(organization);
  }

  Optional<Bytes> appInfoIfAny() {
    return Optional.ofNullable(appInfo);
  }

  Optional<Bytes> attestationIfAny() {
    return Optional.ofNullable(attestation);
  }

  Optional<Instant> notBeforeIfAny() {
    return Optional.ofNullable(notBefore);
  }

  Optional<Instant> notAfterIfAny() {
    return Optional.ofNullable(notAfter);
  }
}
