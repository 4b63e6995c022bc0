import { LinkFailed, type RouterConnection } from "@/core/router_link/link.ts";
import { judge } from "./foreign.ts";
import { readMenu } from "./menu_rows.ts";
import type { PushRun } from "./push_run.ts";
import type { MenuRows } from "./record.ts";
import { undone } from "./undone.ts";
import { readFacts } from "./router_facts.ts";

export type Proof =
  | { readonly kind: "proven"; readonly after: readonly MenuRows[] }
  | { readonly kind: "failed"; readonly reason: string }
  | { readonly kind: "locked_out"; readonly reason: string };

/** Between the two looks: a route that is withdrawn, an address that is lost show themselves late. */
const APART_MS = 4_000;

/** Looks twice, each time on a new connection: what is established goes on through a closed firewall. */
export async function prove(run: PushRun): Promise<Proof> {
  let first: readonly MenuRows[] | undefined;
  for (let look = 0; look < 2; look++) {
    if (look > 0) await run.sleep(APART_MS);
    const seen = await run.visit((connection) => lookOnce(run, connection));
    if (!seen) return { kind: "locked_out", reason: "No new connection to the router comes about" };
    if (seen.kind !== "proven") return seen;
    if (first && !judge(run.record, first, seen.after).holds) {
      return { kind: "failed", reason: "What the change set did not last" };
    }
    first = seen.after;
  }
  return { kind: "proven", after: first! };
}

async function lookOnce(run: PushRun, connection: RouterConnection): Promise<Proof> {
  const { token, request } = run.record;
  const { net, commands } = run.plan;
  const failed = (reason: string): Proof => ({ kind: "failed", reason });
  try {
    const facts = await readFacts(connection, token, run.clock.now());
    const named = commands.findLast(({ menu, action }) =>
      menu === "/system/identity" && action === "set"
    );
    const name = named?.action === "set" ? named.attributes["name"] : undefined;
    if (facts.identity !== (name ?? run.evidence.identity)) {
      return failed("Another router answers at this address");
    }
    if (facts.fired !== undefined) return failed("The router took the change back by itself");
    if ((net === "script" || net === "backup") && !facts.script) {
      return failed(
        "What the push put on the router is gone: somebody removed it, or it restarted",
      );
    }
    if (run.hold && !facts.safeMode?.isHeld) {
      return failed("Safe mode was ended while the change was looked at");
    }
    const after = await readMenus(run, connection);
    const gone = undone(run.record, run.added, after);
    if (gone !== null) return failed(`What was made did not last: ${gone}`);
    for (const probe of request.probes) {
      const { ok, detail } = await run.deps.probe(run.record, probe, connection);
      if (!ok) return failed(`After the change ${detail}`);
    }
    return { kind: "proven", after };
  } catch (error) {
    if (error instanceof LinkFailed && error.reason === "trap") {
      return failed(`The router cannot be read: ${error.message}`);
    }
    throw error;
  }
}

export async function readMenus(
  run: PushRun,
  connection: RouterConnection,
): Promise<MenuRows[]> {
  const menus: MenuRows[] = [];
  for (const { menu } of run.evidence.before) menus.push(await readMenu(connection, menu));
  return menus;
}
