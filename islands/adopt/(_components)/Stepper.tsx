/** Where one is in a sequence of steps. */
export function Stepper(
  { steps, at }: { steps: readonly (readonly [string, string])[]; at: string },
) {
  const place = steps.findIndex(([name]) => name === at);
  return (
    <ol class="flex flex-wrap gap-x-6 gap-y-2 text-sm" aria-label="Steps">
      {steps.map(([name, label], index) => (
        <li
          key={name}
          class={`flex items-center gap-2 ${
            index === place ? "font-semibold" : index < place ? "text-ok" : "text-text-3"
          }`}
          aria-current={index === place ? "step" : undefined}
        >
          <span
            class="inline-flex size-6 items-center justify-center rounded-full border border-current"
            aria-hidden="true"
          >
            {index < place ? "✓" : index + 1}
          </span>
          {label}
          {index < place && <span class="sr-only">, done</span>}
        </li>
      ))}
    </ol>
  );
}
