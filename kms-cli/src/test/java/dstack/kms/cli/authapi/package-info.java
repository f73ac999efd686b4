/** The service for other nodes, compared with the original's framework. */
@NullMarked
package dstack.kms.cli.authapi;

import org.jspecify.annotations.NullMarked;
