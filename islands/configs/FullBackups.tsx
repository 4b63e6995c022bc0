import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { Actor } from "@/components/Actor.tsx";
import { EmptyState } from "@/components/EmptyState.tsx";
import type { BinaryBackup, BinaryOutcome, BinaryState } from "@/core/contract/binary_backups.ts";
import { bytes, utc } from "@/core/contract/format.ts";
import { local } from "@/core/contract/zone_time.ts";
import { ask } from "../ask.ts";
import { useChange } from "../settings/use_change.ts";
import { openStream } from "../stream.ts";
import { BackupPasswordForm } from "./(_components)/BackupPasswordForm.tsx";
import { RestoreForm } from "./(_components)/RestoreForm.tsx";
import { Restores } from "./(_components)/Restores.tsx";

export interface FullBackupsProps {
  deviceId: string;
  deviceName: string;
  initial: BinaryState;
  mayTake: boolean;
  mayReveal: boolean;
  mayRestore: boolean;
}

/** A router's full backups: taking, downloading and loading them. */
export default function FullBackups(props: FullBackupsProps) {
  const { deviceId, initial, mayTake } = props;
  const state = useSignal(initial);
  const said = useSignal<{ text: string; isBad: boolean; mayForce: boolean } | undefined>(
    undefined,
  );
  const change = useChange();
  const path = `/api/devices/${deviceId}/binary-backups`;

  async function reread() {
    const answer = await ask(path).catch(() => undefined);
    if (answer?.ok) state.value = await answer.json();
  }

  const isUnderWay = state.value.restores.some(({ endedAt }) => endedAt === null);
  useEffect(() => {
    if (!isUnderWay) return;
    return openStream(`${path}/stream`, {
      restore: () => void reread(),
      reset: () => void reread(),
    }, () => {});
  }, [isUnderWay]);

  async function take(force: boolean) {
    said.value = undefined;
    const answer = await change.run<BinaryOutcome>("POST", path, { force });
    if (!answer) return;
    const outcome = answer.body;
    said.value = outcome.outcome === "failed"
      ? { text: outcome.detail, isBad: true, mayForce: false }
      : outcome.outcome === "same"
      ? {
        text: "Nothing changed since the last one: it still holds.",
        isBad: false,
        mayForce: true,
      }
      : { text: "Taken.", isBad: false, mayForce: false };
    await reread();
  }

  const { items, restores, detail } = state.value;
  return (
    <>
      {mayTake && (
        <div class="mb-4 flex flex-wrap items-center gap-3">
          <button
            type="button"
            class="btn btn-primary"
            disabled={change.isBusy.value || isUnderWay}
            onClick={() => void take(false)}
          >
            {change.isBusy.value ? "Taking, up to two minutes…" : "Take a full backup"}
          </button>
          {change.problem.value && (
            <p class="break text-bad" role="alert">{change.problem.value}</p>
          )}
          {said.value && (
            <p class={`break ${said.value.isBad ? "text-bad" : "text-ok"}`} role="status">
              {said.value.text}
            </p>
          )}
          {said.value?.mayForce && (
            <button
              type="button"
              class="btn"
              disabled={change.isBusy.value}
              onClick={() => void take(true)}
            >
              Take one all the same
            </button>
          )}
        </div>
      )}
      {detail !== null && !said.value && (
        <p class="break mb-3 rounded-panel border border-warn bg-warn-soft px-4 py-3">
          The last one failed. {detail}
        </p>
      )}
      {restores.length > 0 && <Restores restores={restores} deviceId={deviceId} />}
      {items.length === 0
        ? (
          <EmptyState title="No full backup yet">
            A full backup is a file that only this router, with the same RouterOS, can load. It
            holds what a text does not: passwords of its users, for one. The user needs the policies
            ssh, ftp, read, write, policy, sensitive and test.
          </EmptyState>
        )
        : (
          <ul class="grid gap-3" aria-label="Full backups">
            {items.map((backup) => (
              <Backup
                key={backup.id}
                {...props}
                backup={backup}
                isLocked={isUnderWay}
                onStarted={() => void reread()}
              />
            ))}
          </ul>
        )}
    </>
  );
}

function Backup(
  { backup, deviceId, deviceName, mayTake, mayReveal, mayRestore, isLocked, onStarted }:
    & Omit<FullBackupsProps, "initial">
    & { backup: BinaryBackup; isLocked: boolean; onStarted: () => void },
) {
  const open = useSignal<"password" | "restore" | undefined>(undefined);
  const toggle = (what: "password" | "restore") =>
    open.value = open.value === what ? undefined : what;
  const path = `/api/devices/${deviceId}/binary-backups/${backup.id}`;
  return (
    <li class="panel px-4 py-3">
      <div class="flex flex-wrap items-start gap-x-4 gap-y-2">
        <div class="min-w-56 flex-1">
          <p class="font-medium">
            <time dateTime={backup.takenAt} title={utc(backup.takenAt)}>
              {local(backup.takenAt)}
            </time>
            <span class="ml-2 font-normal text-text-2">{bytes(backup.bytes)}</span>
          </p>
          <p class="text-sm text-text-2">
            <bdi>{backup.board}</bdi>, RouterOS <bdi>{backup.routerosVersion}</bdi>
            {backup.serial && (
              <>
                , <bdi class="mono">{backup.serial}</bdi>
              </>
            )} · {WHY[backup.trigger]}
            {backup.actorName !== null && (
              <>
                , <Actor actor={backup.actor} name={backup.actorName} />
              </>
            )} ·{" "}
            <a
              class="text-accent underline"
              href={`/devices/${deviceId}/config?version=${backup.versionId}`}
            >
              What it holds
            </a>
          </p>
        </div>
        <div class="flex flex-wrap gap-2">
          {mayTake && <a class="btn" href={`${path}/file`} download>Download</a>}
          {mayReveal && (
            <button
              type="button"
              class="btn"
              aria-expanded={open.value === "password"}
              onClick={() => toggle("password")}
            >
              Password
            </button>
          )}
          {mayRestore && (
            <button
              type="button"
              class="btn btn-danger"
              aria-expanded={open.value === "restore"}
              disabled={isLocked}
              onClick={() => toggle("restore")}
            >
              Restore…
            </button>
          )}
        </div>
      </div>
      {open.value === "password" && <BackupPasswordForm path={path} />}
      {open.value === "restore" && !isLocked && (
        <RestoreForm
          path={path}
          deviceName={deviceName}
          onStarted={() => {
            open.value = undefined;
            onStarted();
          }}
        />
      )}
    </li>
  );
}

const WHY = { manual: "asked for", scheduled: "scheduled", operation: "before a restore" } as const;
