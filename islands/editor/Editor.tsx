import { useEffect, useMemo, useRef } from "preact/hooks";
import type { ChangeSet, ChangeSetHead } from "@/core/contract/change_sets.ts";
import { isOrderedMenu } from "@/core/contract/editor/known_menus.ts";
import { type EditorDevice, EditorState } from "./(_components)/editor_state.ts";
import { ItemForm } from "./(_components)/ItemForm.tsx";
import { LiveTable } from "./(_components)/LiveTable.tsx";
import { MenuTree } from "./(_components)/MenuTree.tsx";
import { PendingPanel } from "./(_components)/PendingPanel.tsx";
import { rowActs } from "./(_components)/row_acts.ts";
import { SingleItem } from "./(_components)/SingleItem.tsx";
import { TableBar } from "./(_components)/TableBar.tsx";

export interface EditorProps {
  device: EditorDevice;
  menu: string;
  set: ChangeSet | undefined;
  openSets: ChangeSetHead[];
  mayWrite: boolean;
  mayReveal: boolean;
}

const JUMP_MS = 1_500;

/** A router's configuration, live: every menu, and what is pending on it. It writes to no router. */
export default function Editor({ device, menu, set, openSets, mayWrite, mayReveal }: EditorProps) {
  const state = useMemo(() => new EditorState({ device, path: menu, set, openSets }), []);
  const acts = useMemo(() => rowActs(state), []);
  const main = useRef<HTMLElement>(null);
  const lastG = useRef(-Infinity);

  useEffect(() => {
    state.open(menu);
    const back = () => {
      state.open(new URLSearchParams(location.search).get("menu") ?? menu);
    };
    addEventListener("popstate", back);
    document.addEventListener("keydown", onKeyDown);
    return () => {
      removeEventListener("popstate", back);
      document.removeEventListener("keydown", onKeyDown);
    };
  }, []);

  function open(path: string) {
    if (path === state.path.value) return void state.refresh();
    const url = new URL(location.href);
    url.searchParams.set("menu", path);
    history.pushState(null, "", url);
    state.open(path);
    main.current?.scrollIntoView({ block: "nearest" });
  }

  function onKeyDown(event: KeyboardEvent) {
    const { target, key } = event;
    // "g a" and the like jump to pages.
    const isJump = performance.now() - lastG.current < JUMP_MS;
    if (key === "g") lastG.current = performance.now();
    if (isJump) return;
    if (event.ctrlKey || event.metaKey || event.altKey || state.form.value) return;
    if ((target as HTMLElement).closest("input, textarea, select, dialog")) return;
    if (document.querySelector("dialog[open]")) return;
    const table = state.table.value;
    if (key === "a" && mayWrite && table && !table.isSingle && !state.schema.value?.isFixed) {
      event.preventDefault();
      state.form.value = { kind: "add", from: undefined };
    } else if (key === "r") {
      event.preventDefault();
      void state.refresh();
    } else if (key === "f") {
      event.preventDefault();
      main.current?.querySelector<HTMLInputElement>("[data-filter]")?.focus();
    }
  }

  const table = state.table.value;
  const form = state.form.value;
  const count = state.pending.value.length;
  // It takes room from the table only once there is something in it.
  const hasPanel = state.set.value !== undefined || state.openSets.value.length > 0;
  return (
    <div
      class={`grid items-start gap-4 lg:grid-cols-[12rem_minmax(0,1fr)] ${
        hasPanel ? "xl:grid-cols-[12rem_minmax(0,1fr)_19rem]" : ""
      }`}
      data-testid="editor"
    >
      <MenuTree state={state} onOpen={open} />
      <section ref={main} class="min-w-0" aria-label="Menu" aria-busy={state.isReading.value}>
        <TableBar {...{ state, mayWrite, mayReveal }} />
        {state.readProblem.value
          ? (
            <div class="panel p-5" role="alert">
              <p class="break text-bad">{state.readProblem.value}</p>
              <button type="button" class="btn mt-3" onClick={() => void state.refresh()}>
                Try again
              </button>
            </div>
          )
          : !table
          ? <Waiting />
          : (
            <>
              {table.note && (
                <p class="mb-3 rounded-panel bg-warn-soft px-4 py-2 text-warn">{table.note}</p>
              )}
              {state.rows.value.length === 0
                ? (
                  <p class="panel p-6 text-center text-text-2">
                    {table.note ? "Nothing is shown." : "This menu is empty."}
                  </p>
                )
                : table.isSingle
                ? <SingleItem state={state} mayWrite={mayWrite} />
                : state.shown.value.length === 0
                ? <p class="panel p-6 text-center text-text-2">Nothing fits the filter.</p>
                : <LiveTable {...{ state, acts, mayWrite }} />}
              {mayWrite && !hasPanel && (
                <p class="mt-3 text-sm text-text-2">
                  What you change is collected, and reaches the router only when you push it.
                </p>
              )}
              {mayWrite && !table.isSingle && state.rows.value.length > 0 && (
                <p class="mt-2 hidden text-sm text-text-3 md:block">
                  Keys: ↑ ↓ rows, Enter opens{isOrderedMenu(table.menu) &&
                    ", Alt+↑ and Alt+↓ move"}, Delete removes, a adds, f filters, r reads again.
                </p>
              )}
            </>
          )}
      </section>
      {hasPanel && <PendingPanel {...{ state, mayWrite }} onOpen={open} />}
      <p class="sr-only" role="status">{state.said.value}</p>
      {count > 0 && (
        <a
          href="#pending"
          class="btn btn-primary fixed right-4 bottom-4 z-10 shadow-lg xl:hidden"
        >
          {count} pending
        </a>
      )}
      {form && table && (
        <ItemForm
          key={form.kind === "edit" ? form.row.key : "new"}
          {...{ state, acts, form, mayWrite }}
        />
      )}
    </div>
  );
}

function Waiting() {
  return (
    <div class="panel grid gap-2 p-4" role="status" aria-label="Reading from the router">
      {[1, 2, 3, 4, 5].map((line) => <div key={line} class="h-6 rounded bg-raised" />)}
    </div>
  );
}
