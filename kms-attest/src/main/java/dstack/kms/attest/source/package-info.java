/** Where this machine's own evidence comes from (specifications 10 §8, 13). */
@NullMarked
package dstack.kms.attest.source;

import org.jspecify.annotations.NullMarked;
