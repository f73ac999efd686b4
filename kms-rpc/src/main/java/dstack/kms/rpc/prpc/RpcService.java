package dstack.kms.rpc.prpc;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The methods of one service under their bare names (specification 01 §2). */
public final class RpcService {
  private final String prefix;
  private final Map<String, RpcMethod<?>> methods;

  /**
   * @param name the service's name, which callers may put before a method's, with a dot
   * @param methods in the order in which they are listed at start
   * @throws IllegalArgumentException if two methods have one name
   */
  public RpcService(String name, List<RpcMethod<?>> methods) {
    this.prefix = name + ".";
    this.methods = new LinkedHashMap<>();
    for (RpcMethod<?> method : methods) {
      if (this.methods.put(method.name(), method) != null) {
        throw new IllegalArgumentException("two methods are named " + method.name());
      }
    }
  }

  /** The bare names in order. */
  public Set<String> names() {
    return java.util.Collections.unmodifiableSet(methods.keySet());
  }

  /** Removes the service's prefix from the left as often as it stands there. */
  String bareName(String name) {
    String rest = name;
    while (rest.startsWith(prefix)) {
      rest = rest.substring(prefix.length());
    }
    return rest;
  }

  Optional<RpcMethod<?>> method(String bareName) {
    return Optional.ofNullable(methods.get(bareName));
  }
}
