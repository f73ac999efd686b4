package dstack.kms.attest.platform;

import java.util.List;

/**
 * How up to date a platform is.
 *
 * @param tcbStatus the word that authorities and the chain are told; empty where there is none
 * @param advisoryIds the vendor's advisories behind it, in order
 * @param assessed whether a vendor's signed statement about this platform stands behind the word;
 *     false where the word is fixed by the protocol or only says that the report is consistent
 */
public record PlatformStatus(String tcbStatus, List<String> advisoryIds, boolean assessed) {
  public PlatformStatus {
    advisoryIds = List.copyOf(advisoryIds);
  }
}
