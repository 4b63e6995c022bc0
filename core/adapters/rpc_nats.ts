import type { NatsConnection } from "@nats-io/transport-node";
import { headers } from "@nats-io/transport-node";
import { messageOf, Unavailable } from "@/core/errors.ts";
import type { Logger } from "@/core/log.ts";
import type { Rpc } from "@/core/ports/bus.ts";

const ERROR_HEADER = "Tod-Error";

/** Request and reply over core NATS with queue groups; a handler's error travels in a header. */
export class NatsRpc implements Rpc {
  constructor(readonly connection: NatsConnection, readonly log: Logger) {}

  async request(
    subject: string,
    data: Uint8Array,
    { timeoutMs }: { timeoutMs: number },
  ): Promise<Uint8Array> {
    let answer;
    try {
      answer = await this.connection.request(subject, data, { timeout: timeoutMs });
    } catch (error) {
      const why = /no responders/i.test(messageOf(error))
        ? `Nobody serves ${subject}: check that its role runs`
        : `No answer on ${subject} within ${timeoutMs} ms`;
      throw new Unavailable(why, { cause: error });
    }
    const failure = answer.headers?.get(ERROR_HEADER);
    if (failure) throw new Unavailable(decodeURIComponent(failure));
    return answer.data;
  }

  async serve(
    subject: string,
    { group, concurrency, signal }: { group: string; concurrency: number; signal: AbortSignal },
    handler: (data: Uint8Array) => Promise<Uint8Array>,
  ): Promise<void> {
    if (signal.aborted) return;
    const running = new Set<Promise<void>>();
    const subscription = this.connection.subscribe(subject, { queue: group });
    const stop = () => subscription.unsubscribe();
    signal.addEventListener("abort", stop, { once: true });
    for await (const message of subscription) {
      while (running.size >= concurrency) await Promise.race(running);
      const answering: Promise<void> = (async () => {
        try {
          message.respond(await handler(message.data));
        } catch (error) {
          const failed = headers();
          failed.set(ERROR_HEADER, encodeURIComponent(messageOf(error)));
          message.respond(new Uint8Array(), { headers: failed });
        }
      })().catch((error) => this.log.warn("an answer was lost", { subject, error }))
        .finally(() => running.delete(answering));
      running.add(answering);
    }
    signal.removeEventListener("abort", stop);
    await Promise.allSettled(running);
  }
}
