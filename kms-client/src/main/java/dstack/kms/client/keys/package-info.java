/**
 * The keys of an application as they arrive: checked against the KMS that they must come from
 * (specification 03 §3–§5), and written to the file that programs of enclaves read (15 §7).
 */
@NullMarked
package dstack.kms.client.keys;

import org.jspecify.annotations.NullMarked;
