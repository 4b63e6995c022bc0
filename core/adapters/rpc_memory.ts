import { messageOf, Unavailable } from "@/core/errors.ts";
import { NobodyServes, type Rpc } from "@/core/ports/bus.ts";
import { type Handler, Workers } from "./workers.ts";

/** Request and reply inside one process; several servers of a subject share the requests. */
export class MemoryRpc implements Rpc {
  #servers = new Map<string, { workers: Workers; handler: Handler }[]>();
  #turn = 0;

  async request(
    subject: string,
    data: Uint8Array,
    { timeoutMs }: { timeoutMs: number },
  ): Promise<Uint8Array> {
    const servers = this.#servers.get(subject) ?? [];
    const server = servers[this.#turn++ % Math.max(servers.length, 1)];
    if (!server) throw new NobodyServes(`Nobody serves ${subject}: check that its role runs`);
    return await new Promise<Uint8Array>((resolve, reject) => {
      const late = setTimeout(
        () => reject(new Unavailable(`No answer on ${subject} within ${timeoutMs} ms`)),
        timeoutMs,
      );
      void server.workers.run(timeoutMs, async () => {
        try {
          resolve(await server.handler(data));
        } catch (error) {
          reject(new Unavailable(messageOf(error), { cause: error }));
        } finally {
          clearTimeout(late);
        }
      });
    });
  }

  async serve(
    subject: string,
    { concurrency, signal }: { group: string; concurrency: number; signal: AbortSignal },
    handler: Handler,
  ): Promise<void> {
    if (signal.aborted) return;
    const server = { workers: new Workers(concurrency), handler };
    this.#servers.set(subject, [...this.#servers.get(subject) ?? [], server]);
    await new Promise<void>((resolve) => {
      signal.addEventListener("abort", () => {
        const rest = this.#servers.get(subject)!.filter((other) => other !== server);
        if (rest.length > 0) this.#servers.set(subject, rest);
        else this.#servers.delete(subject);
        resolve();
      }, { once: true });
    });
    await server.workers.idle();
  }
}
