package dstack.kms.core.authority;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.core.config.ConfigSources;
import dstack.kms.core.config.DenyConfig;
import dstack.kms.core.config.KmsConfig;
import dstack.kms.core.refusal.RefusalException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The server's own list, before an authority that allows everybody. */
final class DenyingAuthorityTest {
  private static final Decision DENIED = new Decision.Denied("denied by this KMS node");

  @ParameterizedTest
  @CsvSource({
    "apps, 04, 20",
    "compose_hashes, 05, 32",
    "os_images, 02, 32",
    "devices, 07, 32",
    "mr_aggregated, 01, 32",
  })
  void deniesInBothRolesWhatItNamesAndNothingElse(String list, String digits, int length) {
    Authority denying = over(list, "ff".repeat(length) + ",0x" + digits.repeat(length));
    assertThat(denying.decideApp(BootInfos.example())).isEqualTo(DENIED);
    assertThat(denying.decideKms(BootInfos.example())).isEqualTo(DENIED);
    Authority other = over(list, "ff".repeat(length));
    assertThat(other.decideApp(BootInfos.example())).isEqualTo(new Decision.Allowed("gw"));
    assertThat(other.decideKms(BootInfos.example())).isEqualTo(new Decision.Allowed("gw"));
  }

  @Test
  void neverAllowsWhatItsAuthorityDenies() {
    Decision no = new Decision.Denied("no");
    Authority denying = DenyingAuthority.over(denied("apps", "ff".repeat(20)), new Fixed(no));
    assertThat(denying.decideApp(BootInfos.example())).isEqualTo(no);
    assertThat(denying.decideKms(BootInfos.example())).isEqualTo(no);
  }

  @Test
  void isNotThereWithoutAList() {
    Authority authority = new DevAuthority("gw");
    assertThat(DenyingAuthority.over(DenyConfig.NOBODY, authority)).isSameAs(authority);
  }

  @ParameterizedTest
  @CsvSource({
    "apps, 31",
    "compose_hashes, 20",
    "os_images, 31",
    "devices, 33",
    "mr_aggregated, 64"
  })
  void refusesAnEntryOfAnotherWidth(String list, int length) {
    assertThatThrownBy(() -> denied(list, "01".repeat(length)))
        .isInstanceOf(RefusalException.class)
        .hasMessageContaining("core.auth_api.deny." + list);
  }

  private static Authority over(String list, String entries) {
    return DenyingAuthority.over(denied(list, entries), new DevAuthority("gw"));
  }

  private static DenyConfig denied(String list, String entries) {
    return KmsConfig.load(
            ConfigSources.none().withFlags(Map.of("core.auth_api.deny." + list, entries)))
        .denied();
  }

  private record Fixed(Decision decision) implements Authority {
    @Override
    public Decision decideApp(dstack.kms.core.bootinfo.BootInfo bootInfo) {
      return decision;
    }

    @Override
    public Decision decideKms(dstack.kms.core.bootinfo.BootInfo bootInfo) {
      return decision;
    }

    @Override
    public AuthorityInfo info() {
      throw new AssertionError("not asked");
    }
  }
}
