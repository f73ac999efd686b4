/**
 * The ACPI data that QEMU gives a guest, made anew by the program that the original uses for it
 * (specification 17 §5.6).
 */
@NullMarked
package dstack.kms.attest.image.acpi;

import org.jspecify.annotations.NullMarked;
