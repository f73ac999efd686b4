/**
 * What the program logs and how much of it (specification 04 §9): the filter of {@code KMS_LOG} or
 * {@code RUST_LOG}, applied to Logback before a command runs. The form of a line is in {@code
 * logback.xml}, or JSON ({@code KMS_LOG_FORMAT}, {@code core.logging.format}). Called by the
 * program's start only.
 */
@NullMarked
package dstack.kms.cli.logging;

import org.jspecify.annotations.NullMarked;
