package dstack.kms.cli.serve;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What this process does on signals while it is open; afterwards it is as it was before.
 *
 * <p>A shutdown hook cannot end the process with a status of its own and never hears of {@code
 * SIGHUP}. The one way in the JDK is {@code sun.misc.Signal} of the module jdk.unsupported, which
 * the compiler lets nobody name without a warning; therefore it is named in text. Handlers run on a
 * thread of their own for each signal.
 */
final class ProcessSignals implements AutoCloseable {
  private final Deque<Runnable> restoring = new ArrayDeque<>();
  private final Class<?> signal;
  private final Class<?> handler;

  ProcessSignals() {
    try {
      signal = Class.forName("sun.misc.Signal");
      handler = Class.forName("sun.misc.SignalHandler");
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException("this Java runtime lacks the module jdk.unsupported", e);
    }
  }

  /** Runs this whenever the process gets that signal: {@code HUP}, {@code INT} or {@code TERM}. */
  ProcessSignals on(String name, Runnable action) {
    Object before = handle(name, proxy(action));
    restoring.push(() -> handle(name, before));
    return this;
  }

  @Override
  public void close() {
    while (!restoring.isEmpty()) {
      restoring.pop().run();
    }
  }

  private Object handle(String name, Object action) {
    try {
      Object which = signal.getConstructor(String.class).newInstance(name);
      return signal.getMethod("handle", signal, handler).invoke(null, which, action);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot handle SIG" + name, e);
    }
  }

  private Object proxy(Runnable action) {
    InvocationHandler onCall =
        (_, method, arguments) -> {
          if (method.getDeclaringClass() == Object.class) {
            return method.invoke(action, arguments);
          }
          action.run();
          return null;
        };
    return Proxy.newProxyInstance(
        ProcessSignals.class.getClassLoader(), new Class<?>[] {handler}, onCall);
  }
}
