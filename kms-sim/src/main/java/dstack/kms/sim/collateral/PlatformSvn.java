package dstack.kms.sim.collateral;

import dstack.kms.core.bytes.Bytes;

/**
 * The processor's part of a TCB level.
 *
 * @param cpuSvn 16 component SVNs
 * @param pceSvn the SVN of the provisioning certification enclave
 */
record PlatformSvn(Bytes cpuSvn, int pceSvn) {}
