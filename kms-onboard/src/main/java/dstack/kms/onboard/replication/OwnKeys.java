package dstack.kms.onboard.replication;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.P256PublicKey;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.reportdata.ReportData;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The keys that this node made while it replicated. Whoever shows one of them, or the evidence over
 * one, is no source but a mirror (T-02).
 */
final class OwnKeys {
  private final Set<Bytes> keys = ConcurrentHashMap.newKeySet();
  private final Set<ReportData> bindings = ConcurrentHashMap.newKeySet();

  /** From now on this key is known to be the node's own. */
  void add(P256PublicKey key) {
    keys.add(key.subjectPublicKeyInfo());
    bindings.add(ReportData.ofCertificateKey(key.subjectPublicKeyInfo()));
  }

  /** Refuses a key that is this node's own. */
  void requireForeign(Bytes spki) {
    if (keys.contains(spki)) {
      throw reflected("key");
    }
  }

  /** Refuses evidence that this node made about itself. */
  void requireForeign(ReportData binding) {
    if (bindings.contains(binding)) {
      throw reflected("evidence");
    }
  }

  private static RefusalException reflected(String what) {
    return new RefusalException(
        ReplicationRefusal.OWN_EVIDENCE_REFLECTED,
        "the source shows this node's own "
            + what
            + " back to it: somebody answers in the source's place");
  }
}
