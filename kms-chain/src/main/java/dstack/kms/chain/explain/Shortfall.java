package dstack.kms.chain.explain;

/**
 * A rule that a boot fails.
 *
 * @param rule which
 * @param says in words what is missing, and what to do where no command does it
 * @param command the one that would allow it, without the options that say where and by whom; empty
 *     if none does
 */
public record Shortfall(Rule rule, String says, String command) {}
