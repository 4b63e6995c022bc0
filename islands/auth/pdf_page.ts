/** PostScript points, 1/72 inch; from the lower left corner, as PDF counts. */
export const A4 = { width: 595.28, height: 841.89 } as const;

/** Not Courier: viewers that lack it squeeze other letters into its widths. */
const FONTS = { text: "Helvetica", bold: "Helvetica-Bold" } as const;
export type PdfFont = keyof typeof FONTS;

/**
 * One A4 page of text, lines and filled rectangles, by the PDF's own standard fonts: nothing is
 * embedded, so letters are those of Windows-1252. Written here rather than by a library of some 500 kB:
 * fewer hands touch the Secret Key.
 */
export class PdfPage {
  readonly #content: string[] = [];

  text(text: string, { x, y, size, font = "text", grey = 0 }: {
    x: number;
    y: number;
    size: number;
    font?: PdfFont;
    /** 0 is black, 1 is white. */
    grey?: number;
  }): void {
    this.#content.push(
      `BT /${font} ${size} Tf ${grey} g ${at(x)} ${at(y)} Td (${escape(text)}) Tj ET`,
    );
  }

  /** A filled rectangle. */
  fill(x: number, y: number, width: number, height: number, grey = 0): void {
    this.#content.push(`${grey} g ${at(x)} ${at(y)} ${at(width)} ${at(height)} re f`);
  }

  /** The outline of a rectangle. */
  box(x: number, y: number, width: number, height: number, grey = 0.6): void {
    this.#content.push(`${grey} G 0.8 w ${at(x)} ${at(y)} ${at(width)} ${at(height)} re S`);
  }

  toBytes({ title }: { title: string }): Uint8Array<ArrayBuffer> {
    const content = this.#content.join("\n");
    const fonts = Object.entries(FONTS).map(([name, font]) =>
      `/${name} << /Type /Font /Subtype /Type1 /BaseFont /${font} /Encoding /WinAnsiEncoding >>`
    );
    const objects = [
      "<< /Type /Catalog /Pages 2 0 R /Lang (en) /ViewerPreferences << /DisplayDocTitle true >> >>",
      "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${A4.width} ${A4.height}] /Contents 4 0 R ` +
      `/Resources << /Font << ${fonts.join(" ")} >> >> >>`,
      `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
      `<< /Title (${escape(title)}) /Producer (TOD) >>`,
    ];
    let file = "%PDF-1.4\n%\xe2\xe3\xcf\xd3\n";
    const offsets = objects.map((object, index) => {
      const offset = file.length;
      file += `${index + 1} 0 obj\n${object}\nendobj\n`;
      return `${String(offset).padStart(10, "0")} 00000 n \n`;
    });
    const start = file.length;
    const size = objects.length + 1;
    file += `xref\n0 ${size}\n0000000000 65535 f \n${offsets.join("")}` +
      `trailer\n<< /Size ${size} /Root 1 0 R /Info 5 0 R >>\nstartxref\n${start}\n%%EOF\n`;
    // One character, one byte: escape() let nothing else in.
    return Uint8Array.from(file, (character) => character.charCodeAt(0));
  }
}

const at = (points: number) => String(Math.round(points * 100) / 100);

/** A PDF string's inside. What the fonts have no letter for becomes a question mark. */
function escape(text: string): string {
  return text.normalize("NFC").replaceAll(/[^\x20-\x7e\xa0-\xff]/gu, "?")
    .replaceAll(/[\\()]/g, "\\$&");
}

/** Splits text of `bold` into lines that surely fit a width in points. */
export function linesWithin(text: string, size: number, width: number): string[] {
  const lines = [""];
  let used = 0;
  for (const character of text) {
    const own = widestOf(character) * size;
    if (used + own > width && used > 0) {
      lines.push("");
      used = 0;
    }
    lines[lines.length - 1] += character;
    used += own;
  }
  return lines;
}

/** No narrower than the character is in Helvetica-Bold, as a share of the font's size. */
function widestOf(character: string): number {
  if (/[ijltf.,:;'|()!/-]/.test(character)) return 0.34;
  if (/[a-ln-vx-z0-9_+?#$=~]/.test(character)) return 0.62;
  return /[A-LN-VX-Z&]/.test(character) ? 0.78 : 1;
}
