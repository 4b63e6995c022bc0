import type {
  ChangeConflict,
  ChangeSet,
  ChangeSetDevice,
  PendingChange,
} from "@/core/contract/change_sets.ts";
import { PUSH_WORDS } from "@/core/contract/push_views.ts";
import { utc } from "@/core/contract/format.ts";
import { PendingList } from "./PendingList.tsx";
import type { SetState } from "./set_state.ts";

/** What a change set does to one router, what speaks against it, and what became of it. */
export function RouterPart({ router, set, state, mayEdit }: {
  router: ChangeSetDevice;
  set: ChangeSet;
  state: SetState;
  mayEdit: boolean;
}) {
  const changes = set.pending.filter(({ deviceId }) => deviceId === router.id);
  const conflicts = state.conflicts.value?.items.filter(({ deviceId }) => deviceId === router.id);
  const unreadable = conflicts?.find(({ kind }) => kind === "unreadable");
  return (
    <section class="panel" aria-label={`Changes of ${router.name}`}>
      <header class="flex flex-wrap items-baseline gap-x-3 gap-y-1 border-b border-line px-4 py-3">
        <h2 class="min-w-0 flex-1 font-semibold">
          <a class="hover:underline" href={`/devices/${router.id}`}>
            <bdi class="break">{router.name}</bdi>
          </a>
          <span class="ml-2 text-sm font-normal text-text-2">
            {router.version && `RouterOS ${router.version} · `}
            {router.changes === 1 ? "1 change" : `${router.changes} changes`}
          </span>
        </h2>
        {mayEdit && (
          <a
            class="text-accent hover:underline"
            href={`/devices/${router.id}/editor?set=${set.id}`}
          >
            Open the editor
          </a>
        )}
      </header>
      {router.push && <PushOutcome push={router.push} />}
      {unreadable && <p class="break px-4 pt-3 text-warn">{unreadable.message}</p>}
      <PendingList
        changes={changes}
        isBusy={state.isBusy.value}
        onUndo={mayEdit
          ? ({ id }: PendingChange) => void state.write("DELETE", `/changes/${id}`)
          : undefined}
      >
        {(change) => {
          const own = conflicts?.filter(({ changeId, kind }) =>
            changeId === change.id && kind !== "unreadable"
          );
          return own && own.length > 0
            ? own.map((one, at) => <Told key={at} conflict={one} />)
            : null;
        }}
      </PendingList>
    </section>
  );
}

function PushOutcome({ push }: { push: NonNullable<ChangeSetDevice["push"]> }) {
  if (push.id !== null) {
    return (
      <p class="px-4 pt-3 text-sm">
        Pushed <time dateTime={push.at}>{utc(push.at)}</time>:{" "}
        <a class="text-accent underline" href={`/pushes/${push.id}`}>
          {push.state ? PUSH_WORDS[push.state] : "how it went"}
        </a>
      </p>
    );
  }
  return (
    <p class="break px-4 pt-3 text-bad">
      {push.problem ?? "The push did not begin: push it again."}
    </p>
  );
}

/** Both values, and what the change would make of them. */
function Told({ conflict: { message, attributes } }: { conflict: ChangeConflict }) {
  return (
    <div class="mt-1.5 rounded border border-warn bg-warn-soft px-3 py-2 text-sm" role="note">
      <p class="font-medium text-warn">{message}</p>
      {attributes.length > 0 && (
        <table class="mt-1 w-full text-left">
          <thead>
            <tr class="text-xs text-text-2">
              <th scope="col" class="pr-3 font-normal">Attribute</th>
              <th scope="col" class="pr-3 font-normal">When it was changed here</th>
              <th scope="col" class="pr-3 font-normal">On the router now</th>
              <th scope="col" class="font-normal">Wanted</th>
            </tr>
          </thead>
          <tbody>
            {attributes.map(({ name, then, now, wanted }) => (
              <tr key={name} class="align-top">
                <th scope="row" class="mono pr-3 font-normal">{name}</th>
                {[then, now, wanted].map((value, at) => (
                  <td key={at} class="mono break pr-3">
                    {value === null ? <span class="text-text-2">not set</span> : <bdi>{value}</bdi>}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}
