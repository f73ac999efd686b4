package dstack.kms.client.fetch;

/** In which form the keys may come. */
public enum Delivery {
  /** Sealed to a key inside the evidence, or not at all (ADR 0019). */
  SEALED,
  /** Sealed; from a KMS that does not know that, as they are, inside TLS. */
  SEALED_IF_KNOWN,
  /** As they are, inside TLS, as every released client does. */
  PLAIN,
}
