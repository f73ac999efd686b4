package dstack.kms.onboard.node;

import dstack.kms.rpc.http.HttpServer;
import io.netty.channel.Channel;
import java.lang.reflect.Field;
import java.util.Deque;

/** Reaches into a node for what nothing outside can do: its accepting socket closes by itself. */
final class OpenListeners {
  private OpenListeners() {}

  static void kill(NodeRunner node) throws ReflectiveOperationException {
    Object serving = field(field(node, "life"), "serving");
    Deque<?> open = (Deque<?>) field(field(serving, "open"), "open");
    for (Object closing : open) {
      for (Field captured : closing.getClass().getDeclaredFields()) {
        captured.setAccessible(true);
        if (captured.get(closing) instanceof HttpServer server) {
          ((Channel) field(server, "accepting")).close().awaitUninterruptibly();
        }
      }
    }
  }

  private static Object field(Object owner, String name) throws ReflectiveOperationException {
    Field field = owner.getClass().getDeclaredField(name);
    field.setAccessible(true);
    return field.get(owner);
  }
}
