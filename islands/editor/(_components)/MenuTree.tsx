import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { knownMenus } from "@/core/contract/editor/known_menus.ts";
import type { EditorState } from "./editor_state.ts";

interface Entry {
  path: string;
  title: string;
  group: string;
}

const OTHERS = "Every other menu";
const MOST = 60;

/** All menus of the router's version: those with forms by subject, the others when searched for. */
function entriesOf(state: EditorState): Entry[] {
  const known = knownMenus(state.version)
    .map(({ path, title, group }) => ({ path, title, group }));
  const paths = new Set(known.map(({ path }) => path));
  const others = (state.menus.value ?? []).filter(({ path }) => !paths.has(path))
    .map(({ path }) => ({ path, title: path, group: OTHERS }));
  return [...known, ...others];
}

/** Menus: a tree beside the table, a select on a phone. */
export function MenuTree({ state, onOpen }: {
  state: EditorState;
  onOpen: (path: string) => void;
}) {
  const query = useSignal("");
  const showsOthers = useSignal(false);
  useEffect(() => void state.readMenus(), []);
  const entries = entriesOf(state);
  const words = query.value.toLowerCase().split(/[\s/]+/).filter(Boolean);
  const fitting = words.length > 0
    ? entries.filter(({ path, title }) =>
      words.every((word) => `${path} ${title}`.toLowerCase().includes(word))
    )
    : entries.filter(({ group }) => group !== OTHERS || showsOthers.value);
  const groups = Map.groupBy(
    words.length > 0 ? fitting.slice(0, MOST) : fitting,
    ({ group }) => group,
  );
  const counts = Map.groupBy(state.pending.value, ({ command }) => command.menu);
  const here = state.path.value;

  return (
    <>
      <label class="block lg:hidden">
        <span class="mb-1 block text-sm text-text-2">Menu</span>
        <select
          class="field"
          value={here}
          onChange={(event) => onOpen(event.currentTarget.value)}
        >
          {[...Map.groupBy(entries, ({ group }) => group)].map(([group, list]) => (
            <optgroup key={group} label={group}>
              {list.map(({ path, title }) => (
                <option key={path} value={path}>
                  {title}
                  {counts.has(path) ? ` (${counts.get(path)!.length} pending)` : ""}
                </option>
              ))}
            </optgroup>
          ))}
        </select>
      </label>
      <nav
        class="hidden lg:sticky lg:top-4 lg:block lg:max-h-[calc(100dvh-2rem)] lg:overflow-y-auto"
        aria-label="Menus"
      >
        <input
          type="search"
          class="field mb-3"
          placeholder="Find a menu"
          aria-label="Find a menu"
          value={query.value}
          onInput={(event) => query.value = event.currentTarget.value}
          onKeyDown={(event) => {
            if (event.key !== "Enter" || !fitting[0]) return;
            onOpen(fitting[0].path);
            query.value = "";
          }}
        />
        {[...groups].map(([group, list]) => (
          <div key={group} class="mb-3">
            <p class="px-2 pb-0.5 text-xs font-medium text-text-2">{group}</p>
            {list.map(({ path, title }) => (
              <a
                key={path}
                href={`?menu=${encodeURIComponent(path)}`}
                class={`nav-link py-1! text-sm ${group === OTHERS ? "mono" : ""}`}
                aria-current={path === here ? "page" : undefined}
                title={path}
                onClick={(event) => {
                  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
                  event.preventDefault();
                  onOpen(path);
                }}
              >
                <span class="min-w-0 flex-1">{breakable(title)}</span>
                {counts.has(path) && (
                  <span class="rounded-full bg-info-soft px-1.5 text-xs text-info">
                    {counts.get(path)!.length}
                    <span class="sr-only">pending</span>
                  </span>
                )}
              </a>
            ))}
          </div>
        ))}
        {words.length > 0 && fitting.length === 0 && (
          <p class="px-2 text-sm text-text-2">No menu of this version is called so.</p>
        )}
        {words.length > 0 && fitting.length > MOST && (
          <p class="px-2 text-sm text-text-2">{fitting.length - MOST} more: type on.</p>
        )}
        {words.length === 0 && state.menus.value && (
          <button
            type="button"
            class="btn w-full"
            aria-expanded={showsOthers.value}
            onClick={() => showsOthers.value = !showsOthers.value}
          >
            {showsOthers.value ? "Only menus with forms" : "Every menu"}
          </button>
        )}
      </nav>
    </>
  );
}

/** A path breaks where a folder ends, not within its name. */
function breakable(title: string) {
  return title.split(/(?=\/)/).map((part, at) => [at > 0 && <wbr key={at} />, part]);
}
