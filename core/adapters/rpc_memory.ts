import { messageOf, Unavailable } from "@/core/errors.ts";
import type { Rpc } from "@/core/ports/bus.ts";

interface Server {
  free: number;
  handler: (data: Uint8Array) => Promise<Uint8Array>;
  waiting: (() => void)[];
}

/** Request and reply inside one process; several servers of a subject share the requests. */
export class MemoryRpc implements Rpc {
  #servers = new Map<string, Server[]>();
  #turn = 0;

  async request(
    subject: string,
    data: Uint8Array,
    { timeoutMs }: { timeoutMs: number },
  ): Promise<Uint8Array> {
    const servers = this.#servers.get(subject) ?? [];
    const server = servers[this.#turn++ % Math.max(servers.length, 1)];
    if (!server) throw new Unavailable(`Nobody serves ${subject}: check that its role runs`);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(new Unavailable(`No answer on ${subject} within ${timeoutMs} ms`)),
        timeoutMs,
      );
    });
    try {
      return await Promise.race([this.#call(server, data), late]);
    } catch (error) {
      throw error instanceof Unavailable ? error : new Unavailable(messageOf(error));
    } finally {
      clearTimeout(timer);
    }
  }

  async serve(
    subject: string,
    { concurrency, signal }: { group: string; concurrency: number; signal: AbortSignal },
    handler: (data: Uint8Array) => Promise<Uint8Array>,
  ): Promise<void> {
    if (signal.aborted) return;
    const server: Server = { free: concurrency, handler, waiting: [] };
    this.#servers.set(subject, [...this.#servers.get(subject) ?? [], server]);
    await new Promise<void>((resolve) => {
      signal.addEventListener("abort", () => resolve(), { once: true });
    });
    const rest = this.#servers.get(subject)!.filter((other) => other !== server);
    if (rest.length > 0) this.#servers.set(subject, rest);
    else this.#servers.delete(subject);
  }

  async #call(server: Server, data: Uint8Array): Promise<Uint8Array> {
    if (server.free === 0) await new Promise<void>((resolve) => server.waiting.push(resolve));
    else server.free -= 1;
    try {
      return await server.handler(data);
    } finally {
      const next = server.waiting.shift();
      if (next) next();
      else server.free += 1;
    }
  }
}
