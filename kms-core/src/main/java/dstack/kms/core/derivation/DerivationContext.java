package dstack.kms.core.derivation;

import dstack.kms.core.bootinfo.AppId;
import dstack.kms.core.bootinfo.InstanceId;
import dstack.kms.core.bytes.Bytes;

/**
 * What a key is derived for (specification 03 §3).
 *
 * <p>The info is a concatenation without lengths, as every version computes it. What keeps two
 * purposes apart is that app ids have 20 bytes, instance ids 20 or none, and that the labels differ
 * in length.
 */
sealed interface DerivationContext {
  /** The info that the key derivation function gets. */
  Bytes info();

  /** The key of an instance's disk; of all instances of the application if the id is empty. */
  record DiskCryptKey(AppId app, InstanceId instance) implements DerivationContext {
    private static final Bytes LABEL = Bytes.utf8("app-disk-crypt-key");

    @Override
    public Bytes info() {
      return Bytes.concat(app.value(), instance.value(), LABEL);
    }
  }

  /** The key that an application's environment variables are encrypted to. */
  record EnvCryptKey(AppId app) implements DerivationContext {
    private static final Bytes LABEL = Bytes.utf8("env-encrypt-key");

    @Override
    public Bytes info() {
      return Bytes.concat(app.value(), LABEL);
    }
  }

  /** The key of an application's certificate authority. */
  record AppCa(AppId app) implements DerivationContext {
    private static final Bytes LABEL = Bytes.utf8("app-ca");

    @Override
    public Bytes info() {
      return Bytes.concat(app.value(), LABEL);
    }
  }

  /** The secp256k1 key of an application. */
  record AppKey(AppId app) implements DerivationContext {
    private static final Bytes LABEL = Bytes.utf8("app-key");

    @Override
    public Bytes info() {
      return Bytes.concat(app.value(), LABEL);
    }
  }
}
