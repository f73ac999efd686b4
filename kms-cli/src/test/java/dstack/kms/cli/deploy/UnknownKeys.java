package dstack.kms.cli.deploy;

import io.fabric8.kubernetes.api.builder.Editable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds the keys of a manifest that its type does not have; the parser keeps them aside. */
final class UnknownKeys {
  private UnknownKeys() {}

  static List<String> in(Object manifest) {
    List<String> found = new ArrayList<>();
    walk(manifest, found);
    return found;
  }

  private static void walk(@Nullable Object value, List<String> found) {
    switch (value) {
      case null -> {}
      case Collection<?> values -> values.forEach(each -> walk(each, found));
      case Map<?, ?> values -> values.values().forEach(each -> walk(each, found));
      case Editable<?> type -> members(type, found);
      default -> {}
    }
  }

  private static void members(Object type, List<String> found) {
    for (Method method : type.getClass().getMethods()) {
      boolean getter =
          method.getName().startsWith("get")
              && method.getParameterCount() == 0
              && !Modifier.isStatic(method.getModifiers())
              && method.getDeclaringClass() != Object.class;
      if (getter) {
        Object value = value(type, method);
        if (method.getName().equals("getAdditionalProperties")
            && value instanceof Map<?, ?> unknown) {
          unknown.keySet().forEach(key -> found.add(String.valueOf(key)));
        } else {
          walk(value, found);
        }
      }
    }
  }

  private static @Nullable Object value(Object type, Method getter) {
    try {
      return getter.invoke(type);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new LinkageError("a getter of the model fails", e);
    }
  }
}
