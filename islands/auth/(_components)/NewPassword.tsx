import type { Signal } from "@preact/signals";
import { adviseOn } from "../password_advice.ts";
import { PasswordField } from "./PasswordField.tsx";

const FILLED = { none: 0, weak: 1, fair: 2, strong: 3 } as const;

/** A new password, typed twice, with advice while typing. `isChecked` shows what is still missing. */
export function NewPassword({ password, again, email, isChecked }: {
  password: Signal<string>;
  again: Signal<string>;
  email: string;
  isChecked: boolean;
}) {
  const advice = adviseOn(password.value, { email });
  const isDifferent = password.value !== again.value;
  return (
    <>
      <div>
        <PasswordField
          label="New password"
          name="new-password"
          value={password}
          autocomplete="new-password"
          error={isChecked && !advice.isAcceptable ? advice.text : undefined}
        />
        <div class="mt-2 flex gap-1" aria-hidden="true">
          {[1, 2, 3].map((step) => (
            <span
              key={step}
              class={`h-1 flex-1 rounded-control ${
                step > FILLED[advice.strength]
                  ? "bg-line"
                  : advice.strength === "weak"
                  ? "bg-bad"
                  : advice.strength === "fair"
                  ? "bg-warn"
                  : "bg-ok"
              }`}
            />
          ))}
        </div>
        {!(isChecked && !advice.isAcceptable) && (
          <p class="mt-1 text-sm text-text-3" aria-live="polite">{advice.text}</p>
        )}
      </div>
      <PasswordField
        label="New password again"
        name="new-password-again"
        value={again}
        autocomplete="new-password"
        error={isChecked && isDifferent ? "The two differ: type the same twice." : undefined}
      />
    </>
  );
}

/** Whether the two fields hold a password that may be used. */
export function isUsable(password: string, again: string, email: string): boolean {
  return password === again && adviseOn(password, { email }).isAcceptable;
}
