package dstack.kms.onboard.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.core.authority.AuthorityRefusal;
import dstack.kms.core.authority.Decision;
import dstack.kms.core.bootinfo.BootInfo;
import dstack.kms.core.bootinfo.BootInfoRefusal;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.onboard.testing.BootInfos;
import dstack.kms.onboard.testing.RecordingAuthority;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** The texts and the order of specification 04 §7.3. */
class SelfAuthorizationTest {
  private static final BootInfo SELF = BootInfos.any();

  private final RecordingAuthority authority = new RecordingAuthority();
  private final AtomicInteger attested = new AtomicInteger();

  @Test
  void passesWhenTheAuthorityAllowsThisMachine() {
    assertThatCode(() -> new SelfAuthorization(true, this::attest, authority).require())
        .doesNotThrowAnyException();
    assertThat(authority.askedAboutKms()).containsExactly(SELF);
  }

  @Test
  void attestsAndAsksAnewEveryTime() {
    SelfAuthorization authorization = new SelfAuthorization(true, this::attest, authority);

    authorization.require();
    authorization.require();

    assertThat(attested).hasValue(2);
    assertThat(authority.askedAboutKms()).hasSize(2);
  }

  @Test
  void refusesWithTheAuthoritysReason() {
    authority.answering(new Decision.Denied("Aggregated MR not allowed"));

    assertThatThrownBy(() -> new SelfAuthorization(true, this::attest, authority).require())
        .isInstanceOf(RefusalException.class)
        .hasMessage("boot denied: Aggregated MR not allowed")
        .extracting("code")
        .isEqualTo(SetupRefusal.NOT_ALLOWED);
  }

  @Test
  void refusesWhenTheAuthorityDoesNotAnswer() {
    authority.silent();

    assertThatThrownBy(() -> new SelfAuthorization(true, this::attest, authority).require())
        .isInstanceOf(RefusalException.class)
        .hasMessage("failed to call KMS auth check: error sending request for url (x)")
        .extracting("code")
        .isEqualTo(AuthorityRefusal.UNREACHABLE);
  }

  @Test
  void refusesWithoutAskingWhenItsOwnEvidenceDoesNotVerify() {
    Supplier<BootInfo> unusable =
        () -> {
          throw new RefusalException(BootInfoRefusal.APP_ID_LENGTH, "app_id must be 20 bytes");
        };

    assertThatThrownBy(() -> new SelfAuthorization(true, unusable, authority).require())
        .isInstanceOf(RefusalException.class)
        .hasMessage("failed to build local KMS boot info: app_id must be 20 bytes");
    assertThat(authority.askedAboutKms()).isEmpty();
  }

  @Test
  void asksNobodyWhenItIsSwitchedOff() {
    authority.answering(new Decision.Denied("never asked"));

    assertThatCode(() -> new SelfAuthorization(false, this::attest, authority).require())
        .doesNotThrowAnyException();
    assertThat(attested).hasValue(0);
    assertThat(authority.askedAboutKms()).isEmpty();
  }

  private BootInfo attest() {
    attested.incrementAndGet();
    return SELF;
  }
}
