import {
  internetChanges,
  type InternetForm,
  internetProblems,
  readInternet,
} from "@/core/contract/editor/simple/internet.ts";
import { HIDDEN } from "@/core/contract/editor/table.ts";
import { Line, SimpleForm } from "./SimpleForm.tsx";
import type { SimpleState } from "./simple_state.ts";

const KINDS = {
  dhcp: "Automatic (DHCP)",
  static: "Fixed address",
  pppoe: "PPPoE",
  none: "Not by these",
} as const;

export function InternetCard({ state, mayWrite }: { state: SimpleState; mayWrite: boolean }) {
  const tables = state.tables.value!;
  const ports = tables.rows("/interface").map(({ values }) => values["name"] ?? "").filter(Boolean);
  return (
    <SimpleForm<InternetForm>
      {...{ state, mayWrite }}
      title="Internet"
      help="How the router reaches its provider. The way it had is switched off, not lost."
      initial={readInternet(tables)}
      check={internetProblems}
      changes={(form) => internetChanges(tables, form)}
    >
      {({ form, problems, change }) => (
        <>
          <Line label="Connection" name="internet:kind" problems={problems}>
            {(common) => (
              <select
                {...common}
                value={form.kind}
                onChange={(event) =>
                  change({ kind: event.currentTarget.value as InternetForm["kind"] })}
              >
                {Object.entries(KINDS).map(([kind, label]) => (
                  <option key={kind} value={kind}>{label}</option>
                ))}
              </select>
            )}
          </Line>
          {form.kind !== "none" && (
            <Line label="Port" name="internet:interface" problems={problems}>
              {(common) => (
                <select
                  {...common}
                  value={form.interface}
                  onChange={(event) => change({ interface: event.currentTarget.value })}
                >
                  <option value="">choose</option>
                  {ports.map((port) => <option key={port} value={port}>{port}</option>)}
                </select>
              )}
            </Line>
          )}
          {form.kind === "static" && (
            <>
              <Line
                label="Address"
                name="internet:address"
                hint="With its length: 192.0.2.10/24"
                problems={problems}
              >
                {(common) => (
                  <input
                    {...common}
                    value={form.address}
                    onInput={(event) => change({ address: event.currentTarget.value.trim() })}
                  />
                )}
              </Line>
              <Line label="Gateway" name="internet:gateway" problems={problems}>
                {(common) => (
                  <input
                    {...common}
                    value={form.gateway}
                    onInput={(event) => change({ gateway: event.currentTarget.value.trim() })}
                  />
                )}
              </Line>
              <Line
                label="DNS servers"
                name="internet:dns"
                hint="By comma"
                problems={problems}
              >
                {(common) => (
                  <input
                    {...common}
                    value={form.dns}
                    onInput={(event) => change({ dns: event.currentTarget.value.trim() })}
                  />
                )}
              </Line>
            </>
          )}
          {form.kind === "pppoe" && (
            <>
              <Line label="User" name="internet:user" problems={problems}>
                {(common) => (
                  <input
                    {...common}
                    autocomplete="off"
                    value={form.user}
                    onInput={(event) => change({ user: event.currentTarget.value })}
                  />
                )}
              </Line>
              <Line label="Password" name="internet:password" problems={problems}>
                {(common) => (
                  <input
                    {...common}
                    type="password"
                    autocomplete="new-password"
                    placeholder={form.password === HIDDEN ? "hidden: type to replace it" : ""}
                    value={form.password === HIDDEN ? "" : form.password}
                    onInput={(event) => change({ password: event.currentTarget.value })}
                  />
                )}
              </Line>
            </>
          )}
        </>
      )}
    </SimpleForm>
  );
}
