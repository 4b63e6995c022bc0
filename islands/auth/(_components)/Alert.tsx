/**
 * What went wrong and what to do; read out as soon as it appears. The box is always there, so
 * that screen readers hear a change, and takes no room while empty.
 */
export function Alert({ text }: { text: string | undefined }) {
  return (
    <div role="alert" class="contents">
      {text && <p class="break rounded-control bg-bad-soft px-3 py-2 text-bad">{text}</p>}
    </div>
  );
}
