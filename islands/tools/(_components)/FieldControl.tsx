import { useSignal } from "@preact/signals";
import { Field } from "@/components/Field.tsx";
import type { Tool, ToolField } from "../tool_fields.ts";

export interface Choices {
  /** Interfaces of the router, the likeliest first; empty when none was read yet. */
  readonly interfaces: readonly { name: string; isRunning: boolean }[];
  /** Addresses somebody may mean: the router's neighbours. */
  readonly hosts: readonly { address: string; label: string }[];
}

/** The control of one parameter, with its label, its hint and what the API said of it. */
export function FieldControl({ tool, field, choices, problem }: {
  tool: Tool;
  field: ToolField;
  choices: Choices;
  problem: string | undefined;
}) {
  const id = `${tool}-${field.name}`;
  const shared = {
    ...{ id, name: field.name },
    ...(problem && { "aria-invalid": "true" as const, "aria-describedby": `${id}-error` }),
  };
  if (field.type === "switch") {
    return <Switch shared={shared} field={field} problem={problem} />;
  }
  return (
    <Field
      label={field.label}
      name={id}
      error={problem}
      {...(field.hint !== undefined && { hint: field.hint })}
    >
      {control(field, shared, choices)}
    </Field>
  );
}

type Shared = { id: string; name: string };

/** Its value is kept here: what the server draws as a default is none to the browser. */
function NumberInput({ shared, field: { min, max, step = 1, value } }: {
  shared: Shared;
  field: Extract<ToolField, { type: "number" }>;
}) {
  const text = useSignal(value === undefined ? "" : String(value));
  return (
    <input
      {...shared}
      {...{ min, max, step }}
      class="field"
      type="number"
      value={text.value}
      onInput={(event) => text.value = event.currentTarget.value}
    />
  );
}

function Switch({ shared, field, problem }: {
  shared: Shared;
  field: Extract<ToolField, { type: "switch" }>;
  problem: string | undefined;
}) {
  const isOn = useSignal(field.isOn ?? false);
  return (
    <div class="self-center">
      <label class="flex items-start gap-2">
        <input
          {...shared}
          type="checkbox"
          class="mt-1"
          checked={isOn.value}
          required={field.isRequired ?? false}
          onChange={(event) => isOn.value = event.currentTarget.checked}
        />
        <span>
          <span class="font-medium">{field.label}</span>
          {field.hint && <span class="block text-sm text-text-3">{field.hint}</span>}
        </span>
      </label>
      {problem && <p class="mt-1 text-sm text-bad" id={`${shared.id}-error`}>{problem}</p>}
    </div>
  );
}

function control(
  field: Exclude<ToolField, { type: "switch" }>,
  shared: Shared,
  { interfaces, hosts }: Choices,
) {
  if (field.type === "choice") {
    return (
      <select {...shared} class="field">
        {field.choices.map(([value, label]) => <option key={value} value={value}>{label}</option>)}
      </select>
    );
  }
  if (field.type === "number") return <NumberInput shared={shared} field={field} />;
  const isRequired = field.isRequired ?? false;
  if (field.type === "interface" && interfaces.length > 0) {
    return (
      <select {...shared} class="field" required={isRequired}>
        {!isRequired && <option value="">Any</option>}
        {interfaces.map(({ name, isRunning }) => (
          <option key={name} value={name}>{isRunning ? name : `${name} (down)`}</option>
        ))}
      </select>
    );
  }
  if (field.type === "password") {
    return (
      <input
        {...shared}
        class="field"
        type="password"
        maxlength={128}
        autocomplete="new-password"
      />
    );
  }
  const isHost = field.type === "host";
  const isCode = isHost || field.type === "mac";
  return (
    <>
      <input
        {...shared}
        class={isCode ? "field mono" : "field"}
        type="text"
        required={isRequired}
        maxlength={isHost ? 253 : 128}
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
        placeholder={"placeholder" in field ? field.placeholder : undefined}
        list={isHost && hosts.length > 0 ? `${shared.id}-list` : undefined}
      />
      {isHost && hosts.length > 0 && (
        <datalist id={`${shared.id}-list`}>
          {hosts.map(({ address, label }) => (
            <option key={address} value={address}>{label}</option>
          ))}
        </datalist>
      )}
    </>
  );
}
