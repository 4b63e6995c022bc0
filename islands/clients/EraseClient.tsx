import { useSignal } from "@preact/signals";
import { send } from "../ask.ts";

/** Erases all that is kept of a MAC address, after a second thought. */
export default function EraseClient({ macAddress }: { macAddress: string }) {
  const problem = useSignal("");
  const isBusy = useSignal(false);
  async function erase() {
    const sure = confirm(
      `Erase everything kept of ${macAddress}? Its history cannot be brought back.`,
    );
    if (!sure) return;
    isBusy.value = true;
    const answer = await send("DELETE", `/api/clients/${macAddress}`).catch(() => null);
    if (answer?.ok) return location.assign("/clients");
    isBusy.value = false;
    problem.value = answer
      ? (await answer.json()).title
      : "Cannot erase it: the server does not answer. Try again.";
  }
  return (
    <>
      <p class="mb-3 max-w-xl text-sm text-text-2">
        Erasing removes this client and its history, for good. If it is still connected, it comes
        back within a quarter of an hour, as somebody new.
      </p>
      <button type="button" class="btn btn-danger" disabled={isBusy.value} onClick={erase}>
        Erase this client
      </button>
      <p class="mt-2 text-sm text-bad" role="alert">{problem.value}</p>
    </>
  );
}
