import { byUnit, UNKNOWN } from "@/core/contract/format.ts";
import type { SeriesSet } from "@/core/contract/metrics.ts";
import { saveFile } from "../auth/save_file.ts";
import { resolveColor, seriesStyle } from "./series_style.ts";

const PAD = 16;
const ROW = 18;

/** Letters, digits and dashes of what may be anything. */
export function fileStem(...parts: string[]): string {
  return ["tod", ...parts].join("-").normalize("NFKD").toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-").replaceAll(/^-+|-+$/g, "").slice(0, 80);
}

/** The chart as it is drawn, under its title and range, over its legend; saved as a picture. */
export async function savePng(
  canvas: HTMLCanvasElement,
  { title, subject, set }: { title: string; subject: string; set: SeriesSet },
): Promise<void> {
  const ratio = globalThis.devicePixelRatio || 1;
  const width = canvas.width / ratio;
  const format = byUnit(set.series[0]?.unit ?? "other");
  const columns = Math.max(1, Math.floor((width - PAD) / 240));
  const rows = Math.ceil(set.series.length / columns);
  const top = PAD + 2 * ROW + 8;
  const height = top + canvas.height / ratio + rows * ROW + PAD;
  const picture = document.createElement("canvas");
  picture.width = Math.round((width + 2 * PAD) * ratio);
  picture.height = Math.round(height * ratio);
  const draw = picture.getContext("2d")!;
  draw.scale(ratio, ratio);
  draw.fillStyle = resolveColor("--surface");
  draw.fillRect(0, 0, width + 2 * PAD, height);
  const family = getComputedStyle(document.body).fontFamily;
  const write = (text: string, x: number, y: number, token: string, font: string, most: number) => {
    draw.font = `${font} ${family}`;
    draw.fillStyle = resolveColor(token);
    draw.fillText(fit(draw, text, most), x, y);
  };
  write(`${title} · ${subject}`, PAD, PAD + 14, "--text", "600 15px", width);
  const range = [set.from, set.to].map((at) => `${at.slice(0, 16).replace("T", " ")} UTC`);
  write(range.join(" to "), PAD, PAD + ROW + 14, "--text-3", "12px", width);
  draw.drawImage(canvas, PAD, top, width, canvas.height / ratio);
  set.series.forEach(({ name, average }, index) => {
    const x = PAD + (index % columns) * (width / columns);
    const y = top + canvas.height / ratio + Math.floor(index / columns) * ROW + 14;
    const { token, dash } = seriesStyle(index);
    draw.strokeStyle = resolveColor(token);
    draw.lineWidth = 2;
    draw.setLineDash([...dash]);
    draw.beginPath();
    draw.moveTo(x, y - 4);
    draw.lineTo(x + 16, y - 4);
    draw.stroke();
    const last = average.findLast((value) => value !== null);
    const text = last === undefined ? UNKNOWN : format(last);
    write(`${name}  ${text}`, x + 22, y, "--text-2", "12px", width / columns - 30);
  });
  const blob = await new Promise<Blob | null>((resolve) => picture.toBlob(resolve, "image/png"));
  if (blob) saveFile(`${fileStem(title, subject, set.to.slice(0, 10))}.png`, "image/png", blob);
}

function fit(draw: CanvasRenderingContext2D, text: string, most: number): string {
  let kept = text.slice(0, 300);
  if (draw.measureText(kept).width <= most) return kept;
  while (kept.length > 1 && draw.measureText(`${kept}…`).width > most) kept = kept.slice(0, -1);
  return `${kept}…`;
}
