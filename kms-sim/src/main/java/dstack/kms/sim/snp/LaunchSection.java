package dstack.kms.sim.snp;

/** A region that the firmware names in its metadata. */
record LaunchSection(long gpa, long size, int type) {}
