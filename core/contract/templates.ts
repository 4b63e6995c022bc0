import { z } from "zod";
import { ConfigChange, DiffLine } from "./configs.ts";

export const MAX_TEMPLATES = 300;
export const MAX_VARIABLES = 40;
export const MAX_SCRIPT = 60_000;
/** Items of a list, characters of a text. */
export const MAX_ITEMS = 100;
export const MAX_VALUE = 1_000;

export const VariableName = z.string().regex(
  /^[a-z][a-z0-9_]{0,39}$/,
  "must begin with a letter and hold small letters, digits and _ only",
);

/** What every template may name without declaring it. */
export const BUILT_INS = {
  device_name: "What the router is called here",
  identity: "What the router calls itself",
  address: "The address it is managed at",
  site_name: "The site it stands on",
  model: "Its model",
  version: "Its RouterOS version",
  tenant_name: "The name of the organisation",
} as const;
export type BuiltIn = keyof typeof BUILT_INS;
export const BUILT_IN_NAMES = Object.keys(BUILT_INS) as BuiltIn[];

/** What the database takes. */
const text = () =>
  z.string().refine((value) => !value.includes("\0") && value.isWellFormed(), "holds a NUL");

/** A text, or the texts of a list. Every type has one spelling: `yes`, `42`, `2001:db8::1`. */
export const TemplateValue = z.union([
  text().max(MAX_VALUE),
  z.array(text().max(MAX_VALUE)).max(MAX_ITEMS),
]);
export type TemplateValue = z.infer<typeof TemplateValue>;

export const VARIABLE_TYPES = [
  "string",
  "ip",
  "subnet",
  "integer",
  "boolean",
  "choice",
] as const;
export type VariableType = typeof VARIABLE_TYPES[number];

/** A place of a template that routers fill differently. */
export const TemplateVariable = z.strictObject({
  name: VariableName.refine((name) => !(name in BUILT_INS), "is a name that every template has"),
  type: z.enum(VARIABLE_TYPES),
  help: text().trim().max(300).default(""),
  /** Several values, for a section. */
  isList: z.boolean().default(false),
  /** Encrypted, never shown again. */
  isSecret: z.boolean().default(false),
  /** `false`: it may have none, and stands in a section of its own only. */
  isRequired: z.boolean().default(true),
  default: TemplateValue.nullable().default(null),
  /** Of an integer, or the length of a text. */
  min: z.int().nullable().default(null),
  max: z.int().nullable().default(null),
  /** Of an address or network; `null`: either. */
  family: z.union([z.literal(4), z.literal(6)]).nullable().default(null),
  /** `192.0.2.1/24`: an address within its network, not the network itself. */
  isAddressInNetwork: z.boolean().default(false),
  options: z.array(text().min(1).max(200)).max(50).default([]),
});
export type TemplateVariable = z.infer<typeof TemplateVariable>;
export type NewVariable = z.input<typeof TemplateVariable>;

const Tags = z.array(text().trim().min(1).max(40)).max(10);
const body = {
  name: text().trim().min(1).max(100),
  description: text().trim().max(1_000),
  tags: Tags,
  script: text().max(MAX_SCRIPT),
  variables: z.array(TemplateVariable).max(MAX_VARIABLES),
};
export const NewTemplate = z.strictObject({
  ...body,
  description: body.description.default(""),
  tags: body.tags.default([]),
  variables: body.variables.default([]),
});
export type NewTemplate = z.input<typeof NewTemplate>;

/** Absent: unchanged. */
export const TemplatePatch = z.strictObject(body).partial().extend({
  /** The version that was edited; another one by now: 409. */
  version: z.int().min(1),
  /** Why, for the history. */
  note: text().trim().max(300).default(""),
});
export type TemplatePatch = z.input<typeof TemplatePatch>;

export const TemplateSummary = z.object({
  id: z.uuid(),
  name: z.string(),
  description: z.string(),
  tags: z.array(z.string()),
  version: z.int(),
  variables: z.int(),
  updatedAt: z.iso.datetime(),
  updatedBy: z.string(),
  updatedByName: z.string().nullable(),
  /** Jobs that pushed it. */
  uses: z.int(),
  usedAt: z.iso.datetime().nullable(),
});
export type TemplateSummary = z.infer<typeof TemplateSummary>;

export const Template = TemplateSummary.extend({
  script: z.string(),
  variables: z.array(TemplateVariable),
});
export type Template = z.infer<typeof Template>;

