import { useSignal } from "@preact/signals";
import {
  dnsChanges,
  type DnsForm,
  dnsProblems,
  readDns,
  readServices,
  readSystem,
  type Service,
  serviceChanges,
  serviceProblem,
  systemChanges,
  type SystemForm,
  systemProblems,
} from "@/core/contract/editor/simple/system.ts";
import { Line, SimpleForm } from "./SimpleForm.tsx";
import type { SimpleState } from "./simple_state.ts";

interface CardProps {
  state: SimpleState;
  mayWrite: boolean;
}

export function DnsCard({ state, mayWrite }: CardProps) {
  const tables = state.tables.value!;
  return (
    <SimpleForm<DnsForm>
      {...{ state, mayWrite }}
      title="DNS"
      help="Whom the router asks for names, beside what its provider tells it."
      initial={readDns(tables)}
      check={dnsProblems}
      changes={(form) => dnsChanges(tables, form)}
    >
      {({ form, problems, change }) => (
        <>
          <Line label="Servers" name="dns:servers" hint="By comma" problems={problems} isWide>
            {(common) => (
              <input
                {...common}
                value={form.servers}
                onInput={(event) => change({ servers: event.currentTarget.value.trim() })}
              />
            )}
          </Line>
          <label class="flex items-start gap-2 sm:col-span-2">
            <input
              type="checkbox"
              class="mt-1"
              checked={form.answersOthers}
              onChange={(event) => change({ answersOthers: event.currentTarget.checked })}
            />
            <span>
              Answer clients
              <span class="block text-sm text-text-3">
                The firewall must keep the Internet away from it.
              </span>
            </span>
          </label>
        </>
      )}
    </SimpleForm>
  );
}

export function SystemCard({ state, mayWrite }: CardProps) {
  const tables = state.tables.value!;
  const { version } = state.editor;
  return (
    <SimpleForm<SystemForm>
      {...{ state, mayWrite }}
      title="Name and time"
      help="What the router is called, and where its time comes from."
      initial={readSystem(tables, version)}
      check={(form) => systemProblems(form, version)}
      changes={(form) => systemChanges(tables, form, version)}
    >
      {({ form, problems, change }) => (
        <>
          <Line label="Name" name="system:identity" problems={problems}>
            {(common) => (
              <input
                {...common}
                value={form.identity}
                onInput={(event) => change({ identity: event.currentTarget.value })}
              />
            )}
          </Line>
          <Line label="Time zone" name="system:timeZone" problems={problems}>
            {(common) => (
              <>
                <input
                  {...common}
                  list="zones"
                  value={form.timeZone}
                  onInput={(event) => change({ timeZone: event.currentTarget.value.trim() })}
                />
                <datalist id="zones">
                  {Intl.supportedValuesOf("timeZone").map((zone) => (
                    <option key={zone} value={zone} />
                  ))}
                </datalist>
              </>
            )}
          </Line>
          <label class="flex items-center gap-2 sm:col-span-2">
            <input
              type="checkbox"
              checked={form.hasNtp}
              onChange={(event) => change({ hasNtp: event.currentTarget.checked })}
            />
            Set the clock by time servers
          </label>
          <Line
            label="Time servers"
            name="system:ntpServers"
            hint={version.major >= 7 ? "Names or addresses, by comma" : "Two addresses at most"}
            problems={problems}
            isWide
          >
            {(common) => (
              <input
                {...common}
                value={form.ntpServers}
                onInput={(event) => change({ ntpServers: event.currentTarget.value.trim() })}
              />
            )}
          </Line>
        </>
      )}
    </SimpleForm>
  );
}

export function ServicesCard({ state, mayWrite }: CardProps) {
  const services = readServices(state.tables.value!);
  return (
    <section class="panel p-4" aria-labelledby="services">
      <h2 id="services" class="font-semibold">Services</h2>
      <p class="mt-0.5 text-sm text-text-2">
        How people and programs reach the router itself. TOD comes by one of them: a push that
        closes its own way asks you first.
      </p>
      <ul class="mt-3 divide-y divide-line">
        {services.map((service) => (
          <ServiceLine
            key={`${service.name}${service.isOn}${service.address}`}
            {...{ service, state, mayWrite }}
          />
        ))}
      </ul>
    </section>
  );
}

function ServiceLine({ service, state, mayWrite }: CardProps & { service: Service }) {
  const address = useSignal(service.address);
  const problem = useSignal("");
  const { name, port, isOn, warning } = service;
  async function keep(wanted: { isOn: boolean; address: string }) {
    problem.value = serviceProblem(wanted.address) ?? "";
    if (problem.value) return;
    if (!await state.keep(serviceChanges(state.tables.value!, name, wanted))) {
      problem.value = state.editor.problem.value;
    }
  }
  const isBusy = state.editor.isSaving.value;
  return (
    <li class="flex flex-wrap items-center gap-x-3 gap-y-1 py-2">
      <label class="flex w-40 items-center gap-2">
        <input
          type="checkbox"
          checked={isOn}
          disabled={!mayWrite || isBusy}
          onChange={(event) =>
            void keep({ isOn: event.currentTarget.checked, address: service.address })}
        />
        <span class="mono">{name}</span>
        <span class="text-sm text-text-3">{port}</span>
      </label>
      <input
        class="field min-w-40 flex-1"
        aria-label={`Who may use ${name}`}
        placeholder="Everybody may: name networks by comma"
        disabled={!mayWrite || isBusy}
        value={address.value}
        onInput={(event) => address.value = event.currentTarget.value.trim()}
      />
      {mayWrite && address.value !== service.address && (
        <button
          type="button"
          class="btn"
          disabled={isBusy}
          onClick={() => void keep({ isOn, address: address.value })}
        >
          Keep
        </button>
      )}
      {warning && <span class="w-full text-sm text-warn">{warning}</span>}
      {problem.value && <span class="break w-full text-sm text-bad">{problem.value}</span>}
    </li>
  );
}
