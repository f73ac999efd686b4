package dstack.kms.onboard.node;

import dstack.kms.rpc.http.HttpRoutes;
import dstack.kms.rpc.kms.NodeKeys;
import dstack.kms.rpc.kms.OwnBootInfo;
import dstack.kms.rpc.kms.SelfCheck;
import dstack.kms.rpc.metrics.NodeMetrics;
import java.util.Optional;
import java.util.concurrent.Phaser;
import java.util.function.Supplier;

/**
 * What requests are answered with under one configuration. When another one takes over, requests
 * that have begun finish here, and only then are the parts closed.
 */
final class Generation {
  private final NodeParts parts;
  private final OwnBootInfo own;
  private final SelfCheck self;
  private final HttpRoutes main;
  private final Optional<HttpRoutes> admin;

  /** One party for being in use, and one for each request that runs. */
  private final Phaser inside =
      new Phaser(1) {
        @Override
        protected boolean onAdvance(int phase, int registered) {
          // Not on the thread of the last request, whose answer must not wait for this.
          Thread.ofVirtual().name("retired-parts").start(parts::close);
          return true;
        }
      };

  private Generation(
      NodeParts parts,
      OwnBootInfo own,
      SelfCheck self,
      HttpRoutes main,
      Optional<HttpRoutes> admin) {
    this.parts = parts;
    this.own = own;
    this.self = self;
    this.main = main;
    this.admin = admin;
  }

  /** Wires the parts to what serves; refuses what the configuration names and cannot be used. */
  static Generation of(NodeParts parts, Supplier<NodeKeys> keys, NodeMetrics metrics) {
    OwnBootInfo own = parts.ownBootInfo();
    SelfCheck self =
        new SelfCheck(parts.config().release().enforceSelfAuthorization(), own, parts.authority());
    return new Generation(
        parts,
        own,
        self,
        new MainListener(parts, metrics).routes(keys, self),
        AdminListener.routes(parts, metrics));
  }

  NodeParts parts() {
    return parts;
  }

  OwnBootInfo own() {
    return own;
  }

  SelfCheck self() {
    return self;
  }

  HttpRoutes main() {
    return main;
  }

  /** What operators reach, if they have a listener. */
  Optional<HttpRoutes> admin() {
    return admin;
  }

  /** Begins a request; false if the parts are closed. */
  boolean enter() {
    return inside.register() >= 0;
  }

  /** Ends a request that had begun. */
  void leave() {
    inside.arriveAndDeregister();
  }

  /** Is not in use any more: closes the parts once the last request has left. */
  void retire() {
    inside.arriveAndDeregister();
  }
}
