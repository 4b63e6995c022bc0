import type { Device } from "@/core/contract/device.ts";

/** Retiring a router; and of a retired one the way back, and the end. */
export function EndOfService({ device }: { device: Device }) {
  if (!device.retiredAt) {
    return (
      <details class="panel mt-4 p-5">
        <summary class="font-medium">Retire this router</summary>
        <p class="mt-2 text-text-2">
          It is no longer polled or counted, and its address is free for another. What was measured
          stays, and it can be restored. The router itself is not touched.
        </p>
        <form method="post" action="?retire" class="mt-3">
          <button type="submit" class="btn">
            Retire <bdi class="max-w-60 truncate">{device.name}</bdi>
          </button>
        </form>
      </details>
    );
  }
  return (
    <>
      <section class="panel mt-4 p-5" aria-labelledby="restore">
        <h2 id="restore" class="font-medium">Restore this router</h2>
        <p class="mt-2 text-text-2">It is polled again within a second, with all it had before.</p>
        <form method="post" action="?restore" class="mt-3">
          <button type="submit" class="btn">
            Restore <bdi class="max-w-60 truncate">{device.name}</bdi>
          </button>
        </form>
      </section>
      <details class="panel mt-4 p-5">
        <summary class="font-medium text-bad">Delete for good</summary>
        <p class="mt-2 text-text-2">
          Its login, readings and history are deleted and cannot be brought back. Events and the
          audit log keep what was done. The router itself is not touched.
        </p>
        <form method="post" action="?delete" class="mt-3 flex flex-wrap items-end gap-2">
          <label class="grid gap-1">
            <span class="break">
              Type its name or its address, <bdi class="mono">{device.address}</bdi>
            </span>
            <input name="name" class="field max-w-80" required autocomplete="off" />
          </label>
          <button type="submit" class="btn btn-danger">Delete for good</button>
        </form>
      </details>
    </>
  );
}
