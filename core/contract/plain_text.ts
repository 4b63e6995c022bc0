/** Controls, and what turns the direction of the text after it: nothing a name needs. */
// deno-lint-ignore no-control-regex
const HIDDEN = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/**
 * A text of routers or strangers as it is shown where people judge by it: what would hide or reorder
 * letters is a visible mark instead.
 */
export function plainText(text: string): string {
  return text.replace(HIDDEN, "\ufffd");
}
