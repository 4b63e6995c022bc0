import {
  lanChanges,
  type LanForm,
  lanProblems,
  readLan,
} from "@/core/contract/editor/simple/lan.ts";
import { Line, SimpleForm } from "./SimpleForm.tsx";
import type { SimpleState } from "./simple_state.ts";

export function LanCard({ state, mayWrite }: { state: SimpleState; mayWrite: boolean }) {
  const tables = state.tables.value!;
  const ports = tables.rows("/interface").map(({ values }) => values["name"] ?? "").filter(Boolean);
  const input = (name: keyof LanForm, label: string, hint?: string) =>
  (
    { form, problems, change }: {
      form: LanForm;
      problems: Readonly<Record<string, string>>;
      change: (next: Partial<LanForm>) => void;
    },
  ) => (
    <Line key={name} label={label} name={`lan:${name}`} problems={problems} {...(hint && { hint })}>
      {(common) => (
        <input
          {...common}
          value={form[name] as string}
          onInput={(event) => change({ [name]: event.currentTarget.value.trim() })}
        />
      )}
    </Line>
  );
  return (
    <SimpleForm<LanForm>
      {...{ state, mayWrite }}
      title="Own network"
      help="The router's address for its clients, and what DHCP gives them."
      initial={readLan(tables)}
      check={lanProblems}
      changes={(form) => lanChanges(tables, form)}
    >
      {(drawing) => {
        const { form, problems, change } = drawing;
        return (
          <>
            <Line label="Interface" name="lan:interface" problems={problems}>
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
            {input("address", "Address of the router", "With its length: 192.168.88.1/24")(drawing)}
            <label class="flex items-center gap-2 sm:col-span-2">
              <input
                type="checkbox"
                checked={form.hasDhcp}
                onChange={(event) => change({ hasDhcp: event.currentTarget.checked })}
              />
              Clients get their address by DHCP
            </label>
            {form.hasDhcp && (
              <>
                {input("from", "First address")(drawing)}
                {input("to", "Last address")(drawing)}
                {input("leaseTime", "Lease time", "30m, 1d …")(drawing)}
                {input("dns", "DNS servers", "Empty: what the router says itself")(drawing)}
              </>
            )}
          </>
        );
      }}
    </SimpleForm>
  );
}
