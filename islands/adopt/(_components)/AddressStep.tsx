import type { Signal } from "@preact/signals";
import { Field } from "@/components/Field.tsx";

export interface AddressFields {
  address: string;
  port: string;
  region: string;
}

/** Where the router is. */
export function AddressStep({ typed, isBusy, onNext }: {
  typed: Signal<AddressFields>;
  isBusy: boolean;
  onNext: () => void;
}) {
  const input = (name: keyof AddressFields) => ({
    id: `adopt-${name}`,
    class: "field",
    value: typed.value[name],
    autocomplete: "off",
    spellcheck: false,
    onInput: (event: InputEvent) => {
      const { value } = event.currentTarget as HTMLInputElement;
      typed.value = { ...typed.value, [name]: value };
    },
  });
  const isUnusual = typed.value.port !== "" || typed.value.region !== "default";
  return (
    <form
      class="panel grid gap-4 p-5"
      onSubmit={(event) => {
        event.preventDefault();
        onNext();
      }}
    >
      <Field label="Address of the router" name="adopt-address" hint="IP address or host name">
        <input type="text" {...input("address")} required />
      </Field>
      <details open={isUnusual || undefined}>
        <summary class="cursor-pointer text-text-2">Another API port or region</summary>
        <div class="mt-3 grid gap-4 sm:grid-cols-2">
          <Field label="API port" name="adopt-port" hint="Empty: 8729, else 8728">
            <input type="text" {...input("port")} inputmode="numeric" pattern="\d{1,5}" />
          </Field>
          <Field label="Region" name="adopt-region" hint="Whose poller reaches it">
            <input type="text" {...input("region")} required pattern="[a-z0-9\-]{1,40}" />
          </Field>
        </div>
      </details>
      <button type="submit" class="btn btn-primary justify-self-start" disabled={isBusy}>
        {isBusy ? "Looking…" : "Look"}
      </button>
    </form>
  );
}
