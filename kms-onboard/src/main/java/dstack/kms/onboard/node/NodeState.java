package dstack.kms.onboard.node;

import dstack.kms.core.refusal.RefusalException;
import java.net.InetSocketAddress;
import java.util.Optional;

/** Where a node is in its life. It only ever moves forward. */
public sealed interface NodeState {
  /** The key store was not looked at yet, or has no keys and nobody to ask for them. */
  record Empty() implements NodeState {}

  /**
   * There are no keys, and the plain set-up listener waits for an operator.
   *
   * @param listener where
   */
  record SettingUp(InetSocketAddress listener) implements NodeState {}

  /**
   * The node serves.
   *
   * @param main where the main listener is
   * @param admin where the admin listener is, if there is one
   */
  record Ready(InetSocketAddress main, Optional<InetSocketAddress> admin) implements NodeState {}

  /**
   * The node cannot start, and has ended.
   *
   * @param reason one clear message for the operator
   */
  record Refused(RefusalException reason) implements NodeState {}

  /** The node was told to stop, and has ended or is about to. */
  record Stopping() implements NodeState {}

  /** Whether a node in this state may move to that one. */
  default boolean mayBecome(NodeState next) {
    return switch (this) {
      case Empty _ -> !(next instanceof Empty);
      case SettingUp _ ->
          next instanceof Ready || next instanceof Refused || next instanceof Stopping;
      case Ready _ -> next instanceof Refused || next instanceof Stopping;
      case Refused _, Stopping _ -> false;
    };
  }

  /** Why the node is in this state, in a sentence for the operator. */
  default String why() {
    return switch (this) {
      case Empty _ -> "it begins";
      case SettingUp(InetSocketAddress listener) ->
          "there are no keys; the set-up listener waits at " + listener;
      case Ready(InetSocketAddress main, Optional<InetSocketAddress> _) -> "it serves at " + main;
      case Refused(RefusalException reason) -> "[" + reason.code().code() + "] " + reason.text();
      case Stopping _ -> "it was told to stop";
    };
  }

  /** A short name for status pages and the log. */
  default String name() {
    return switch (this) {
      case Empty _ -> "starting";
      case SettingUp _ -> "setting-up";
      case Ready _ -> "ready";
      case Refused _ -> "refused";
      case Stopping _ -> "stopping";
    };
  }
}
