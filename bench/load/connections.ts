/**
 * A small HTTP client for load: a fixed number of kept-alive connections, one request at a time on each, on bare
 * sockets, so that the generator takes as little as possible of the two cores it shares with what it measures.
 */
import { connect, type Socket } from 'node:net';

export interface Answered {
  status: number;
}

interface Waiting {
  bytes: Buffer;
  resolve: (answered: Answered) => void;
  reject: (error: Error) => void;
}

export class Connections {
  private readonly idle: Line[] = [];
  private readonly queue: Waiting[] = [];
  private readonly lines: Line[];

  constructor(
    private readonly to: { port: number; path: string; headers?: Record<string, string> },
    count: number,
  ) {
    this.lines = Array.from({ length: count }, () => new Line(to.port, (line) => this.free(line)));
    this.idle.push(...this.lines);
  }

  /** Posts a JSON body on the next free connection. */
  post(body: string): Promise<Answered> {
    const { path, headers = {} } = this.to;
    const more = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    const head =
      `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n${more.join('')}` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n`;
    return new Promise((resolve, reject) => {
      const waiting = { bytes: Buffer.from(head + body), resolve, reject };
      const line = this.idle.pop();
      if (line) line.send(waiting);
      else this.queue.push(waiting);
    });
  }

  close(): void {
    for (const line of this.lines) line.close();
  }

  private free(line: Line): void {
    const next = this.queue.shift();
    if (next) line.send(next);
    else this.idle.push(line);
  }
}

/** Servers close a connection that was idle for 5 s, Node's own after that; a request must not cross with that. */
const idleAtMostMs = 3_000;

/** One connection; opened at its first request, and again when it was closed or has been idle. */
class Line {
  private socket?: Socket;
  private usedAt = 0;
  private now?: Waiting;
  private heard = '';

  constructor(
    private readonly port: number,
    private readonly free: (line: Line) => void,
  ) {}

  send(waiting: Waiting): void {
    this.now = waiting;
    this.heard = '';
    if (performance.now() - this.usedAt > idleAtMostMs) this.socket?.destroy();
    this.open().write(waiting.bytes);
  }

  close(): void {
    this.socket?.destroy();
  }

  private open(): Socket {
    if (this.socket && !this.socket.destroyed && this.socket.writable) return this.socket;
    const socket = connect({ port: this.port, host: '127.0.0.1', noDelay: true });
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => this.hear(text));
    // One that was closed for being idle has nothing to do with what its successor waits for.
    const isCurrent = () => this.socket === socket;
    socket.on('error', (error) => isCurrent() && this.settle((now) => now.reject(error)));
    socket.on('close', () => {
      if (isCurrent()) this.settle((now) => now.reject(new Error('The server closed the connection.')));
    });
    this.socket = socket;
    return socket;
  }

  private hear(text: string): void {
    this.heard += text;
    const end = this.heard.indexOf('\r\n\r\n');
    if (end < 0) return;
    const length = /content-length: (\d+)/i.exec(this.heard.slice(0, end))?.[1] ?? '0';
    if (this.heard.length < end + 4 + Number(length)) return;
    const status = Number(this.heard.slice(9, 12));
    this.settle((now) => now.resolve({ status }));
  }

  private settle(tell: (now: Waiting) => void): void {
    const now = this.now;
    if (!now) return;
    this.now = undefined;
    this.usedAt = performance.now();
    tell(now);
    this.free(this);
  }
}
