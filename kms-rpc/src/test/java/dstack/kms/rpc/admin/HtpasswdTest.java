package dstack.kms.rpc.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.core.refusal.RefusalException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Specification 01 §7, the htpasswd file. */
final class HtpasswdTest {
  /** The bcrypt test vector of the OpenBSD implementation: password {@code U*U}, cost 5. */
  private static final String VECTOR =
      "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";

  @TempDir private Path folder;

  @Test
  void verifiesAPublishedVectorInEachOfTheThreeForms() throws IOException {
    for (String form : new String[] {"$2a$", "$2b$", "$2y$"}) {
      Htpasswd users = read("u:" + VECTOR.replace("$2a$", form) + "\n");
      assertThat(users.verifies("u", "U*U")).as(form).isTrue();
      assertThat(users.verifies("u", "U*V")).isFalse();
      assertThat(users.verifies("U", "U*U")).isFalse();
      assertThat(users.verifies("", "")).isFalse();
    }
  }

  @Test
  void takesTheLaterLineForOneUser() throws IOException {
    String other = VECTOR.substring(0, VECTOR.length() - 1) + "A";
    assertThat(read("u:" + other + "\nu:" + VECTOR + "\n").verifies("u", "U*U")).isTrue();
    assertThat(read("u:" + VECTOR + "\nu:" + other + "\n").verifies("u", "U*U")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "# only a comment\n",
        "user\n",
        "user:plain\n",
        ":" + VECTOR + "\n",
        "user:$apr1$abcdefgh$0123456789012345678901\n",
        "user:$2x$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW\n",
        "user:$2a$31$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW\n",
        "user:$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOe\n",
        "user:" + VECTOR + " \n",
      })
  void refusesAFileWithAnythingElse(String content) {
    assertThatThrownBy(() -> read(content))
        .isInstanceOf(RefusalException.class)
        .hasMessageContaining("htpasswd file");
  }

  private Htpasswd read(String content) throws IOException {
    return Htpasswd.read(Files.writeString(folder.resolve("users"), content));
  }
}
