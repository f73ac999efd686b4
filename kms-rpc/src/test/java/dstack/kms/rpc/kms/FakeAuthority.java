package dstack.kms.rpc.kms;

import dstack.kms.core.authority.Authority;
import dstack.kms.core.authority.AuthorityInfo;
import dstack.kms.core.authority.AuthorityRefusal;
import dstack.kms.core.authority.Decision;
import dstack.kms.core.bootinfo.BootInfo;
import dstack.kms.core.refusal.RefusalException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** An authority that says what a test wants and remembers what it was asked. */
public final class FakeAuthority implements Authority {
  /** What was asked: {@code app} or {@code kms}, and about whom. */
  public record Question(String kind, BootInfo about) {}

  public final List<Question> questions = new CopyOnWriteArrayList<>();
  public volatile Decision app = new Decision.Allowed("gateway-1");
  public volatile Decision kms = new Decision.Allowed("gateway-1");
  volatile Runnable whileAskedAboutKms = () -> {};
  public volatile boolean unreachable;
  public volatile boolean development;

  @Override
  public Decision decideApp(BootInfo bootInfo) {
    questions.add(new Question("app", bootInfo));
    return answer(app);
  }

  @Override
  public Decision decideKms(BootInfo bootInfo) {
    questions.add(new Question("kms", bootInfo));
    Decision said = answer(kms);
    whileAskedAboutKms.run();
    return said;
  }

  @Override
  public AuthorityInfo info() {
    answer(app);
    return new AuthorityInfo(
        development,
        Optional.of("gateway-1"),
        development ? Optional.empty() : Optional.of("0xabc"),
        development ? Optional.empty() : Optional.of(1L),
        development ? Optional.empty() : Optional.of("0xdef"),
        Optional.empty());
  }

  long asked(String kind) {
    return questions.stream().filter(question -> question.kind().equals(kind)).count();
  }

  private Decision answer(Decision decision) {
    if (unreachable) {
      throw new RefusalException(AuthorityRefusal.UNREACHABLE, "auth api is away", "http://secret");
    }
    return decision;
  }
}
