/**
 * Strict reading of the small JSON objects that evidence carries: event logs, VM configurations,
 * agent answers (specifications 10 §4 and §8, 12 §2).
 *
 * <p>Every value is asked for by name and type, a repeated name is refused, an unknown one ignored.
 * For this module only.
 */
@NullMarked
package dstack.kms.attest.json;

import org.jspecify.annotations.NullMarked;
