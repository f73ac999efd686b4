/**
 * {@code kms config check} and the options with which every command that needs the configuration
 * names it (specification 00 §6 and §7).
 */
@NullMarked
package dstack.kms.cli.config;

import org.jspecify.annotations.NullMarked;
