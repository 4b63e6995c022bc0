import {
  radioChanges,
  type RadioForm,
  radioProblems,
  readRadios,
  sharedWith,
} from "@/core/contract/editor/simple/wifi.ts";
import { HIDDEN } from "@/core/contract/editor/table.ts";
import { Line, SimpleForm } from "./SimpleForm.tsx";
import type { SimpleState } from "./simple_state.ts";

/** A form a radio, whichever package it belongs to. */
export function WifiCards({ state, mayWrite }: { state: SimpleState; mayWrite: boolean }) {
  const tables = state.tables.value!;
  const radios = readRadios(tables);
  if (radios.length === 0) {
    return (
      <section class="panel p-4" aria-label="Wi-Fi">
        <h2 class="font-semibold">Wi-Fi</h2>
        <p class="mt-0.5 text-text-2">This router has no radio, or no package for it.</p>
      </section>
    );
  }
  return (
    <>
      {radios.map((radio) => {
        const shared = sharedWith(tables, radio);
        const key = (name: string) => `wifi-${radio.name}:${name}`;
        return (
          <SimpleForm<RadioForm>
            key={radio.menu + radio.name}
            {...{ state, mayWrite }}
            title={`Wi-Fi ${radio.name}`}
            help={radio.band ? `Radio for ${radio.band}.` : "One radio."}
            initial={radio}
            check={radioProblems}
            changes={(form) => radioChanges(tables, form)}
          >
            {({ form, problems, change }) => (
              <>
                <label class="flex items-center gap-2 sm:col-span-2">
                  <input
                    type="checkbox"
                    checked={form.isOn}
                    onChange={(event) => change({ isOn: event.currentTarget.checked })}
                  />
                  On
                </label>
                <Line label="Name of the network" name={key("ssid")} problems={problems}>
                  {(common) => (
                    <input
                      {...common}
                      autocomplete="off"
                      value={form.ssid}
                      onInput={(event) => change({ ssid: event.currentTarget.value })}
                    />
                  )}
                </Line>
                <Line
                  label="Password"
                  name={key("password")}
                  problems={problems}
                  hint={shared.length > 0
                    ? `The same for ${shared.join(", ")}`
                    : radio.password === ""
                    ? "There is none: everybody may join"
                    : "8 to 63 characters"}
                >
                  {(common) => (
                    <input
                      {...common}
                      type="password"
                      autocomplete="new-password"
                      placeholder={form.password === HIDDEN ? "hidden: type to replace it" : ""}
                      value={form.password === HIDDEN ? "" : form.password}
                      onInput={(event) =>
                        change({ password: event.currentTarget.value || radio.password })}
                    />
                  )}
                </Line>
              </>
            )}
          </SimpleForm>
        );
      })}
    </>
  );
}
