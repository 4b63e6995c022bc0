/** What went wrong and what to do; read out as soon as it appears. Always there, so that it is heard. */
export function Alert({ text }: { text: string | undefined }) {
  return (
    <div role="alert">
      {text && <p class="break rounded-control bg-bad-soft px-3 py-2 text-bad">{text}</p>}
    </div>
  );
}
