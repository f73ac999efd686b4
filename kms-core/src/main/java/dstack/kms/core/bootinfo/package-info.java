/**
 * What an authority is asked about: the identity and the measurements of one workload, taken from
 * one verified attestation (specification 04 §7.2).
 */
@NullMarked
package dstack.kms.core.bootinfo;

import org.jspecify.annotations.NullMarked;
