import type { RunRow } from "@/core/contract/device_runs.ts";
import { DeviceRefused, messageOf } from "@/core/errors.ts";
import {
  type CommandWords,
  DeadlineExceeded,
  type RouterosSession,
  type Row,
  TrapError,
} from "@/core/wire/routeros/mod.ts";
import { version, versionPair } from "../values.ts";
import type { RunContext, Runner } from "./runner.ts";

/** A router that says nothing for this long is asked whether it is still there … */
const SILENT_MS = 20_000;
/** … and has this long to answer. */
const ALIVE_MS = 10_000;

export interface RouterCommand<Params> {
  /** What is sent; words come from checked parameters alone. */
  words(
    params: Params,
    router: { major: number; minor: number },
  ): { command: string } & CommandWords;
  /**
   * A row as it is shown; `undefined`: not shown. What it throws ends the command.
   *
   * @param place its number in its table, from 0
   */
  row(row: Row, about: { params: Params; place: number }): RunRow | undefined;
  /** The row of a command that has none: made of the value behind `!done`, if there is one. */
  answer?(ret: string | undefined, about: { params: Params; tookMs: number }): RunRow;
}

/** A runner that is one command on the router, its rows passed on as they come. */
export function routerCommand<Params>(plan: RouterCommand<Params>): Runner<Params> {
  return async (context) => {
    using session = await context.open();
    const { rows } = await session.run("/system/resource/print", {
      proplist: ["version"],
      signal: context.signal,
    });
    const [major, minor] = versionPair(version(rows[0]?.["version"]).version);
    const { command, ...words } = plan.words(context.params, { major, minor });
    context.output.running();
    const watch = new AbortController();
    const alive = stayAlive(session, context, watch.signal);
    try {
      await Promise.race([alive, follow(session, command, words, context, plan)]);
    } finally {
      watch.abort();
      // Told to stop, the router has a few seconds to do so; then the session hangs up by itself.
      await session.idle();
    }
  };
}

function follow<Params>(
  session: RouterosSession,
  command: string,
  words: CommandWords,
  { signal, output, params, clock }: RunContext<Params>,
  plan: RouterCommand<Params>,
): Promise<void> {
  const began = clock.monotonic();
  let section: string | undefined;
  let place = 0;
  return new Promise((resolve, reject) => {
    const giveUp = session.start(command, { ...words, deadlineMs: Infinity, signal }, {
      row: (row) => {
        const own = row[".section"];
        place = own === section ? place + 1 : 0;
        section = own;
        try {
          const shown = plan.row(row, { params, place });
          if (shown) output.push(shown, own);
        } catch (error) {
          giveUp(error instanceof Error ? error : new Error(messageOf(error)));
        }
      },
      end: (error, ret) => {
        if (error) return reject(withAdvice(error));
        const tookMs = Math.round((clock.monotonic() - began) * 10) / 10;
        if (plan.answer) output.push(plan.answer(ret, { params, tookMs }));
        resolve();
      },
    });
  });
}

/** What to do about it, where the router's words do not say. */
function withAdvice(error: Error): Error {
  if (!(error instanceof TrapError) || !/not enough permissions/i.test(error.reason)) return error;
  return new DeviceRefused(
    `${error.message}. The group of this login needs the policies test and sniff on the router`,
  );
}

/** Rejects when a silent router turns out to be gone. A quiet log and a dead link look the same. */
export async function stayAlive(
  session: RouterosSession,
  { clock, output }: Pick<RunContext, "clock" | "output">,
  signal: AbortSignal,
): Promise<never> {
  let saidAt = clock.now();
  while (!signal.aborted) {
    await clock.sleep(SILENT_MS / 2, signal);
    saidAt = Math.max(saidAt, output.lastRowAt);
    if (signal.aborted || clock.now() - saidAt < SILENT_MS) continue;
    try {
      await session.run("/system/identity/print", {
        proplist: ["name"],
        deadlineMs: ALIVE_MS,
        signal,
      });
    } catch (error) {
      if (signal.aborted) break;
      if (error instanceof TrapError) continue; // an answer, too
      session.close();
      throw error instanceof DeadlineExceeded
        ? new DeadlineExceeded("The router stopped answering in the middle of it")
        : error;
    }
    saidAt = clock.now();
  }
  return await new Promise<never>(() => {});
}
