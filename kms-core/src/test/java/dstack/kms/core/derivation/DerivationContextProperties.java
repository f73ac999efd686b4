package dstack.kms.core.derivation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.core.bootinfo.AppId;
import dstack.kms.core.bootinfo.InstanceId;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.Secp256k1PublicKey;
import dstack.kms.core.refusal.RefusalException;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class DerivationContextProperties {
  private static final Bytes KEY =
      Bytes.fromHex("0386172773801ee97812529cc944deab871b686a4cd6fe7df36260ece2832bc4ec");

  /** Ids that look like labels, so that a split between id and label could collide. */
  @Provide
  Arbitrary<Bytes> ids() {
    Arbitrary<Bytes> random = Arbitraries.bytes().array(byte[].class).ofSize(20).map(Bytes::of);
    Arbitrary<Bytes> labels =
        Arbitraries.of("app-disk-crypt-key", "env-encrypt-key", "app-ca", "app-key")
            .flatMap(
                label ->
                    Arbitraries.integers()
                        .between(0, 20 - label.length())
                        .map(at -> Bytes.concat(Bytes.zeros(at), Bytes.utf8(label)).paddedTo(20)));
    return Arbitraries.oneOf(random, labels);
  }

  @Provide
  Arbitrary<DerivationContext> contexts() {
    Arbitrary<AppId> apps = ids().map(AppId::new);
    Arbitrary<InstanceId> instances =
        Arbitraries.oneOf(ids(), Arbitraries.just(Bytes.EMPTY)).map(InstanceId::new);
    return Arbitraries.oneOf(
        Combinators.combine(apps, instances).as(DerivationContext.DiskCryptKey::new),
        apps.map(DerivationContext.EnvCryptKey::new),
        apps.map(DerivationContext.AppCa::new),
        apps.map(DerivationContext.AppKey::new));
  }

  @Property(tries = 5000)
  void t41_contextsAreEqualExactlyWhenTheirInfosAre(
      @ForAll("contexts") DerivationContext one, @ForAll("contexts") DerivationContext two) {
    assertThat(one.info().equals(two.info())).isEqualTo(one.equals(two));
  }

  @Property(tries = 500)
  void t41_purposesOfOneAppArePairwiseDistinct(@ForAll("ids") Bytes app, @ForAll("ids") Bytes id) {
    AppId appId = new AppId(app);
    assertThat(
            List.of(
                new DerivationContext.DiskCryptKey(appId, new InstanceId(id)).info(),
                new DerivationContext.DiskCryptKey(appId, new InstanceId(Bytes.EMPTY)).info(),
                new DerivationContext.EnvCryptKey(appId).info(),
                new DerivationContext.AppCa(appId).info(),
                new DerivationContext.AppKey(appId).info()))
        .doesNotHaveDuplicates();
  }

  @Property(tries = 500)
  void t12_statementsAreEqualExactlyWhenTheirPartsAre(
      @ForAll("ids") Bytes one, @ForAll("ids") Bytes two, @ForAll long seconds) {
    AppId first = new AppId(one);
    AppId second = new AppId(two);
    Bytes envKey = Bytes.concat(two, Bytes.zeros(12));
    Secp256k1PublicKey key = new Secp256k1PublicKey(KEY);
    assertThat(SignedStatement.issued(first, key).equals(SignedStatement.issued(second, key)))
        .isEqualTo(first.equals(second));
    assertThat(SignedStatement.envPublicKeyAt(first, seconds, envKey))
        .isNotEqualTo(SignedStatement.envPublicKey(first, envKey))
        .isNotEqualTo(SignedStatement.envPublicKeyAt(first, seconds + 1, envKey));
  }

  @Property(tries = 200)
  void t12_refusesAppIdOfAnyLengthOtherThanTwenty(@ForAll byte[] id) {
    if (id.length != 20) {
      assertThatThrownBy(() -> new AppId(Bytes.of(id)))
          .isInstanceOf(RefusalException.class)
          .hasMessage("app_id must be 20 bytes");
    }
  }
}
