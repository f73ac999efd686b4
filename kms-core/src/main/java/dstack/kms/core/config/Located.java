package dstack.kms.core.config;

/**
 * A value and where it stands.
 *
 * @param value a String, Long, Boolean, List of String, or anything else a file may hold
 * @param origin {@code FILE:LINE}, a flag or a variable
 * @param textual whether the source knows text only, so that numbers are to be read from text
 */
record Located(Object value, String origin, boolean textual) {}
