package dstack.kms.cli.status;

/**
 * A difference between the nodes of a fleet.
 *
 * @param code a short stable name
 * @param text what differs, and on which nodes
 * @param allowed whether nodes of one healthy fleet may differ in this
 */
record Divergence(String code, String text, boolean allowed) {}
