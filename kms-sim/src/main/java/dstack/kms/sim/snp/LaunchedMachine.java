package dstack.kms.sim.snp;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The digest of a launch (specification 16 §5).
 *
 * @param vcpuSignature of the processor's model
 */
public record LaunchedMachine(SnpImage image, int vcpus, long vcpuSignature, long features) {
  private static final Bytes NOTHING = Bytes.zeros(48);
  private static final long FIRST_EIP = 0xfffffff0L;
  private static final long VMSA_GPA = 0xfffffffff000L;
  private static final int PAGE = 4096;
  private static final int LENGTH = 0x70;

  /** The measurement that a report shows: 48 bytes. */
  public Bytes measurement() {
    Bytes digest = image.ovmfHash();
    for (LaunchSection section : image.sections()) {
      digest = measured(digest, section);
    }
    for (int i = 0; i < vcpus; i++) {
      long eip = i == 0 ? FIRST_EIP : image.resetEip();
      Bytes page = LaunchPages.vmsa(eip, vcpuSignature, features);
      digest = extended(digest, 2, VMSA_GPA, Digests.sha384(page));
    }
    return digest;
  }

  private Bytes measured(Bytes before, LaunchSection section) {
    return switch (section.type()) {
      case SnpImage.SEC_MEMORY, SnpImage.SVSM_CALLING_AREA -> zeros(before, section);
      case SnpImage.SECRETS -> extended(before, 5, section.gpa(), NOTHING);
      case SnpImage.CPUID -> extended(before, 6, section.gpa(), NOTHING);
      case SnpImage.KERNEL_HASHES ->
          extended(before, 1, section.gpa(), Digests.sha384(LaunchPages.hashes(image)));
      default -> throw new IllegalArgumentException("no section type " + section.type());
    };
  }

  private static Bytes zeros(Bytes before, LaunchSection section) {
    Bytes digest = before;
    for (long at = 0; at < section.size(); at += PAGE) {
      digest = extended(digest, 3, section.gpa() + at, NOTHING);
    }
    return digest;
  }

  private static Bytes extended(Bytes before, int type, long gpa, Bytes contents) {
    ByteBuffer info = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
    info.putShort((short) LENGTH).put((byte) type).putLong(8, gpa);
    return Digests.sha384(before, contents, Bytes.of(info.array()));
  }
}
