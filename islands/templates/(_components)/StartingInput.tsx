import { useSignal } from "@preact/signals";

/**
 * An input that begins with a text, also where the server rendered it: `defaultValue` is lost when an
 * island takes over.
 */
export function StartingInput({ initial, type = "text", ...rest }: {
  initial: string;
  type?: "text" | "number";
  id: string;
  name: string;
  class: string;
  required?: boolean;
  maxlength?: number;
  pattern?: string;
  title?: string;
  min?: number;
  max?: number;
}) {
  const text = useSignal(initial);
  const shared = {
    ...{ ...rest, value: text.value, autocomplete: "off" as const },
    onInput: (event: InputEvent) => text.value = (event.currentTarget as HTMLInputElement).value,
  };
  return type === "number"
    ? <input type="number" {...shared} />
    : <input type="text" {...shared} />;
}
