package dstack.kms.onboard.backup.share;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.scale.ScaleReader;
import dstack.kms.core.scale.ScaleWriter;
import java.time.Instant;
import java.util.List;

/**
 * What a set is and for whom; public, and authenticated with the keys.
 *
 * @param setId 16 random bytes
 * @param created to the second
 * @param epoch the root generation of the keys
 * @param identity the public halves of the keys
 * @param domain the node's name when it made the set
 * @param threshold how many holders together can restore
 * @param holders in the order of their shares; the first has share 1
 */
public record Manifest(
    Bytes setId,
    Instant created,
    long epoch,
    Identity identity,
    String domain,
    int threshold,
    List<Holder> holders) {
  /** The largest number of holders. */
  public static final int MOST_HOLDERS = 255;

  static final int SET_ID = 16;
  private static final int VERSION = 1;
  private static final int HASH = 32;
  private static final int COMPRESSED_POINT = 33;
  private static final int MAX_DOMAIN = 253;

  /**
   * The public halves of the keys.
   *
   * @param rootCa SHA-256 of the root CA's subject public key info
   * @param k256 the root k256 key, 33 bytes compressed
   * @param tempCa SHA-256 of the temporary CA's subject public key info
   */
  public record Identity(Bytes rootCa, Bytes k256, Bytes tempCa) {}

  /**
   * One holder.
   *
   * @param fingerprint of the public key
   * @param commitment to the share, 32 bytes
   */
  public record Holder(Bytes fingerprint, Bytes commitment) {}

  public Manifest {
    holders = List.copyOf(holders);
  }

  /** The one encoding. */
  Bytes encode() {
    ScaleWriter out = new ScaleWriter();
    return out.writeU8(VERSION)
        .writeFixed(setId)
        .writeU32(created.getEpochSecond())
        .writeU32(epoch)
        .writeFixed(identity.rootCa())
        .writeFixed(identity.k256())
        .writeFixed(identity.tempCa())
        .writeString(domain)
        .writeU8(threshold)
        .writeVec(
            holders, holder -> out.writeFixed(holder.fingerprint()).writeFixed(holder.commitment()))
        .toBytes();
  }

  /** Reads that encoding; refuses every other version and what no set can be. */
  static Manifest decode(Bytes encoded) {
    ScaleReader in = new ScaleReader(encoded);
    int version = in.readU8();
    if (version != VERSION) {
      throw malformed("its format version is " + version + ", this program reads " + VERSION);
    }
    Manifest manifest =
        new Manifest(
            in.readFixed(SET_ID),
            Instant.ofEpochSecond(in.readU32()),
            in.readU32(),
            new Identity(in.readFixed(HASH), in.readFixed(COMPRESSED_POINT), in.readFixed(HASH)),
            in.readString(MAX_DOMAIN),
            in.readU8(),
            in.readVec(MOST_HOLDERS, () -> new Holder(in.readFixed(HASH), in.readFixed(HASH))));
    in.expectEnd();
    return manifest.checked();
  }

  private Manifest checked() {
    if (threshold < 2 || threshold > holders.size()) {
      throw malformed("any " + threshold + " of " + holders.size() + " holders cannot be");
    }
    return this;
  }

  /** The number of shares. */
  public int count() {
    return holders.size();
  }

  private static RefusalException malformed(String why) {
    return new RefusalException(ShareRefusal.MALFORMED, "not a backup's manifest: " + why);
  }
}
