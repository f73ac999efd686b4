package dstack.kms.attest.snp.launch;

import static dstack.kms.attest.snp.launch.LaunchRefusal.PARAMETERS;

import dstack.kms.core.refusal.RefusalException;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * All that goes into a launch digest, checked in the order of specification 16 §5.
 *
 * @param image what the OS image fixes
 * @param vcpus 1 to 512
 * @param vcpuSignature what the processor model measures as
 */
record LaunchInputs(OsImageMeasurement image, int vcpus, int vcpuSignature) {
  /**
   * Active SNP and nothing else. The host states the features and nothing but the measurement
   * vouches for them, so a guest that really runs with DebugSwap measures well; dstack launches
   * none with any other bit.
   */
  static final long GUEST_FEATURES = 1;

  /** A gibibyte; real firmware has some dozen pages, and each one costs a hash. */
  static final long MAX_PAGES = 262_144;

  private static final int MAX_VCPUS = 512;
  private static final int MAX_SECTIONS = 64;
  private static final String ROOTFS_HASH = "dstack.rootfs_hash=";

  static LaunchInputs of(OsImageMeasurement image, SnpMeasurement stated) {
    requireFeatures(stated.guestFeatures());
    requireRootfsHash(image.cmdline());
    requireVcpus(stated.vcpus());
    int signature = vcpuSignature(stated.vcpuType());
    requireLayout(image);
    requireSections(image.sections());
    return new LaunchInputs(image, (int) stated.vcpus(), signature);
  }

  private static void requireFeatures(BigInteger features) {
    if (!features.testBit(0)) {
      throw PARAMETERS.because("guest_features must set SNPActive (bit 0)");
    }
    if (!features.equals(BigInteger.valueOf(GUEST_FEATURES))) {
      throw PARAMETERS.because(
          "guest_features 0x" + features.toString(16) + " has more than SNPActive");
    }
  }

  private static void requireRootfsHash(String cmdline) {
    String hash =
        Arrays.stream(cmdline.split("\\s+"))
            .filter(token -> token.startsWith(ROOTFS_HASH))
            .map(token -> token.substring(ROOTFS_HASH.length()))
            .findFirst()
            .orElseThrow(() -> PARAMETERS.because("cmdline has no dstack.rootfs_hash"));
    if (!hash.matches("[0-9a-fA-F]{64}")) {
      throw PARAMETERS.because("dstack.rootfs_hash must be 32 bytes of hex");
    }
  }

  private static void requireVcpus(long vcpus) {
    if (vcpus == 0) {
      throw PARAMETERS.because("vcpus must be greater than zero");
    }
    if (vcpus > MAX_VCPUS) {
      throw PARAMETERS.because("vcpus must not exceed " + MAX_VCPUS);
    }
  }

  private static int vcpuSignature(Optional<String> type) {
    String name =
        type.filter(text -> !text.isBlank())
            .orElseThrow(() -> PARAMETERS.because("vcpu_type is required"));
    return VcpuTypes.signature(name)
        .orElseThrow(() -> PARAMETERS.because("unknown vcpu_type " + printable(name)));
  }

  private static String printable(String name) {
    return name.matches("[!-~]{1,64}") ? name : "of another form";
  }

  private static void requireLayout(OsImageMeasurement image) {
    if (image.sections().isEmpty()) {
      throw PARAMETERS.because("ovmf_sections are required for amd sev-snp");
    }
    if (image.sections().size() > MAX_SECTIONS) {
      throw PARAMETERS.because("ovmf section count must not exceed " + MAX_SECTIONS);
    }
    if (image.hashesTableGpa() == 0) {
      throw PARAMETERS.because("sev_hashes_table_gpa must be non-zero");
    }
    if (image.resetEip() == 0) {
      throw PARAMETERS.because("sev_es_reset_eip must be non-zero");
    }
  }

  private static void requireSections(List<OvmfSection> sections) {
    long pages = 0;
    boolean kernelHashes = false;
    for (OvmfSection section : sections) {
      pages += section.pages();
      requireSection(section, pages);
      kernelHashes |= requireType(section) == SectionType.KERNEL_HASHES;
    }
    if (!kernelHashes) {
      throw PARAMETERS.because("ovmf metadata does not include a snp_kernel_hashes section");
    }
  }

  private static void requireSection(OvmfSection section, long pages) {
    if (section.size() == 0) {
      throw PARAMETERS.because("ovmf section size must be greater than zero");
    }
    if (pages > MAX_PAGES) {
      throw PARAMETERS.because("ovmf metadata page count must not exceed " + MAX_PAGES);
    }
  }

  static SectionType requireType(OvmfSection section) {
    return SectionType.of(section.type()).orElseThrow(() -> unknownType(section));
  }

  private static RefusalException unknownType(OvmfSection section) {
    return PARAMETERS.because("unknown ovmf section_type 0x" + Long.toHexString(section.type()));
  }
}
