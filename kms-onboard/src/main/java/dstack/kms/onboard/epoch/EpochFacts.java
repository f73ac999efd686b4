package dstack.kms.onboard.epoch;

import dstack.kms.core.certificate.ParsedCertificate;
import java.util.Optional;

/**
 * One generation that lies here.
 *
 * @param epoch its number
 * @param folder where it lies
 * @param roots what it is known by; empty if there are no keys
 * @param certificate of its root CA, if it is there
 * @param endorsement by the generation before it; epoch 0 has none
 * @param finding why a node would not serve it; empty if it would
 */
public record EpochFacts(
    int epoch,
    String folder,
    Optional<RootIdentity> roots,
    Optional<ParsedCertificate> certificate,
    Optional<EpochStatement> endorsement,
    Optional<String> finding) {}
