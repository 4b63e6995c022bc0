import type { TemplateValue, TemplateVariable } from "@/core/contract/templates.ts";

/** Asks for a value of a variable; lists have commas between. */
export function ValueInput({ variable, id, value, placeholder, onValue }: {
  variable: TemplateVariable;
  id: string;
  value: string;
  placeholder?: string;
  onValue: (text: string) => void;
}) {
  const { type, isList, isSecret, options } = variable;
  const onInput = (event: Event) =>
    onValue((event.currentTarget as HTMLInputElement | HTMLSelectElement).value);
  if (!isList && (type === "boolean" || type === "choice")) {
    const choices = type === "boolean" ? ["yes", "no"] : options;
    return (
      <select id={id} class="field" value={value} onChange={onInput}>
        <option value="">{placeholder ?? "Choose…"}</option>
        {choices.map((one) => <option key={one} value={one}>{one}</option>)}
      </select>
    );
  }
  const shared = { id, value, onInput, maxlength: isList ? 10_000 : 1_000 };
  if (isSecret) {
    return <input type="password" class="field" autocomplete="new-password" {...shared} />;
  }
  return (
    <input
      type="text"
      class={`field ${type === "string" ? "" : "mono"}`}
      autocomplete="off"
      placeholder={placeholder ?? (isList ? "With commas between" : "")}
      inputmode={type === "integer" && !isList ? "numeric" : undefined}
      {...shared}
    />
  );
}

/** What was typed as the value that the API takes. */
export function valueOf({ isList }: TemplateVariable, text: string): TemplateValue {
  return isList ? text.split(",").map((one) => one.trim()).filter(Boolean) : text;
}
