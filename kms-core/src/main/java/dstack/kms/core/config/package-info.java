/**
 * The configuration of the server: {@code kms.toml} of every published version and our own keys
 * beside it (specifications 04 §8, 00 §7 and §9).
 *
 * <p>{@link dstack.kms.core.config.KmsConfig#load} is the only way in. The schema is the set of
 * keys that the records of this package ask for, so that a key nobody reads cannot exist. Every
 * part of the server may use this package.
 */
@NullMarked
package dstack.kms.core.config;

import org.jspecify.annotations.NullMarked;
