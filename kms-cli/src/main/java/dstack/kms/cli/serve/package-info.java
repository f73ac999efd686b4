/** The command that runs the server (specification 00 §6, 04 §2). Never reaches the simulation. */
@NullMarked
package dstack.kms.cli.serve;

import org.jspecify.annotations.NullMarked;
