import { Field } from "@/components/Field.tsx";

/** When an exception ends; empty: when somebody removes it. */
export function UntilField() {
  return (
    <Field label="Until the end of (UTC)" name="exception-until" hint="Empty: until it is removed">
      <input id="exception-until" name="until" type="date" class="field" />
    </Field>
  );
}

export function endOfDay(day: string): string | null {
  return /^\d{4}-\d\d-\d\d$/.test(day) ? `${day}T23:59:59Z` : null;
}
