package dstack.kms.cli.authapi;

import dstack.kms.testkit.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The framework of the original's service, with the rules of specification 21 §3.2. */
final class PeerValidator {
  private static final String SCRIPT =
      """
      import fastify from 'fastify';
      import { readFileSync } from 'node:fs';
      const digits = (bytes) => {
        const some = `[0-9a-fA-F]{0,${2 * bytes}}`;
        return { type: 'string', pattern: `^(?:0x${some}|${some})$` };
      };
      const app = fastify();
      app.setErrorHandler((error, request, reply) =>
        reply.code(error.validation ? 400 : 500).send({}));
      app.post('/', {
        schema: {
          body: {
            type: 'object',
            required: ['mrAggregated', 'osImageHash', 'appId', 'composeHash', 'instanceId', 'deviceId'],
            properties: {
              mrAggregated: digits(32), osImageHash: digits(32), composeHash: digits(32),
              deviceId: digits(32), appId: digits(20), instanceId: digits(20),
              mrSystem: { ...digits(32), default: '' },
              tcbStatus: { type: 'string', maxLength: 128, default: '' },
              advisoryIds: {
                type: 'array', maxItems: 128, items: { type: 'string', maxLength: 256 }, default: [] },
            },
          },
        },
      }, async (request) => request.body);
      const answers = [];
      for (const { body, type } of JSON.parse(readFileSync(process.argv[1]))) {
        const headers = type ? { 'content-type': type } : {};
        const payload = body === '' && !type ? undefined : body;
        const answer = await app.inject({ method: 'POST', url: '/', payload, headers });
        answers.push({ status: answer.statusCode, body: answer.statusCode === 200 ? answer.json() : {} });
      }
      console.log(JSON.stringify(answers));
      """;

  /**
   * A request.
   *
   * @param body its text
   * @param type its content type; empty for none
   */
  record Request(String body, String type) {}

  /**
   * What the framework makes of one.
   *
   * @param status 200 if its handler is reached
   * @param body what the handler sees
   */
  record Outcome(int status, JsonNode body) {}

  private PeerValidator() {}

  static List<Outcome> outcomes(List<Request> requests) throws IOException {
    Path file = Files.createTempFile("requests", ".json");
    try {
      Files.writeString(file, JsonMapper.shared().writeValueAsString(requests));
      return JsonMapper.shared()
          .readTree(Node.run(SCRIPT, file.toString()))
          .valueStream()
          .map(one -> new Outcome(one.get("status").intValue(), one.get("body")))
          .toList();
    } finally {
      Files.delete(file);
    }
  }
}
