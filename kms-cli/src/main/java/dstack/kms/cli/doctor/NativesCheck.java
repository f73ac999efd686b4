package dstack.kms.cli.doctor;

import dstack.kms.core.config.CryptoProvider;
import dstack.kms.core.config.TlsEngine;
import dstack.kms.core.crypto.SignatureVerifiers;
import dstack.kms.rpc.tls.TlsEngines;
import java.util.List;

/** Whether the native libraries load that make the server fast. */
final class NativesCheck implements HostCheck {
  private static final String SLOWER =
      "The pure-Java fall-back works and is slower; a glibc of x86_64 or aarch64 would load it.";

  @Override
  public List<Finding> look(Host host) {
    return List.of(tls(host.config().rpc().engine()), crypto(host.config().cryptoProvider()));
  }

  private static Finding tls(TlsEngine wanted) {
    if (wanted == TlsEngine.JDK) {
      return Finding.ok("native tls", "not wanted: rpc.tls.engine = \"jdk\"");
    }
    if (TlsEngines.isNativeAvailable()) {
      return Finding.ok("native tls", "BoringSSL loads");
    }
    return wanted == TlsEngine.BORINGSSL
        ? Finding.problem(
            "native tls",
            "BoringSSL does not load, and rpc.tls.engine asks for it",
            "Set rpc.tls.engine = \"auto\", or use a platform on which it loads.")
        : Finding.warning("native tls", "BoringSSL does not load", SLOWER);
  }

  private static Finding crypto(CryptoProvider wanted) {
    String inUse = SignatureVerifiers.named(wanted.word()).name();
    boolean fallenBack = wanted != CryptoProvider.BC && inUse.equals("BC");
    return fallenBack
        ? Finding.warning("native crypto", "the native provider does not load", SLOWER)
        : Finding.ok("native crypto", inUse + " verifies signatures");
  }
}
