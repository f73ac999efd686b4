/** Several nodes of one fleet behind a real balancer. */
@NullMarked
package dstack.kms.acceptance.fleet;

import org.jspecify.annotations.NullMarked;
