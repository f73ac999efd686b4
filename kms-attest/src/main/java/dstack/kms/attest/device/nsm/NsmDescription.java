package dstack.kms.attest.device.nsm;

import java.util.List;

/**
 * What a Nitro security module says it is.
 *
 * @param versionMajor first part of its version
 * @param versionMinor second part
 * @param versionPatch third part
 * @param moduleId which module of which instance
 * @param maxPcrs how many registers it has
 * @param lockedPcrs which of them cannot change any more
 * @param digest the hash of the registers, for example {@code SHA384}
 */
public record NsmDescription(
    long versionMajor,
    long versionMinor,
    long versionPatch,
    String moduleId,
    long maxPcrs,
    List<Long> lockedPcrs,
    String digest) {
  public NsmDescription {
    lockedPcrs = List.copyOf(lockedPcrs);
  }
}
