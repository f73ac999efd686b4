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
      // The key is compared after the handshake, over the DER and before anything is sent.
      case ServerTrust.Unverified(), ServerTrust.PinnedKey(_) ->
          RaTlsClientContext.trustingAnyone(engine, identity);
    };
  }
}
