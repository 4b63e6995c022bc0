import { encodeQR } from "qr";
import { A4, linesWithin, PdfPage } from "./pdf_page.ts";
import { makeSignInLink } from "./sign_in_link.ts";

export interface EmergencyKit {
  email: string;
  /** Address of the sign-in page. */
  signInUrl: string;
  /** As people see it. */
  secretKey: string;
  madeAt: Date;
}

const MARGIN = 56;
const QR_SIZE = 150;

/** Rows of modules with their quiet zone, `true` is dark; opens the sign-in page with e-mail and Secret Key filled in. */
export function kitQr({ email, signInUrl, secretKey }: EmergencyKit): boolean[][] {
  const link = makeSignInLink(signInUrl, { email, secretKey });
  return encodeQR(link, "raw", { ecc: "medium", border: 4 });
}

/** The Emergency Kit as an A4 page, made in this browser alone. The password is written in by hand. */
export function makeEmergencyKit(kit: EmergencyKit): Uint8Array<ArrayBuffer> {
  const page = new PdfPage();
  const right = A4.width - MARGIN;
  let y = A4.height - 84;
  page.text("TOD Emergency Kit", { x: MARGIN, y, size: 26, font: "bold" });
  y -= 22;
  const day = kit.madeAt.toISOString().slice(0, 10);
  page.text(`Made on ${day}. Print it, write your password in, keep it where you keep passports.`, {
    ...{ x: MARGIN, y, size: 10.5, grey: 0.35 },
  });
  y -= 44;
  const below = (label: string, value: string, size: number) => {
    page.text(label, { x: MARGIN, y, size: 10, grey: 0.35 });
    y -= size + 7;
    for (const line of linesWithin(value, size, right - MARGIN)) {
      page.text(line, { x: MARGIN, y, size, font: "bold" });
      y -= size + 5;
    }
    y -= 15;
  };
  below("Sign-in address", kit.signInUrl, 13);
  below("E-mail", kit.email, 13);
  below("Secret Key", kit.secretKey, 19);
  page.text("Password (write it here by hand, or leave it out)", {
    x: MARGIN,
    y,
    size: 10,
    grey: 0.35,
  });
  y -= 50;
  page.box(MARGIN, y, right - MARGIN, 40);
  y -= 36;
  drawQr(page, kitQr(kit), { x: MARGIN, top: y });
  const advice = [
    ["bold", "What this is for"],
    ["text", "A new browser asks for your Secret Key beside your password."],
    ["text", "Scan the code with a phone, or type the key as it stands above."],
    ["text", ""],
    ["bold", "Keep it safe"],
    ["text", "The Secret Key was made in your browser. Nobody else has it:"],
    ["text", "not the server, not your administrator. It cannot be sent again."],
    ["text", "Key and password together open your account."],
    ["text", ""],
    ["bold", "Lost both?"],
    ["text", "A recovery code, or your administrator, opens a new enrolment."],
  ] as const;
  advice.forEach(([font, line], index) => {
    page.text(line, { x: MARGIN + QR_SIZE + 24, y: y - 9 - index * 13.5, size: 9.5, font });
  });
  return page.toBytes({ title: "TOD Emergency Kit" });
}

/** Runs of dark modules as one rectangle each: no seams, and a small file. */
function drawQr(page: PdfPage, rows: boolean[][], { x, top }: { x: number; top: number }): void {
  const module = QR_SIZE / rows.length;
  rows.forEach((row, line) => {
    for (let from = 0; from < row.length; from++) {
      if (!row[from]) continue;
      let to = from;
      while (row[to]) to++;
      const y = top - (line + 1) * module;
      page.fill(x + from * module, y, (to - from) * module, module);
      from = to;
    }
  });
}
