import { headers, type Msg, type NatsConnection } from "@nats-io/transport-node";
import { messageOf, Unavailable } from "@/core/errors.ts";
import type { Logger } from "@/core/log.ts";
import { NobodyServes, type Rpc } from "@/core/ports/bus.ts";
import { type Handler, Workers } from "./workers.ts";

const ERROR_HEADER = "Tod-Error";
const TIMEOUT_HEADER = "Tod-Timeout-Ms";
/**
 * The share of the asker's patience within which a handler may begin. The rest covers the way of the
 * message: the server counts from when it came, the asker from when it was sent.
 */
const BEGIN_WITHIN = 0.8;
const MAX_ERROR_TEXT = 2_000;

/** Request and reply over core NATS with queue groups; a handler's error travels in a header. */
export class NatsRpc implements Rpc {
  constructor(readonly connection: NatsConnection, readonly log: Logger) {}

  async request(
    subject: string,
    data: Uint8Array,
    { timeoutMs }: { timeoutMs: number },
  ): Promise<Uint8Array> {
    const sent = headers();
    sent.set(TIMEOUT_HEADER, String(Math.floor(timeoutMs * BEGIN_WITHIN)));
    let answer;
    try {
      answer = await this.connection.request(subject, data, { timeout: timeoutMs, headers: sent });
    } catch (error) {
      throw noAnswer(subject, timeoutMs, error);
    }
    const failure = answer.headers?.get(ERROR_HEADER);
    if (failure) throw new Unavailable(decodeURIComponent(failure));
    return answer.data;
  }

  async serve(
    subject: string,
    { group, concurrency, signal }: { group: string; concurrency: number; signal: AbortSignal },
    handler: Handler,
  ): Promise<void> {
    if (signal.aborted) return;
    const workers = new Workers(concurrency);
    const subscription = this.connection.subscribe(subject, { queue: group });
    // What has come already is answered; new requests go to others.
    const stop = () => void subscription.drain().catch(() => {});
    signal.addEventListener("abort", stop, { once: true });
    try {
      for await (const message of subscription) {
        const timeoutMs = Number(message.headers?.get(TIMEOUT_HEADER) || Infinity);
        void workers.run(timeoutMs, () => this.#answer(message, handler));
      }
    } finally {
      signal.removeEventListener("abort", stop);
      await workers.idle();
    }
  }

  async #answer(message: Msg, handler: Handler): Promise<void> {
    try {
      message.respond(await handler(message.data));
    } catch (error) {
      try {
        const failed = headers();
        failed.set(ERROR_HEADER, encodeURIComponent(messageOf(error).slice(0, MAX_ERROR_TEXT)));
        message.respond(new Uint8Array(), { headers: failed });
      } catch (error) {
        this.log.warn("an answer was lost", { subject: message.subject, error });
      }
    }
  }
}

function noAnswer(subject: string, timeoutMs: number, cause: unknown): Unavailable {
  const text = messageOf(cause);
  if (/no responders/i.test(text)) {
    return new NobodyServes(`Nobody serves ${subject}: check that its role runs`, { cause });
  }
  if (/timeout/i.test(text)) {
    return new Unavailable(`No answer on ${subject} within ${timeoutMs} ms`, { cause });
  }
  return new Unavailable(`Cannot ask ${subject}: ${text}`, { cause });
}
