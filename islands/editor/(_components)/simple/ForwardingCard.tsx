import { useSignal } from "@preact/signals";
import {
  forwardingChanges,
  type ForwardingForm,
  forwardingProblems,
  NO_FORWARDING,
  readForwardings,
} from "@/core/contract/editor/simple/forwarding.ts";
import { yesNo } from "@/core/contract/editor/simple/simple_tables.ts";
import { plainText } from "@/core/contract/plain_text.ts";
import { Line, SimpleForm } from "./SimpleForm.tsx";
import type { SimpleState } from "./simple_state.ts";

const NAT = "/ip/firewall/nat";

export function ForwardingCard({ state, mayWrite }: { state: SimpleState; mayWrite: boolean }) {
  const round = useSignal(0);
  const tables = state.tables.value!;
  const all = readForwardings(tables);
  const isBusy = state.editor.isSaving.value;
  return (
    <section class="grid gap-3" aria-label="Port forwarding">
      {all.length > 0 && (
        <div class="panel overflow-x-auto">
          <table class="table">
            <caption class="sr-only">Ports that lead to hosts behind the router</caption>
            <thead>
              <tr>
                <th scope="col">From the Internet</th>
                <th scope="col">To</th>
                <th scope="col">Comment</th>
                {mayWrite && <th scope="col">Actions</th>}
              </tr>
            </thead>
            <tbody>
              {all.map(({ row, isOn, protocol, port, toAddress, toPort, comment }) => (
                <tr key={row.key}>
                  <th scope="row" class="mono font-normal!">
                    {protocol} {plainText(port)}
                    {!isOn && <span class="ml-2 text-text-3">off</span>}
                    {row.mark === "added" && <span class="ml-2 text-ok">new</span>}
                    {row.mark === "changed" && <span class="ml-2 text-info">changed</span>}
                  </th>
                  <td class="mono">
                    <bdi>{plainText(toAddress)}{toPort && `:${plainText(toPort)}`}</bdi>
                  </td>
                  <td>
                    <bdi>{plainText(comment)}</bdi>
                  </td>
                  {mayWrite && (
                    <td>
                      <span class="flex gap-1.5">
                        <button
                          type="button"
                          class="btn"
                          disabled={isBusy}
                          aria-label={`${isOn ? "Disable" : "Enable"} ${protocol} ${port}`}
                          onClick={() =>
                            void state.keep(tables.set(NAT, row, { disabled: yesNo(isOn) }))}
                        >
                          {isOn ? "Disable" : "Enable"}
                        </button>
                        <button
                          type="button"
                          class="btn btn-danger"
                          disabled={isBusy}
                          aria-label={`Remove ${protocol} ${port}`}
                          onClick={() =>
                            void (row.item === null
                              ? state.editor.undo(row.changes[0]!)
                              : state.keep(tables.remove(NAT, row)))}
                        >
                          Remove
                        </button>
                      </span>
                    </td>
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <SimpleForm<ForwardingForm>
        key={round.value}
        {...{ state, mayWrite }}
        title="Forward a port"
        help="Leads a port from the Internet to a host behind the router."
        initial={NO_FORWARDING}
        check={forwardingProblems}
        changes={(form) => forwardingChanges(tables, form)}
      >
        {({ form, problems, change }) => (
          <>
            <Line label="Protocol" name="forward:protocol" problems={problems}>
              {(common) => (
                <select
                  {...common}
                  value={form.protocol}
                  onChange={(event) =>
                    change({ protocol: event.currentTarget.value as "tcp" | "udp" })}
                >
                  <option value="tcp">TCP</option>
                  <option value="udp">UDP</option>
                </select>
              )}
            </Line>
            {([
              ["port", "Port from the Internet", "443, or 8000-8100"],
              ["toAddress", "Host", "192.168.88.10"],
              ["toPort", "Port of the host", "Empty: the same"],
              ["comment", "Comment", "For people"],
            ] as const).map(([name, label, hint]) => (
              <Line key={name} {...{ label, hint, problems }} name={`forward:${name}`}>
                {(common) => (
                  <input
                    {...common}
                    autocomplete="off"
                    value={form[name]}
                    onInput={(event) => change({ [name]: event.currentTarget.value })}
                  />
                )}
              </Line>
            ))}
          </>
        )}
      </SimpleForm>
    </section>
  );
}
