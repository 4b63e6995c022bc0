import type { Board } from "../boards.ts";
import type { Action, Menu } from "../menu.ts";
import type { Row } from "../live.ts";
import type { SimRouter } from "../router.ts";
import { Trap } from "../trap.ts";
import type { Version } from "../version.ts";

const action = (run: Action["run"], accepts: string[] = []): Action => ({ accepts, run });
const nothing = { ret: undefined } as const;

function state(router: SimRouter, asking?: object): Row {
  const { owner } = router.history;
  return {
    enabled: String(owner !== undefined),
    current: String(owner !== undefined && owner === asking),
    owner: owner ? `${owner.via}:${owner.address}` : "",
    user: owner?.user.name ?? "",
  };
}

/** What was done, and safe mode over it, which the API has since 7.18. */
export function safeModeMenus(_board: Board, version: Version): Menu[] {
  const history: Menu = { path: "/system/history", isFresh: true, rows: (r) => r.history.rows() };
  const root: Menu = {
    path: "",
    isFolder: true,
    rows: () => [],
    actions: {
      undo: action((router) => {
        router.history.undo();
        return nothing;
      }),
      redo: action((router) => {
        router.history.redo();
        return nothing;
      }),
    },
  };
  if (!version.atLeast("7.18")) return [history, root];
  return [history, root, {
    path: "/safe-mode",
    isSingle: true,
    isFresh: true,
    rows: (router) => [state(router)],
    actions: {
      take: action((router, attributes, actor) => {
        if (!actor.holder) throw new Trap("failure: only a session can take safe mode", 4);
        router.history.take(actor.holder, attributes.get("on-error"));
        return nothing;
      }, ["on-error"]),
      release: action((router) => {
        router.history.release();
        return nothing;
      }),
      unroll: action((router, _attributes, actor) => {
        const { owner } = router.history;
        if (owner && owner !== actor.holder) {
          throw new Trap("failure: safe mode is held by another session", 4);
        }
        router.history.unroll();
        return nothing;
      }),
      toggle: action((router, _attributes, actor) => {
        if (router.history.owner) router.history.release();
        else if (actor.holder) router.history.take(actor.holder);
        return nothing;
      }),
      print: {
        accepts: [".proplist", "proplist", "detail", "as-value", "without-paging"],
        policies: ["read"],
        run: (router, _attributes, actor) => [state(router, actor.holder)],
      },
    },
  }];
}
