package dstack.kms.core.config;

/**
 * One effective value, as {@code kms config check} prints it.
 *
 * @param key the dotted name
 * @param value the value as text; {@code (set)} for a secret, URLs without credentials
 * @param origin where it came from: {@code default}, {@code flag}, a variable or {@code FILE:LINE}
 */
public record Setting(String key, String value, String origin) {}
