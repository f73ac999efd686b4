/** What an auditor types at a log, right and wrong. */
@NullMarked
package dstack.kms.cli.audit;

import org.jspecify.annotations.NullMarked;
