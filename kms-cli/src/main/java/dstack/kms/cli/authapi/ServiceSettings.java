package dstack.kms.cli.authapi;

import dstack.kms.core.answer.AnswerSigner;
import dstack.kms.core.audit.AuditTrail;
import dstack.kms.core.config.Weakening;
import dstack.kms.rpc.http.TlsFront;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/**
 * How the service is run.
 *
 * @param address where it listens
 * @param tls in front of it; empty for plain HTTP
 * @param signer signs every answer; stays its owner's
 * @param audit takes every decision; stays its owner's
 * @param contract the policy contract's address as the caller wrote it, to be repeated so
 * @param padding whether short fields are filled up, as by the original, and not denied
 * @param weakenings what is weaker than the default
 */
record ServiceSettings(
    InetSocketAddress address,
    Optional<TlsFront> tls,
    Optional<AnswerSigner> signer,
    AuditTrail audit,
    Optional<String> contract,
    boolean padding,
    List<Weakening> weakenings) {
  ServiceSettings {
    weakenings = List.copyOf(weakenings);
  }

  /** Plain, unsigned, strict, and nothing recorded. */
  static ServiceSettings at(InetSocketAddress address) {
    return new ServiceSettings(
        address,
        Optional.empty(),
        Optional.empty(),
        AuditTrail.none(),
        Optional.empty(),
        false,
        List.of());
  }

  ServiceSettings behind(Optional<TlsFront> front) {
    return new ServiceSettings(address, front, signer, audit, contract, padding, weakenings);
  }

  ServiceSettings signedBy(Optional<AnswerSigner> key) {
    return new ServiceSettings(address, tls, key, audit, contract, padding, weakenings);
  }

  ServiceSettings recordedIn(AuditTrail trail) {
    return new ServiceSettings(address, tls, signer, trail, contract, padding, weakenings);
  }

  ServiceSettings naming(Optional<String> spelling) {
    return new ServiceSettings(address, tls, signer, audit, spelling, padding, weakenings);
  }

  ServiceSettings fillingUp(boolean shortFields) {
    return new ServiceSettings(address, tls, signer, audit, contract, shortFields, weakenings);
  }

  ServiceSettings weakenedBy(List<Weakening> weaker) {
    return new ServiceSettings(address, tls, signer, audit, contract, padding, weaker);
  }
}
