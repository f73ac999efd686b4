package dstack.kms.chain.governance;

import dstack.kms.chain.calldata.AbiValue;
import dstack.kms.core.bytes.Bytes;
import java.util.List;

/** What a DstackKms shows about the key server: two public keys, a quote and its event log. */
public record KmsInfo(Bytes k256Pubkey, Bytes caPubkey, Bytes quote, Bytes eventlog) {
  AbiValue value() {
    return AbiValue.of(
        List.of(
            AbiValue.of(k256Pubkey),
            AbiValue.of(caPubkey),
            AbiValue.of(quote),
            AbiValue.of(eventlog)));
  }
}
