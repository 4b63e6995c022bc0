import { z } from "zod";
import { AttributeChange } from "./configs.ts";
import { ConfigCommands, MenuPath } from "./config_commands.ts";
import { PushRequest } from "./pushes.ts";

/** Longer than the configuration of any router we have seen. */
export const MAX_BASELINE_TEXT = 900_000;
export const MAX_IGNORES = 200;
export const MAX_DRIFT_CHOSEN = 500;

/** What a router, or every router of a group, should hold. */
export const Baseline = z.object({
  id: z.uuid(),
  deviceId: z.uuid().nullable(),
  groupId: z.uuid().nullable(),
  /** What the router or group is called. */
  name: z.string(),
  /** Menus of a group's baseline in which nothing else may be. */
  wholeMenus: z.array(z.string()),
  /** When the version was taken that it came from; `null`: written by hand. */
  takenAt: z.iso.datetime().nullable(),
  revision: z.int(),
  updatedBy: z.string(),
  updatedByName: z.string().nullable(),
  updatedAt: z.iso.datetime(),
  /** Routers that differ from it. */
  drifted: z.int(),
});
export type Baseline = z.infer<typeof Baseline>;

export const BaselineText = z.object({
  ...Baseline.shape,
  /** With its secrets hidden, unless it is shown to be edited. */
  text: z.string(),
});
export type BaselineText = z.infer<typeof BaselineText>;

export const NewGroupBaseline = z.strictObject({
  groupId: z.uuid(),
  /** As an export has it: menus, `add` and `set`. */
  text: z.string().min(1).max(MAX_BASELINE_TEXT),
  wholeMenus: z.array(MenuPath).max(50).default([]),
});
export type NewGroupBaseline = z.input<typeof NewGroupBaseline>;
export const BaselinePatch = z.strictObject({
  revision: z.int(),
  /** Masked secrets (`********`) stay what they are. */
  text: z.string().min(1).max(MAX_BASELINE_TEXT).optional(),
  wholeMenus: z.array(MenuPath).max(50).optional(),
});
export type BaselinePatch = z.infer<typeof BaselinePatch>;
export const DeviceBaselineChoice = z.strictObject({ versionId: z.uuid() });

export const NewIgnore = z.strictObject({
  /** `null`: for every baseline. */
  baselineId: z.uuid().nullable().default(null),
  /** `*` stands for anything: `/ip/firewall/*`. */
  menu: z.string().trim().min(1).max(120).regex(/^[/*]/, "must begin with / or *"),
  /** This attribute alone; `null`: whole items. */
  attribute: z.string().trim().min(1).max(80).nullable().default(null),
  /** Items with such a comment alone. */
  comment: z.string().trim().min(1).max(200).nullable().default(null),
  reason: z.string().trim().min(3).max(1_000),
});
export type NewIgnore = z.input<typeof NewIgnore>;
export const DriftIgnore = z.object({
  id: z.uuid(),
  baselineId: z.uuid().nullable(),
  menu: z.string(),
  attribute: z.string().nullable(),
  comment: z.string().nullable(),
  reason: z.string(),
  createdBy: z.string(),
  createdByName: z.string().nullable(),
  createdAt: z.iso.datetime(),
});
export type DriftIgnore = z.infer<typeof DriftIgnore>;

/** One item in which a router differs from a baseline; secrets are hidden. */
export const DriftItem = z.object({
  id: z.uuid(),
  baselineId: z.uuid(),
  /** `added`: the router has it and the baseline does not. */
  kind: z.enum(["added", "removed", "changed", "moved"]),
  menu: z.string(),
  label: z.string(),
  /** What the baseline has and what the router has, as commands. */
  wanted: z.string().nullable(),
  running: z.string().nullable(),
  /** `from`: the baseline's, `to`: the router's. */
  attributes: z.array(AttributeChange),
  /** Of the version in which it was seen first. */
  since: z.iso.datetime(),
  who: z.string().nullable(),
});
export type DriftItem = z.infer<typeof DriftItem>;

export const DeviceDrift = z.object({
  /** What the router is held against: its own first. */
  baselines: z.array(Baseline),
  items: z.array(DriftItem),
  checkedAt: z.iso.datetime().nullable(),
});
export type DeviceDrift = z.infer<typeof DeviceDrift>;

export const DriftChoice = z.strictObject({
  items: z.array(z.uuid()).min(1).max(MAX_DRIFT_CHOSEN),
});
export type DriftChoice = z.infer<typeof DriftChoice>;

export const RevertRequest = z.strictObject({
  items: DriftChoice.shape.items,
  ...PushRequest.pick({ title: true, confirm: true, windowSeconds: true, typedName: true }).shape,
});
export type RevertRequest = z.infer<typeof RevertRequest>;

export const RevertPlan = z.object({
  /** `null`: there are none, or secrets are among them, which no browser needs to hold. */
  commands: ConfigCommands.nullable(),
  /** What would be done, as a script with its secrets hidden. */
  shown: z.string(),
  /** What no command brings back, and why. */
  cannot: z.array(z.object({ menu: z.string(), label: z.string(), why: z.string() })),
});
export type RevertPlan = z.infer<typeof RevertPlan>;
