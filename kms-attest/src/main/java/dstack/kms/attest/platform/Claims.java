package dstack.kms.attest.platform;

import dstack.kms.attest.eventlog.RuntimeEvents;
import dstack.kms.core.reportdata.ReportData;

/**
 * What the container around the evidence says, to be borne out by it.
 *
 * @param reportData what the evidence must be bound to
 * @param runtimeEvents what the machine says that it measured while it ran
 * @param config the VM configuration inside the container: never authenticated, possibly empty
 */
public record Claims(ReportData reportData, RuntimeEvents runtimeEvents, String config) {}
