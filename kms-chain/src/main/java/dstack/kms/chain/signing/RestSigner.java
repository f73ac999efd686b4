package dstack.kms.chain.signing;

import dstack.kms.chain.account.Address;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.config.RpcUrl;
import dstack.kms.core.crypto.RecoverableSignature;
import dstack.kms.core.crypto.Secp256k1PublicKey;
import dstack.kms.core.http.BoundedBody;
import dstack.kms.core.refusal.RefusalException;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A signer outside with the interface of Web3Signer: {@code POST /api/v1/eth1/sign/KEY} with the
 * bytes to be hashed and signed, answered by the signature. It is not trusted.
 */
public final class RestSigner implements TransactionSigner {
  private static final Duration CONNECT = Duration.ofSeconds(3);
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int MAX_ANSWER = 4 << 10;
  private static final Pattern PATH =
      Pattern.compile(".*/api/v1/eth1/sign/(?:0x)?(?:04)?([0-9a-fA-F]{128})");
  private static final Pattern SIGNATURE = Pattern.compile("\"?0x([0-9a-fA-F]{130})\"?");

  private final RpcUrl url;
  private final Address account;
  private final HttpClient http =
      HttpClient.newBuilder()
          .connectTimeout(CONNECT)
          .followRedirects(HttpClient.Redirect.NEVER)
          .proxy(HttpClient.Builder.NO_PROXY)
          .build();

  private RestSigner(RpcUrl url, Address account) {
    this.url = url;
    this.account = account;
  }

  /** Whether a URL names one key of such a signer. */
  public static boolean isMeantBy(RpcUrl url) {
    return PATH.matcher(url.requestUri().getPath()).matches();
  }

  /** Signs with the key that the URL ends with: the 64 bytes of its point. */
  public static RestSigner of(RpcUrl url) {
    Matcher path = PATH.matcher(url.requestUri().getPath());
    if (!path.matches()) {
      throw SigningRefusal.SIGNER.because(
          "the URL must end with /api/v1/eth1/sign/ and the public key of 64 bytes");
    }
    Bytes point = Bytes.fromHex(path.group(1));
    Bytes sign = Bytes.of(new byte[] {(byte) (2 + (point.at(63) & 1))});
    Secp256k1PublicKey key = new Secp256k1PublicKey(Bytes.concat(sign, point.slice(0, 32)));
    if (!key.uncompressed().slice(1, 65).equals(point)) {
      throw SigningRefusal.SIGNER.because("the URL's public key is no point of secp256k1");
    }
    return new RestSigner(url, KeyAddress.of(key));
  }

  @Override
  public Address account() {
    return account;
  }

  @Override
  public SignedTransaction sign(UnsignedTransaction transaction) {
    HttpResponse<BoundedBody> answer = post("{\"data\":\"0x" + transaction.payload().hex() + "\"}");
    if (answer.statusCode() != 200) {
      throw SigningRefusal.SIGNER.because(
          "the signer answered with HTTP status " + answer.statusCode() + " instead of 200");
    }
    Matcher text = SIGNATURE.matcher(answer.body().content().utf8Text().strip());
    if (!text.matches()) {
      throw SigningRefusal.SIGNER.because("the signer answered with something else than 65 bytes");
    }
    return SignedTransaction.of(transaction, signature(Bytes.fromHex(text.group(1))), account);
  }

  private static RecoverableSignature signature(Bytes answer) {
    int v = answer.at(64);
    Bytes id = Bytes.of(new byte[] {(byte) (v >= 27 ? v - 27 : v)});
    return new RecoverableSignature(Bytes.concat(answer.slice(0, 64), id));
  }

  private HttpResponse<BoundedBody> post(String body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(url.requestUri())
            .timeout(PATIENCE)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body));
    url.authorization().ifPresent(value -> request.header("Authorization", value));
    try {
      return http.send(request.build(), _ -> BoundedBody.subscriber(MAX_ANSWER));
    } catch (IOException | IllegalArgumentException e) {
      // The latter is what the JDK makes of a Content-Length that is no number.
      throw unreachable(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unreachable(e);
    }
  }

  private RefusalException unreachable(Exception cause) {
    return new RefusalException(
        SigningRefusal.UNREACHABLE,
        "the signer at " + url + " did not answer",
        url.redacted(String.valueOf(cause)));
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
