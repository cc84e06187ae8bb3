import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the server does with `/api/chat`. `hang` takes the request and never answers. */
export type ChatBehaviour =
  | { type: 'answer'; content: string }
  | { type: 'hang' }
  | { type: 'status'; status: number; error: string }
  | { type: 'raw'; body: string };

/** Answers with this intent as a real model does. */
export function answering(intent: string): ChatBehaviour {
  return { type: 'answer', content: JSON.stringify({ intent }) };
}

/** A server with Ollama's HTTP interface on a free port of this machine. */
export class FakeOllama {
  behaviour: ChatBehaviour = answering('affirm');
  /** Bodies received by `/api/chat`. */
  readonly chats: Record<string, unknown>[] = [];
  /** Bodies received by `/api/generate`. */
  readonly generates: Record<string, unknown>[] = [];
  /** Chats that the client cut before they were answered. */
  cutChats = 0;

  private constructor(
    private readonly server: Server,
    private readonly models: readonly string[],
  ) {
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      this.answer(request, response).catch((error: unknown) => {
        response.destroy(error instanceof Error ? error : undefined);
      });
    });
  }

  static async start(models: readonly string[] = ['qwen2.5:1.5b', 'mistral:latest']): Promise<FakeOllama> {
    const server = createServer();
    const fake = new FakeOllama(server, models);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return fake;
  }

  get url(): string {
    // A listening TCP server has an address object.
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    switch (request.url) {
      case '/api/version': {
        json(response, 200, { version: '0.33.0' });
        return;
      }
      case '/api/tags': {
        json(response, 200, { models: this.models.map((name) => ({ name, model: name, size: 1 })) });
        return;
      }
      case '/api/generate':
        this.generates.push(await bodyOf(request));
        {
          json(response, 200, { model: 'm', response: '', done: true, done_reason: 'load' });
          return;
        }
      case '/api/chat':
        this.chats.push(await bodyOf(request));
        {
          this.chat(response);
          return;
        }
      default: {
        json(response, 404, { error: 'not found' });
        return;
      }
    }
  }

  private chat(response: ServerResponse): void {
    const { behaviour } = this;
    switch (behaviour.type) {
      case 'answer':
        json(response, 200, {
          model: 'm',
          message: { role: 'assistant', content: behaviour.content },
          done: true,
          done_reason: 'stop',
          total_duration: 1_000_000,
        });
        return;
      case 'hang':
        response.on('close', () => {
          this.cutChats += 1;
        });
        return;
      case 'status':
        json(response, behaviour.status, { error: behaviour.error });
        return;
      case 'raw':
        response.writeHead(200, { 'content-type': 'application/json' }).end(behaviour.body);
        return;
    }
  }
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  // Without an encoding set, a request yields buffers.
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString('utf8')) as Record<string, unknown>;
}
