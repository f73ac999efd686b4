package dstack.kms.onboard.epoch;

/**
 * One thing outside this server that holds a root generation fast.
 *
 * @param what is pinned
 * @param value as it stands at that place
 * @param where that place is
 * @param breaks what no longer works when the root goes
 * @param move how it gets to the next generation
 */
public record Pin(String what, String value, String where, String breaks, String move) {}
