/** The commands that put contracts on the chain (specification 22 §3 and §5). */
@NullMarked
package dstack.kms.cli.gov.contract;

import org.jspecify.annotations.NullMarked;
