package dstack.kms.rpc.client;

import dstack.kms.core.config.TlsEngine;
import dstack.kms.rpc.tls.RaTlsClientContext;
import dstack.kms.rpc.tls.TlsIdentity;
import java.util.Optional;

/** The TLS side of a connection: which engine, whom to trust, who we are. */
record ClientTls(TlsEngine engine, ServerTrust trust, Optional<TlsIdentity> identity) {
  RaTlsClientContext context() {
    return switch (trust) {
      case ServerTrust.RootCa(var der) -> RaTlsClientContext.trusting(engine, der, identity);
      case ServerTrust.PinnedKey(var spki) ->
          RaTlsClientContext.trustingKey(engine, spki, identity);
      case ServerTrust.Unverified() -> RaTlsClientContext.trustingAnyone(engine, identity);
    };
  }
}
