package dstack.kms.cli.authapi;

import dstack.kms.rpc.http.HttpReply;
import dstack.kms.rpc.http.ReplyBody;

/**
 * An answer before it is written.
 *
 * @param status of HTTP
 * @param body JSON
 */
record JsonAnswer(int status, String body) {
  private static final String TYPE = "application/json; charset=utf-8";

  HttpReply reply() {
    return HttpReply.of(status, TYPE, ReplyBody.of(body));
  }
}
