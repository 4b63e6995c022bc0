import {
  type NewVariable,
  type TemplateVariable,
  VARIABLE_TYPES,
} from "@/core/contract/templates.ts";

const WORDS: Record<TemplateVariable["type"], string> = {
  ...{ string: "Text", ip: "IP address", subnet: "Network", integer: "Whole number" },
  ...{ boolean: "Yes or no", choice: "One of several" },
};

/** One variable of a template. */
export function VariableFields({ variable, onChange }: {
  variable: TemplateVariable;
  /** Without an argument: it goes. */
  onChange: (changed?: NewVariable) => void;
}) {
  const { name, type, isList, isSecret, isRequired, options } = variable;
  const put = (changed: Partial<TemplateVariable>) =>
    onChange({ ...variable, ...changed } as NewVariable);
  const number = (text: string) => text.trim() === "" ? null : Math.trunc(Number(text)) || 0;
  const listOf = (text: string) => text.split(",").map((one) => one.trim()).filter(Boolean);
  const hasRange = type === "integer" || type === "string";
  return (
    <fieldset class="panel grid gap-3 p-4 sm:grid-cols-2 lg:grid-cols-4">
      <legend class="sr-only">Variable {name}</legend>
      <label>
        <span class="block text-sm text-text-2">Name</span>
        <input
          class="field mono"
          required
          pattern="[a-z][a-z0-9_]{0,39}"
          title="Small letters, digits and _"
          autocomplete="off"
          value={name}
          onChange={(event) => put({ name: event.currentTarget.value.trim() })}
        />
      </label>
      <label>
        <span class="block text-sm text-text-2">Type</span>
        <select
          class="field"
          value={type}
          onChange={(event) =>
            put({ type: event.currentTarget.value as TemplateVariable["type"], default: null })}
        >
          {VARIABLE_TYPES.map((one) => (
            <option key={one} value={one} selected={one === type}>{WORDS[one]}</option>
          ))}
        </select>
      </label>
      {type === "choice" && (
        <label class="sm:col-span-2">
          <span class="block text-sm text-text-2">Choices, with commas between</span>
          <input
            class="field"
            required
            autocomplete="off"
            value={options.join(", ")}
            onChange={(event) => put({ options: listOf(event.currentTarget.value) })}
          />
        </label>
      )}
      {hasRange && (
        <div class="flex gap-2">
          {(["min", "max"] as const).map((end) => (
            <label key={end} class="min-w-0 flex-1">
              <span class="block text-sm text-text-2">
                {end === "min" ? "At least" : "At most"}
                {type === "string" && " (characters)"}
              </span>
              <input
                class="field"
                type="number"
                value={variable[end] ?? ""}
                onChange={(event) => put({ [end]: number(event.currentTarget.value) })}
              />
            </label>
          ))}
        </div>
      )}
      {(type === "ip" || type === "subnet") && (
        <label>
          <span class="block text-sm text-text-2">Family</span>
          <select
            class="field"
            value={variable.family ?? ""}
            onChange={(event) =>
              put({ family: (Number(event.currentTarget.value) || null) as 4 | 6 | null })}
          >
            <option value="">IPv4 or IPv6</option>
            <option value="4" selected={variable.family === 4}>IPv4</option>
            <option value="6" selected={variable.family === 6}>IPv6</option>
          </select>
        </label>
      )}
      {!isSecret && (
        <label>
          <span class="block text-sm text-text-2">
            Default{isList && ", with commas between"}
          </span>
          <input
            class="field"
            autocomplete="off"
            placeholder="none"
            value={[variable.default ?? []].flat().join(", ")}
            onChange={(event) => {
              const text = event.currentTarget.value;
              put({ default: text === "" ? null : isList ? listOf(text) : text });
            }}
          />
        </label>
      )}
      <label class="sm:col-span-2">
        <span class="block text-sm text-text-2">Help</span>
        <input
          class="field"
          maxlength={300}
          autocomplete="off"
          value={variable.help}
          onChange={(event) => put({ help: event.currentTarget.value })}
        />
      </label>
      <div class="flex flex-wrap items-center gap-x-4 gap-y-3 sm:col-span-2 lg:col-span-4">
        <Check
          label="Must have a value"
          isOn={isRequired}
          onChange={(isOn) => put({ isRequired: isOn })}
        />
        {type !== "boolean" && (
          <Check
            label="Several values"
            isOn={isList}
            onChange={(isOn) => put({ isList: isOn, default: null })}
          />
        )}
        {type === "string" && (
          <Check
            label="Secret"
            isOn={isSecret}
            onChange={(isOn) => put({ isSecret: isOn, default: null })}
          />
        )}
        {type === "subnet" && (
          <Check
            label="An address within the network (192.0.2.1/24)"
            isOn={variable.isAddressInNetwork}
            onChange={(isOn) => put({ isAddressInNetwork: isOn })}
          />
        )}
        <button
          type="button"
          class="btn ml-auto"
          aria-label={`Remove the variable ${name}`}
          onClick={() => onChange()}
        >
          Remove
        </button>
      </div>
    </fieldset>
  );
}

function Check({ label, isOn, onChange }: {
  label: string;
  isOn: boolean;
  onChange: (isOn: boolean) => void;
}) {
  return (
    <label class="flex items-center gap-2">
      <input
        type="checkbox"
        checked={isOn}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      {label}
    </label>
  );
}
