package dstack.kms.core.certificate;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What extension .9 says about an application (specification 02 §2.2). Informative: it is the
 * issuer's claim and authorizes nothing.
 *
 * @param mrSystem 32 bytes
 * @param mrAggregated 32 bytes
 * @param initScriptHashes 32 bytes each; absent where the platform makes no statement
 */
public record AppInfo(
    Bytes appId,
    Bytes composeHash,
    Bytes instanceId,
    Bytes deviceId,
    Bytes mrSystem,
    Bytes mrAggregated,
    Bytes osImageHash,
    Bytes keyProviderInfo,
    @Nullable List<Bytes> initScriptHashes) {
  /** Refuses measurements and hashes that are not of 32 bytes. */
  public AppInfo {
    requireHash("mr_system", mrSystem);
    requireHash("mr_aggregated", mrAggregated);
    if (initScriptHashes != null) {
      initScriptHashes = List.copyOf(initScriptHashes);
      initScriptHashes.forEach(hash -> requireHash("init_script_hashes", hash));
    }
  }

  /** The hashes of the init scripts, if there is a statement about them. */
  public Optional<List<Bytes>> initScripts() {
    return Optional.ofNullable(initScriptHashes);
  }

  private static void requireHash(String name, Bytes hash) {
    if (hash.length() != 32) {
      throw new RefusalException(CertificateRefusal.APP_INFO, name + " must be 32 bytes");
    }
  }
}