export const TemplateVersion = z.object({
  version: z.int(),
  at: z.iso.datetime(),
  actor: z.string(),
  actorName: z.string().nullable(),
  note: z.string(),
});
export type TemplateVersion = z.infer<typeof TemplateVersion>;

export const TemplateComparison = z.object({
  from: z.int(),
  to: z.int(),
  script: z.array(DiffLine),
  /** Variables as text, one a line. */
  variables: z.array(DiffLine),
});
export type TemplateComparison = z.infer<typeof TemplateComparison>;

/** A template as a file: what one installation gives to another. */
export const TemplateFile = z.strictObject({
  format: z.literal("tod-template"),
  formatVersion: z.literal(1),
  ...body,
});
export type TemplateFile = z.infer<typeof TemplateFile>;
export const TemplateImport = z.strictObject({
  templates: z.array(TemplateFile).min(1).max(50),
});
export type TemplateImport = z.input<typeof TemplateImport>;

/** What is wrong with a template's text, where. */
export const TemplateProblem = z.object({ line: z.int(), message: z.string() });
export type TemplateProblem = z.infer<typeof TemplateProblem>;

export const TemplateCheck = z.strictObject({ script: body.script, variables: body.variables });
export type TemplateCheck = z.infer<typeof TemplateCheck>;

/** Where a value is kept. A router takes the nearest: its own, its site's, the site above, the tenant's. */
export const ValueHolder = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("tenant") }),
  z.strictObject({ kind: z.literal("site"), id: z.uuid() }),
  z.strictObject({ kind: z.literal("device"), id: z.uuid() }),
]);
export type ValueHolder = z.infer<typeof ValueHolder>;

export const StoredValue = z.object({
  name: VariableName,
  holder: ValueHolder,
  /** Of the site or router; the tenant has none. */
  holderName: z.string().nullable(),
  /** `null`: a secret. */
  value: TemplateValue.nullable(),
});
export type StoredValue = z.infer<typeof StoredValue>;

export const ValueChange = z.strictObject({
  name: VariableName,
  holder: ValueHolder,
  /** `null`: forget it. */
  value: TemplateValue.nullable(),
  isSecret: z.boolean().default(false),
});
export type ValueChange = z.input<typeof ValueChange>;

/** Values for one occasion, before all that is kept. */
export const GivenValues = z.record(VariableName, TemplateValue).refine(
  (given) => Object.keys(given).length <= MAX_VARIABLES,
  `at most ${MAX_VARIABLES}`,
);
export type GivenValues = z.infer<typeof GivenValues>;

export const VALUE_SOURCES = [
  "given",
  "device",
  "site",
  "tenant",
  "default",
  "built_in",
  "missing",
] as const;
export type ValueSource = typeof VALUE_SOURCES[number];

/** What a router has for a variable, and from where. */
export const ResolvedValue = z.object({
  name: z.string(),
  source: z.enum(VALUE_SOURCES),
  /** The site it came from, where it was a site. */
  sourceName: z.string().nullable(),
  /** Secrets are hidden; `null`: it has none. */
  value: TemplateValue.nullable(),
  problem: z.string().nullable(),
});
export type ResolvedValue = z.infer<typeof ResolvedValue>;

export const PreviewRequest = z.strictObject({
  deviceId: z.uuid(),
  given: GivenValues.default({}),
});
export type PreviewRequest = z.input<typeof PreviewRequest>;

export const TemplatePreview = z.object({
  deviceId: z.uuid(),
  deviceName: z.string(),
  values: z.array(ResolvedValue),
  /** Why it cannot be pushed to this router; empty: it can. */
  problems: z.array(TemplateProblem),
  /** Secrets are hidden. `null`: it could not be made. */
  script: z.string().nullable(),
  /** Against the last kept configuration; `null`: there is none, or the caller may not see it. */
  changes: z.array(ConfigChange).nullable(),
  /** Items that the router has already. */
  settled: z.int(),
  comparedAt: z.iso.datetime().nullable(),
});
export type TemplatePreview = z.infer<typeof TemplatePreview>;

/** A template that comes with the product. */
export const LibraryTemplate = z.object({
  slug: z.string(),
  name: z.string(),
  description: z.string(),
  tags: z.array(z.string()),
  /** "6 and 7" */
  routeros: z.string(),
  script: z.string(),
  variables: z.array(TemplateVariable),
});
export type LibraryTemplate = z.infer<typeof LibraryTemplate>;
