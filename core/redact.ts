/** Field names whose values never leave the process. */
const SECRET_KEY = new RegExp(
  [
    "pass(word|phrase|wd|code)|pass$|secret|token|authorization|cookie|ciphertext|credential",
    "(private|master|api|signing|wrapped|data|session|shared|preshared|encryption|recovery).?keys?$",
    "verifier|^(srp|proof|m1|m2)$|proof$|pre.?shared|psk$|totp|otp$|(recovery|backup).?codes?|jwt",
  ].join("|"),
  "i",
);

/** Secrets inside text: credentials of an URL, PEM blocks, bearer tokens. */
const PATTERNS: readonly [RegExp, string][] = [
  [/([a-z][a-z0-9+.-]*:\/\/)[^\s/@:]*:[^\s/@]*@/gi, "$1[redacted]@"],
  [/-----BEGIN [^-]*PRIVATE KEY-----[\s\S]*?-----END [^-]*-----/g, "[redacted key]"],
  [/\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{8,}/g, "$1 [redacted]"],
  [/\b(hvs|s|b)\.[A-Za-z0-9]{20,}/g, "[redacted token]"],
  [/\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*/g, "[redacted token]"],
  [/\bmktp_[A-Za-z0-9_-]{8,}/g, "[redacted key]"],
  [/\bA3-[A-Z0-9]{4,}(-[A-Z0-9]{4,})+/g, "[redacted key]"],
  [/\b((?:set-)?cookie: ?)[^\r\n]+/gi, "$1[redacted]"],
  [/\b(pass(?:word|phrase|wd)?|secret|token)(["']?\s*[=:]\s*["']?)[^\s"'&,;]+/gi, "$1$2[redacted]"],
  // An SRP verifier or ephemeral, a key: no id or fingerprint is that long.
  [/\b[0-9a-f]{256,}\b/gi, "[redacted number]"],
];

const MAX_TEXT = 8_192;
const MAX_DEPTH = 6;

/** `text` without secrets, bounded. */
export function redactText(text: string): string {
  let clean = text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}… [cut]` : text;
  for (const [pattern, replacement] of PATTERNS) clean = clean.replace(pattern, replacement);
  return clean;
}

/** A copy of `value` that is safe to log: JSON-able, bounded, without secrets. */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === "string") return redactText(value);
  if (typeof value === "bigint") return value.toString();
  if (typeof value !== "object" || value === null) return value;
  if (depth >= MAX_DEPTH) return "[deep]";
  if (value instanceof Error) {
    return {
      name: value.name,
      message: redactText(value.message),
      ...("code" in value && { code: redact(value.code, depth + 1) }),
      ...(value.stack && { stack: redactText(value.stack) }),
      ...(value instanceof AggregateError && { errors: redact(value.errors, depth + 1) }),
      ...(value.cause !== undefined && { cause: redact(value.cause, depth + 1) }),
    };
  }
  if (value instanceof Uint8Array) return `[${value.length} bytes]`;
  if (value instanceof Date) {
    return Number.isNaN(value.getTime()) ? "[no date]" : value.toISOString();
  }
  if (value instanceof Map) return redact(Object.fromEntries(value), depth);
  if (value instanceof Set) return redact([...value], depth + 1);
  if (Array.isArray(value)) return value.slice(0, 100).map((item) => redact(item, depth + 1));
  const isNamed = namesSecret(value);
  const entries = Object.entries(value).slice(0, 100).map(([key, item]) => {
    const isSecret = SECRET_KEY.test(key) || (isNamed && key === "value");
    return [key, isSecret && item != null ? "[redacted]" : redact(item, depth + 1)] as const;
  });
  return Object.fromEntries(entries);
}

/** `{ name: "password", value: "…" }`: the field's name is a value here. */
function namesSecret(value: object): boolean {
  return ["name", "key", "field"].some((key) => {
    const name = (value as Record<string, unknown>)[key];
    return typeof name === "string" && SECRET_KEY.test(name);
  });
}
