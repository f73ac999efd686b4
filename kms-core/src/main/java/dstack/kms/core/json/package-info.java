/**
 * What all readers of JSON from outside have in common: limits, and no memory of what they read.
 *
 * <p>For every module that reads what a client, a service or a file of others says. What the text
 * must be is said by each reader itself.
 */
@NullMarked
package dstack.kms.core.json;

import org.jspecify.annotations.NullMarked;
