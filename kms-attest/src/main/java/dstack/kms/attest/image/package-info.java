/**
 * Whether a TDX guest booted the OS image that its configuration names (specification 17).
 *
 * <p>{@code archive} unpacks and verifies, {@code store} keeps, {@code measure} computes, {@code
 * acpi} asks the program that knows QEMU's tables; this package decides.
 */
@NullMarked
package dstack.kms.attest.image;

import org.jspecify.annotations.NullMarked;
