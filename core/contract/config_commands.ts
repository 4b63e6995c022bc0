import { z } from "zod";

/** `/ip/firewall/filter` */
export const MenuPath = z.string().max(120).regex(/^(\/[a-z0-9][a-z0-9-]*)+$/);
const AttributeName = z.string().min(1).max(80).regex(/^[a-z0-9.][a-z0-9.-]*$/);
/** A whole script fits; a word of the API may be longer, but nobody writes one by hand. */
const AttributeValue = z.string().max(64_000);

/**
 * Which item of a menu a command is about. An id holds as long as the router was not reset; `where`
 * must fit exactly one static item at the moment the command is carried out. A condition `""` fits an
 * item that has no such attribute.
 */
export const ItemTarget = z.discriminatedUnion("by", [
  /** The one item of a menu such as `/system/identity`. */
  z.strictObject({ by: z.literal("menu") }),
  z.strictObject({ by: z.literal("id"), id: z.string().regex(/^\*[0-9A-F]{1,16}$/) }),
  z.strictObject({
    by: z.literal("where"),
    where: z.record(AttributeName, AttributeValue).refine((w) => Object.keys(w).length > 0),
    /**
     * Which of those it fits, from 0 in the order of the menu: for items that are equal in everything, as
     * two rules may be. Without it one alone must fit.
     */
    nth: z.number().int().min(0).max(99_999).optional(),
  }),
]);
export type ItemTarget = z.infer<typeof ItemTarget>;

/**
 * One change to a router's configuration, the same for the editor, a template, a restore and a bulk
 * job. Attributes are values as the API takes them (`yes`/`no` for booleans), without quotes.
 */
export const ConfigCommand = z.discriminatedUnion("action", [
  z.strictObject({
    action: z.literal("add"),
    menu: MenuPath,
    attributes: z.record(AttributeName, AttributeValue),
    /** The item it stands before, in a menu where the order counts; `null`: at the end. */
    before: ItemTarget.nullable(),
  }),
  z.strictObject({
    action: z.literal("set"),
    menu: MenuPath,
    target: ItemTarget,
    /** `null` unsets. */
    attributes: z.record(AttributeName, AttributeValue.nullable()),
  }),
  z.strictObject({ action: z.literal("remove"), menu: MenuPath, target: ItemTarget }),
  z.strictObject({
    action: z.literal("move"),
    menu: MenuPath,
    target: ItemTarget,
    /** `null`: to the end. */
    before: ItemTarget.nullable(),
  }),
]);
export type ConfigCommand = z.infer<typeof ConfigCommand>;

export const MAX_COMMANDS = 2_000;
export const ConfigCommands = z.array(ConfigCommand).min(1).max(MAX_COMMANDS);
