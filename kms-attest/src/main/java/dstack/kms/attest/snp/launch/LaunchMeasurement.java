package dstack.kms.attest.snp.launch;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;

/** Computes the measurement that a report must carry if the guest was launched from the inputs. */
final class LaunchMeasurement {
  private static final int PAGE = 4096;

  /** The highest page of 48 bits, where the ABI counts every processor's state. */
  private static final long VMSA_GPA = 0x0000_ffff_ffff_f000L;

  private final LaunchInputs inputs;
  private final Bytes hashesPageDigest;

  LaunchMeasurement(LaunchInputs inputs) {
    this.inputs = inputs;
    this.hashesPageDigest = Digests.sha384(HashesPage.of(inputs.image()));
  }

  /** The launch digest, 48 bytes. */
  Bytes compute() {
    LaunchDigest digest = new LaunchDigest(inputs.image().ovmfHash());
    inputs.image().sections().forEach(section -> add(section, digest));
    addProcessors(digest);
    return digest.value();
  }

  void add(OvmfSection section, LaunchDigest digest) {
    long gpa = section.gpa();
    switch (LaunchInputs.requireType(section)) {
      case SEC_MEMORY, SVSM_CAA -> {
        for (long page = 0; page < section.pages(); page++) {
          digest.update(PageType.ZERO, gpa + page * PAGE, LaunchDigest.NO_CONTENTS);
        }
      }
      case SECRETS -> digest.update(PageType.SECRETS, gpa, LaunchDigest.NO_CONTENTS);
      case CPUID -> digest.update(PageType.CPUID, gpa, LaunchDigest.NO_CONTENTS);
      case KERNEL_HASHES -> digest.update(PageType.NORMAL, gpa, hashesPageDigest);
    }
  }

  private void addProcessors(LaunchDigest digest) {
    Bytes first = stateDigest(Vmsa.BOOT_EIP);
    Bytes other = stateDigest(inputs.image().resetEip());
    for (int vcpu = 0; vcpu < inputs.vcpus(); vcpu++) {
      digest.update(PageType.VMSA, VMSA_GPA, vcpu == 0 ? first : other);
    }
  }

  private Bytes stateDigest(int eip) {
    return Digests.sha384(Vmsa.page(eip, inputs.vcpuSignature(), LaunchInputs.GUEST_FEATURES));
  }
}
