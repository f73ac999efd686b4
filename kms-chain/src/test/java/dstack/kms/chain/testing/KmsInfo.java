package dstack.kms.chain.testing;

import dstack.kms.core.bytes.Bytes;
import java.util.List;

/** The argument of {@code setKmsInfo}. */
public record KmsInfo(Bytes k256Pubkey, Bytes caPubkey, Bytes quote, Bytes eventlog) {
  List<Object> members() {
    return List.of(k256Pubkey, caPubkey, quote, eventlog);
  }
}
