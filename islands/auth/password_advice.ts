import { normalisePassword } from "@/core/srp/two_secret.ts";

/** Fewest characters of a password, each letter counted once however it is composed. */
export const MIN_LENGTH = 12;
const STRONG_LENGTH = 20;
/** Fewer different characters than this are a pattern. */
const MIN_VARIETY = 6;

export interface PasswordAdvice {
  isAcceptable: boolean;
  strength: "none" | "weak" | "fair" | "strong";
  text: string;
}

/**
 * Length is what counts: no rules about digits and signs, which make passwords worse. What is easily
 * guessed is said, and refused only when it is a pattern or the person's own address.
 */
export function adviseOn(
  password: string,
  { email = "" }: { email?: string } = {},
): PasswordAdvice {
  const characters = [...normalisePassword(password).normalize("NFC")];
  const lower = characters.join("").toLowerCase();
  if (characters.length === 0) {
    return {
      ...{ isAcceptable: false, strength: "none" },
      text: `At least ${MIN_LENGTH} characters. Four or five random words are best.`,
    };
  }
  const missing = MIN_LENGTH - characters.length;
  if (missing > 0) {
    const text = missing === 1 ? "One more character." : `${missing} more characters.`;
    return { isAcceptable: false, strength: "weak", text };
  }
  if (new Set(lower).size < MIN_VARIETY || isRepeated(lower)) {
    return {
      ...{ isAcceptable: false, strength: "weak" },
      text: "This repeats itself and is guessed early: use words that have nothing to do together.",
    };
  }
  const [name = ""] = email.toLowerCase().split("@");
  if (name.length >= 3 && lower.replace(name, "").length < MIN_LENGTH && lower.includes(name)) {
    return {
      ...{ isAcceptable: false, strength: "weak" },
      text: "Most of this is your e-mail address: use words that others do not know of you.",
    };
  }
  return characters.length >= STRONG_LENGTH
    ? { isAcceptable: true, strength: "strong", text: "Strong: long and hard to guess." }
    : { isAcceptable: true, strength: "fair", text: "Good. One more word makes it strong." };
}

/** Whether the text is one short piece again and again. */
function isRepeated(text: string): boolean {
  return /^(.{1,6}?)\1{2,}.{0,5}$/su.test(text);
}
