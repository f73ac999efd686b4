package dstack.kms.attest.snp.report;

/** Family, model and stepping of the processor, each one byte; in reports since version 3. */
public record CpuId(int family, int model, int stepping) {}
