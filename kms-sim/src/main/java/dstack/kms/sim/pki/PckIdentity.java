package dstack.kms.sim.pki;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import java.util.Optional;

/**
 * What the SGX extension of a PCK certificate says about a device (specification 11 §4).
 *
 * @param ppid 16 bytes
 * @param cpuSvn 16 bytes
 * @param pceSvn a number of 16 bits
 * @param pceId 2 bytes
 * @param fmspc 6 bytes
 * @param platformInstanceId 16 bytes; only under the Platform CA
 */
public record PckIdentity(
    Bytes ppid,
    Bytes cpuSvn,
    int pceSvn,
    Bytes pceId,
    Bytes fmspc,
    Optional<Bytes> platformInstanceId) {
  /** The FMSPC of every simulated device; none of Intel's. */
  public static final Bytes FMSPC = Bytes.fromHex("51d51d51d000");

  /** The CPUSVN of every simulated device. */
  public static final Bytes CPU_SVN = Bytes.fromHex("04040202040100050000000000000000");

  /** The PCESVN of every simulated device. */
  public static final int PCE_SVN = 13;

  /** The PCEID of every simulated device. */
  public static final Bytes PCE_ID = Bytes.fromHex("0000");

  /**
   * The identity of the device of that number: the same in every folder, so that tests know the
   * device id beforehand.
   */
  public static PckIdentity of(int device, PckAuthority authority) {
    return new PckIdentity(
        derived("ppid", device),
        CPU_SVN,
        PCE_SVN,
        PCE_ID,
        FMSPC,
        authority == PckAuthority.PLATFORM
            ? Optional.of(derived("platform instance", device))
            : Optional.empty());
  }

  /** The same with another FMSPC. */
  public PckIdentity withFmspc(Bytes other) {
    return new PckIdentity(ppid, cpuSvn, pceSvn, pceId, other, platformInstanceId);
  }

  /** The same with another CPUSVN. */
  public PckIdentity withCpuSvn(Bytes other) {
    return new PckIdentity(ppid, other, pceSvn, pceId, fmspc, platformInstanceId);
  }

  /** The device id that boot info carries: the SHA-256 of the PPID. */
  public Bytes deviceId() {
    return Digests.sha256(ppid);
  }

  private static Bytes derived(String purpose, int device) {
    return Digests.sha256(Bytes.utf8("SIMULATED " + purpose + " " + device)).slice(0, 16);
  }
}
