import type { PendingChange } from "@/core/contract/change_sets.ts";
import { ACTION_WORDS } from "@/core/contract/editor/commands.ts";
import { menuSchema } from "@/core/contract/editor/known_menus.ts";
import { toWritten } from "@/core/contract/editor/same_value.ts";
import { HIDDEN } from "@/core/contract/editor/table.ts";
import { plainText } from "@/core/contract/plain_text.ts";

const COLOURS = {
  add: "text-ok",
  set: "text-info",
  remove: "text-bad",
  move: "text-warn",
} as const;

/** Pending changes by menu, in the order they are carried out, each with what it does. */
export function PendingList({ changes, isBusy, onUndo, onOpen, children }: {
  changes: readonly PendingChange[];
  isBusy?: boolean;
  onUndo?: ((change: PendingChange) => void) | undefined;
  /** Goes to the menu that a change is about. */
  onOpen?: (menu: string) => void;
  /** What else is to be said of a change. */
  children?: (change: PendingChange) => preact.ComponentChildren;
}) {
  const menus = Map.groupBy(changes, ({ command }) => command.menu);
  return (
    <div class="divide-y divide-line">
      {[...menus].map(([menu, list]) => (
        <section key={menu} class="py-2" aria-label={menu}>
          <h3 class="flex flex-wrap items-baseline gap-x-2 px-4 py-1">
            {onOpen
              ? (
                <button
                  type="button"
                  class="font-medium hover:underline"
                  onClick={() => onOpen(menu)}
                >
                  {menuSchema(menu)?.title ?? menu}
                </button>
              )
              : <span class="font-medium">{menuSchema(menu)?.title ?? menu}</span>}
            <span class="mono text-xs font-normal text-text-3">{menu}</span>
          </h3>
          <ul>
            {list.map((change) => (
              <li key={change.id} class="px-4 py-1.5" data-change={change.command.action}>
                <div class="flex items-start gap-2">
                  <p class="min-w-0 flex-1">
                    <span class={`text-sm font-medium ${COLOURS[change.command.action]}`}>
                      {ACTION_WORDS[change.command.action]}
                    </span>{" "}
                    <bdi class="break line-clamp-2 inline">{plainText(change.label)}</bdi>
                  </p>
                  {onUndo && (
                    <button
                      type="button"
                      class="btn min-h-7! px-2! py-0.5"
                      aria-label={`Undo: ${ACTION_WORDS[change.command.action]} ${change.label}`}
                      disabled={isBusy}
                      onClick={() => onUndo(change)}
                    >
                      Undo
                    </button>
                  )}
                </div>
                <Attributes change={change} />
                {children?.(change)}
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

function Attributes({ change: { command, base, place } }: { change: PendingChange }) {
  if (command.action === "remove") return null;
  const where = command.action === "set" || (command.action === "add" && !command.before)
    ? null
    : command.before === null
    ? "To the end"
    : place
    ? `Before ${plainText(place)}`
    : "Before another item";
  if (command.action === "move") return <p class="break text-sm text-text-2">{where}</p>;
  return (
    <>
      {where && <p class="break text-sm text-text-2">{where}</p>}
      <dl class="mt-0.5 grid grid-cols-[minmax(5rem,auto)_1fr] gap-x-3 text-sm">
        {Object.entries(command.attributes).map(([name, value]) => [
          <dt key={name} class="mono text-text-2">{name}</dt>,
          <dd key={`${name}=`} class="mono break line-clamp-6">
            {command.action === "set" && (
              <>
                {base?.[name]
                  ? (
                    <del class="bg-bad-soft text-bad no-underline">
                      <bdi>{shown(base[name]!)}</bdi>
                    </del>
                  )
                  : <span class="text-text-3">not set</span>}
                <span class="px-1 text-text-3" aria-hidden="true">→</span>
                <span class="sr-only">becomes</span>
              </>
            )}
            {value === null || value === ""
              ? <span class="text-text-3">not set</span>
              : (
                <ins class="bg-ok-soft text-ok no-underline">
                  <bdi>
                    {value === HIDDEN && base?.[name] === HIDDEN ? "another secret" : shown(value)}
                  </bdi>
                </ins>
              )}
          </dd>,
        ])}
      </dl>
    </>
  );
}

const shown = (value: string) =>
  value === HIDDEN ? "••••••" : plainText(toWritten(value)).slice(0, 2_000);
