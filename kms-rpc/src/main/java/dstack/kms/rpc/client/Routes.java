package dstack.kms.rpc.client;

/** Chooses the way to a server. */
@FunctionalInterface
public interface Routes {
  /** The way to the server of that URL. */
  Route to(RpcUrl url);

  /** Straight to every server. */
  static Routes direct() {
    return _ -> new Route.Direct();
  }
}
