/** The browser's own printing, which can make a PDF too. */
export default function Print() {
  return (
    <button type="button" class="btn btn-primary" onClick={() => globalThis.print()}>
      Print or save as PDF
    </button>
  );
}
