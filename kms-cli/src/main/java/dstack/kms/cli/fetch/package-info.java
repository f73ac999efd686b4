/** {@code kms get-keys}: what an enclave runs to get its keys (specifications 00 §6, 15 §7). */
@NullMarked
package dstack.kms.cli.fetch;

import org.jspecify.annotations.NullMarked;
