import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { answerJson, startServer, type TestServer } from './httpServer.ts';
import { makeClient, never, type TestClient } from './setup.ts';

describe('asking for three times fifty tasks', () => {
  let server: TestServer;
  let made: TestClient;
  afterEach(async () => {
    await made.transport.close();
    await server.close();
  });

  const ids = Array.from({ length: 150 }, (_, n) => `task-${String(n)}`);
  const told = (from: number, to: number) => ids.slice(from, to);
  for (const [what, answerSecond, expected, queries] of [
    ['is told 429', refused(429), told(0, 50), 0],
    ['is told 401', refused(401), told(0, 50), 0],
    ['is told 500', refused(500), [...told(0, 50), ...told(100, 150)], 0],
    ['meets a gateway that is out of order', refused(502), [...told(0, 50), ...told(100, 150)], 0],
    ['loses the connection', cutOff, [...told(0, 50), ...told(100, 150)], 0],
    ['is told nothing that can be read', unreadable, ids, 50],
    ['is told that there is no such call', refused(404), ids, 100],
  ] as const)
    it(`keeps what it was told of the others when it ${what} of the second`, async () => {
      let batches = 0;
      server = await startServer(({ method, path, body }, response) => {
        if (method === 'GET') {
          answerJson(response, { id: path.split('/').at(-1), status: 'pending' });
          return;
        }
        batches += 1;
        if (batches === 2) {
          answerSecond(response);
          return;
        }
        const { task_ids: some } = JSON.parse(body) as { task_ids: string[] };
        answerJson(response, { data: some.map((id) => ({ id, status: 'pending' })) });
      });
      made = makeClient(server.url, 'sk-secret-of-mine');
      const { tasks, failure: broken } = await made.client.getTasks(ids, never);
      assert.deepEqual([...tasks.keys()], expected);
      assert.equal(broken !== undefined, expected.length < ids.length);
      const asked = server.seen.filter(({ method }) => method === 'GET').length;
      assert.equal(asked, queries);
    });
});

type AnswerSecond = (response: ServerResponse) => void;

function refused(status: number): AnswerSecond {
  return (response) => {
    answerJson(response, { error: 'x' }, status);
  };
}

function cutOff(response: ServerResponse): void {
  response.destroy();
}

function unreadable(response: ServerResponse): void {
  response.writeHead(200).end('a page');
}
