package dstack.kms.core.config;

/**
 * One setting that makes the server weaker than its default (specification 00 §7).
 *
 * @param key the dotted name of the setting; a fixed set, so fit to be a metric's label
 * @param text what is weaker now, for logs and for {@code /ready}
 */
public record Weakening(String key, String text) {}
