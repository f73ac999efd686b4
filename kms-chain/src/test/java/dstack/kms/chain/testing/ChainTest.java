package dstack.kms.chain.testing;

import dstack.kms.chain.account.Address;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;

/**
 * A test class with one chain and one fresh KMS on it; each test begins in the state after the
 * deployment, whatever the one before did.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class ChainTest {
  /** The chain of this class. */
  protected TestChain chain;

  /** The KMS on it. */
  protected Deployment kms;

  /** Its owner. */
  protected Address owner;

  /** Somebody without any right. */
  protected Address stranger;

  private String fresh = "";

  @BeforeAll
  final void startChain() {
    chain = TestChain.start();
    kms = Deployment.on(chain);
    owner = kms.owner();
    stranger = chain.account(9);
    prepare();
  }

  /** What all tests of the class find on the chain beside the KMS. */
  protected void prepare() {}

  @BeforeEach
  final void remember() {
    fresh = chain.snapshot();
  }

  @AfterEach
  final void goBack() {
    chain.restore(fresh);
  }

  @AfterAll
  final void stopChain() {
    chain.close();
  }
}
