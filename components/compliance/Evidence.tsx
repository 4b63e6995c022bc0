import type { RuleEvidence } from "@/core/contract/compliance.ts";

const SHOWN = 5;

/** What speaks against a router: the item, its line, and what is expected of it. */
export function Evidence({ evidence }: { evidence: readonly RuleEvidence[] }) {
  if (evidence.length === 0) return null;
  const [shown, more] = [evidence.slice(0, SHOWN), evidence.slice(SHOWN)];
  return (
    <div class="mt-1.5 grid gap-1.5 text-sm">
      <Items evidence={shown} />
      {more.length > 0 && (
        <details>
          <summary class="cursor-pointer text-text-2">{more.length} more</summary>
          <div class="mt-1.5 grid gap-1.5">
            <Items evidence={more} />
          </div>
        </details>
      )}
    </div>
  );
}

function Items({ evidence }: { evidence: readonly RuleEvidence[] }) {
  return (
    <>
      {evidence.map(({ menu, line, item, message }, at) => (
        <div key={at} class="border-l-2 border-line pl-2.5">
          {menu && (
            <div class="text-text-2">
              <code>{menu}</code>
              {line !== null && <span class="text-text-3">, line {line}</span>}
            </div>
          )}
          {item && (
            <code class="break line-clamp-4 block">
              <bdi>{item}</bdi>
            </code>
          )}
          <div class="break">{message}</div>
        </div>
      ))}
    </>
  );
}
