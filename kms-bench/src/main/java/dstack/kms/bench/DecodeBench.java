package dstack.kms.bench;

import dstack.kms.attest.evidence.UnverifiedAttestation;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Decoding of real attestations; the floor is one SHA-256 over the same bytes. */
@State(Scope.Benchmark)
public class DecodeBench {
  private final Bytes scale = QuoteSample.bytes("tdx/dstack_attestation_v0.bin");
  private final Bytes msgpack = QuoteSample.bytes("tdx/dstack_attestation_v1.msgpack");

  @Benchmark
  public UnverifiedAttestation decodeV0() {
    return UnverifiedAttestation.decode(scale);
  }

  @Benchmark
  public UnverifiedAttestation decodeV1() {
    return UnverifiedAttestation.decode(msgpack);
  }

  @Benchmark
  public Bytes decodeFloor() {
    return Digests.sha256(scale);
  }
}
