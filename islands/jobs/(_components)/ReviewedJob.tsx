import { useSignal } from "@preact/signals";
import type { JobCheck } from "@/core/contract/bulk_jobs.ts";

/** What a job would be; the button that starts it says for how many. */
export function ReviewedJob({ check, isCommand, isBusy, onStart }: {
  check: JobCheck;
  isCommand: boolean;
  isBusy: boolean;
  onStart: () => void;
}) {
  const isSure = useSignal(!isCommand);
  const { routers, online, waves, problems } = check;
  const asked = waves.reduce((sum, size) => sum + size, 0);
  const many = asked === 1 ? "1 router" : `${asked.toLocaleString("en-US")} routers`;
  return (
    <div class="panel grid gap-3 p-4" role="group" aria-label="Review">
      <p role="status">
        <strong>{many}</strong>, {online} online now
        {routers > asked && `; ${routers - asked} left out, as they are retired or not polled`}.
        {waves.length > 1
          ? ` In ${waves.length} waves: ${waves.join(", then ")}.`
          : " All in one wave."}
        {online < asked && " Those that are offline are done when they come back."}
      </p>
      {problems.length > 0
        ? (
          <div role="alert">
            <p class="text-bad">It cannot be started like this:</p>
            <ul class="list-disc pl-5">
              {problems.map(({ message, routers, count }) => (
                <li key={message} class="break">
                  <strong>{message}</strong>: {routers.map((name, at) => (
                    <span key={name}>
                      {at > 0 && ", "}
                      <bdi>{name}</bdi>
                    </span>
                  ))}
                  {count > routers.length && ` and ${count - routers.length} more`}
                </li>
              ))}
            </ul>
          </div>
        )
        : asked === 0
        ? <p class="text-bad">None of them can be asked.</p>
        : (
          <>
            {isCommand && (
              <label class="flex items-start gap-2">
                <input
                  type="checkbox"
                  class="mt-1"
                  checked={isSure.value}
                  onInput={(event) => event.stopPropagation()}
                  onChange={(event) => isSure.value = event.currentTarget.checked}
                />
                Nothing takes this command back: I want to run it
              </label>
            )}
            <button
              type="button"
              class={`btn justify-self-start ${isCommand ? "btn-danger" : "btn-primary"}`}
              disabled={isBusy || !isSure.value}
              onClick={onStart}
            >
              {isCommand ? `Run on ${many}` : `Push to ${many}`}
            </button>
          </>
        )}
    </div>
  );
}
