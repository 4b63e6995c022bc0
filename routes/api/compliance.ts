import { z } from "@hono/zod-openapi";
import { addException, listExceptions, removeException } from "@/core/compliance/exceptions.ts";
import { checkNow, deviceCompliance } from "@/core/compliance/device_compliance.ts";
import { complianceOverview } from "@/core/compliance/overview.ts";
import { addPolicy, listPolicies, removePolicy, updatePolicy } from "@/core/compliance/policies.ts";
import { complianceCsv } from "@/core/compliance/report.ts";
import { routerScores } from "@/core/compliance/router_scores.ts";
import { ruleRouters } from "@/core/compliance/rule_routers.ts";
import {
  addRule,
  getRule,
  listRules,
  removeRule,
  resetRule,
  updateRule,
} from "@/core/compliance/rules.ts";
import type { ComplianceDeps } from "@/core/compliance/tell.ts";
import { ruleFix, tryRule } from "@/core/compliance/try_rule.ts";
import { NewRule, RuleBody, RulePatch } from "@/core/contract/compliance_rules.ts";
import {
  ComplianceException,
  ComplianceOverview,
  CompliancePolicy,
  ComplianceRule,
  DeviceCompliance,
  NewException,
  NewPolicy,
  PolicyPatch,
  RouterFilter,
  RouterScores,
  RuleResult,
  RuleRouters,
  RuleTrial,
} from "@/core/contract/compliance.ts";
import { ConfigCommands } from "@/core/contract/config_commands.ts";
import {
  apiModule,
  apiRoute,
  COMMON_PROBLEMS,
  CONFLICT,
  json,
  jsonBody,
  NO_CONTENT,
  NOT_FOUND,
} from "../http/api_route.ts";
import { download, fileName } from "../http/download.ts";

const tags = ["compliance"];
const Id = z.object({ id: z.uuid() });
const Listing = {
  cursor: z.string().max(1_000).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
};
const listOf = <Item extends z.ZodType>(item: Item) => z.object({ items: z.array(item) });

const overview = apiRoute("compliance:read", {
  method: "get",
  path: "/compliance",
  tags,
  summary: "Read how the fleet holds its rules",
  description:
    "The score is the weight of the rules that pass in all that pass or fail: a critical " +
    "rule weighs 10, a high one 5, a medium one 2, a low one 1. What has an exception, is not " +
    "applicable or unknown counts neither way.",
  responses: { 200: json(ComplianceOverview, "Scores and what fails"), ...COMMON_PROBLEMS },
});
const routers = apiRoute("compliance:read", {
  method: "get",
  path: "/compliance/routers",
  tags,
  summary: "List routers by score, the worst first",
  request: {
    query: z.object({
      filter: RouterFilter.default("all"),
      q: z.string().max(200).optional(),
      ...Listing,
    }),
  },
  responses: { 200: json(RouterScores, "Routers"), ...COMMON_PROBLEMS },
});
const report = apiRoute("compliance:read", {
  method: "get",
  path: "/compliance/report.csv",
  tags,
  summary: "Download every result as CSV",
  responses: {
    200: { description: "The file", content: { "text/csv": { schema: z.string() } } },
    ...COMMON_PROBLEMS,
  },
});
const check = apiRoute("compliance:write", {
  method: "post",
  path: "/compliance/checks",
  tags,
  summary: "Look at every router again",
  responses: { 202: json(z.object({ devices: z.int() }), "How many"), ...COMMON_PROBLEMS },
});
const rules = apiRoute("compliance:read", {
  method: "get",
  path: "/compliance/rules",
  tags,
  summary: "List rules with what they say of the fleet",
  responses: { 200: json(listOf(ComplianceRule), "Rules"), ...COMMON_PROBLEMS },
});
const newRule = apiRoute("compliance:write", {
  method: "post",
  path: "/compliance/rules",
  tags,
  summary: "Add a rule",
  description: "It is asked of no router until a policy has it.",
  request: jsonBody(NewRule),
  responses: { 201: json(ComplianceRule, "The rule"), ...COMMON_PROBLEMS, ...CONFLICT },
});
const rule = apiRoute("compliance:read", {
  method: "get",
  path: "/compliance/rules/{id}",
  tags,
  summary: "Read a rule",
  request: { params: Id },
  responses: { 200: json(ComplianceRule, "The rule"), ...COMMON_PROBLEMS, ...NOT_FOUND },
});
const patchRule = apiRoute("compliance:write", {
  method: "patch",
  path: "/compliance/rules/{id}",
  tags,
  summary: "Change a rule",
  description: "A rule of the starter library no longer follows it then.",
  request: { params: Id, ...jsonBody(RulePatch) },
  responses: { 200: json(ComplianceRule, "The rule"), ...COMMON_PROBLEMS, ...NOT_FOUND },
});
const reset = apiRoute("compliance:write", {
  method: "post",
  path: "/compliance/rules/{id}/reset",
  tags,
  summary: "Make a rule as the starter library has it",
  request: { params: Id },
  responses: {
    200: json(ComplianceRule, "The rule"),
    ...COMMON_PROBLEMS,
    ...NOT_FOUND,
    ...CONFLICT,
  },
});
const dropRule = apiRoute("compliance:write", {
  method: "delete",
  path: "/compliance/rules/{id}",
  tags,
  summary: "Remove a rule with its results and exceptions",
  request: { params: Id },
  responses: { ...NO_CONTENT, ...COMMON_PROBLEMS, ...NOT_FOUND },
});
const ruled = apiRoute("compliance:read", {
  method: "get",
  path: "/compliance/rules/{id}/routers",
  tags,
  summary: "List the routers of which a rule says so",
  request: { params: Id, query: z.object({ result: RuleResult.default("fail"), ...Listing }) },
  responses: { 200: json(RuleRouters, "Routers"), ...COMMON_PROBLEMS, ...NOT_FOUND },
});
const policies = apiRoute("compliance:read", {
  method: "get",
  path: "/compliance/policies",
  tags,
  summary: "List policies",
  responses: { 200: json(listOf(CompliancePolicy), "Policies"), ...COMMON_PROBLEMS },
});
const newPolicy = apiRoute("compliance:write", {
  method: "post",
  path: "/compliance/policies",
  tags,
  summary: "Add a policy: rules, and the routers that must hold them",
  request: jsonBody(NewPolicy),
  responses: { 201: json(CompliancePolicy, "The policy"), ...COMMON_PROBLEMS, ...CONFLICT },
});
const patchPolicy = apiRoute("compliance:write", {
  method: "patch",
  path: "/compliance/policies/{id}",
  tags,
  summary: "Change a policy",
  request: { params: Id, ...jsonBody(PolicyPatch) },
  responses: {
    200: json(CompliancePolicy, "The policy"),
    ...COMMON_PROBLEMS,
    ...NOT_FOUND,
    ...CONFLICT,
  },
});
const dropPolicy = apiRoute("compliance:write", {
  method: "delete",
  path: "/compliance/policies/{id}",
  tags,
  summary: "Remove a policy; its rules stay",
  request: { params: Id },
  responses: { ...NO_CONTENT, ...COMMON_PROBLEMS, ...NOT_FOUND },
});
const exceptions = apiRoute("compliance:read", {
  method: "get",
  path: "/compliance/exceptions",
  tags,
  summary: "List exceptions, those that end first at the top",
  responses: { 200: json(listOf(ComplianceException), "Exceptions"), ...COMMON_PROBLEMS },
});
const newException = apiRoute("compliance:write", {
  method: "post",
  path: "/compliance/exceptions",
  tags,
  summary: "Say that a rule need not hold for a router, a site or a tag",
  description: "Past `expiresAt` it counts again.",
  request: jsonBody(NewException),
  responses: { 201: json(ComplianceException, "The exception"), ...COMMON_PROBLEMS },
});
const dropException = apiRoute("compliance:write", {
  method: "delete",
  path: "/compliance/exceptions/{id}",
  tags,
  summary: "Remove an exception: the rule counts again",
  request: { params: Id },
  responses: { ...NO_CONTENT, ...COMMON_PROBLEMS, ...NOT_FOUND },
});
const device = apiRoute("compliance:read", {
  method: "get",
  path: "/devices/{id}/compliance",
  tags,
  summary: "Read what each rule says of a router, with the evidence",
  request: { params: Id },
  responses: { 200: json(DeviceCompliance, "Results"), ...COMMON_PROBLEMS, ...NOT_FOUND },
});
const checkDevice = apiRoute("compliance:write", {
  method: "post",
  path: "/devices/{id}/compliance/checks",
  tags,
  summary: "Look at a router again",
  request: { params: Id },
  responses: { 202: json(z.object({ devices: z.int() }), "1"), ...COMMON_PROBLEMS, ...NOT_FOUND },
});
const trial = apiRoute("compliance:write", {
  method: "post",
  path: "/devices/{id}/compliance/trials",
  tags,
  summary: "Try a rule on a router's kept configuration",
  description: "Nothing is stored.",
  request: { params: Id, ...jsonBody(z.strictObject({ body: RuleBody })) },
  responses: {
    200: json(RuleTrial, "What it says"),
    ...COMMON_PROBLEMS,
    ...NOT_FOUND,
    ...CONFLICT,
  },
});
const fix = apiRoute("configs:push", {
  method: "get",
  path: "/devices/{id}/compliance/fixes/{rule}",
  tags,
  summary: "Read the commands that make a router hold a rule",
  description: "From the configuration as it was kept last. Push them as any other change.",
  request: { params: Id.extend({ rule: z.uuid() }) },
  responses: {
    200: json(z.object({ commands: ConfigCommands }), "The commands"),
    ...COMMON_PROBLEMS,
    ...NOT_FOUND,
    ...CONFLICT,
  },
});

/** `/api/compliance` and `/api/devices/{id}/compliance`. */
export function complianceApi(deps: ComplianceDeps) {
  return apiModule()
    .openapi(overview, async (c) => c.json(await complianceOverview(c.var.scope, deps), 200))
    .openapi(
      routers,
      async (c) => c.json(await routerScores(c.var.scope, c.req.valid("query")), 200),
    )
    .openapi(report, (c) =>
      download(complianceCsv(c.var.scope), {
        name: fileName("compliance", deps.clock, "csv"),
        type: "text/csv",
      }) as never)
    .openapi(check, async (c) => c.json({ devices: await checkNow(c.var.scope) }, 202))
    .openapi(rules, async (c) => c.json({ items: await listRules(c.var.scope) }, 200))
    .openapi(newRule, async (c) => {
      return c.json(await addRule(c.var.scope, deps, c.req.valid("json")), 201);
    })
    .openapi(rule, async (c) => {
      return c.json(await getRule(c.var.scope, c.req.valid("param").id), 200);
    })
    .openapi(patchRule, async (c) => {
      const { id } = c.req.valid("param");
      return c.json(await updateRule(c.var.scope, deps, id, c.req.valid("json")), 200);
    })
    .openapi(reset, async (c) => {
      return c.json(await resetRule(c.var.scope, deps, c.req.valid("param").id), 200);
    })
    .openapi(dropRule, async (c) => {
      await removeRule(c.var.scope, deps, c.req.valid("param").id);
      return c.body(null, 204);
    })
    .openapi(ruled, async (c) => {
      const { id } = c.req.valid("param");
      return c.json(await ruleRouters(c.var.scope, id, c.req.valid("query")), 200);
    })
    .openapi(policies, async (c) => c.json({ items: await listPolicies(c.var.scope) }, 200))
    .openapi(newPolicy, async (c) => {
      return c.json(await addPolicy(c.var.scope, deps, c.req.valid("json")), 201);
    })
    .openapi(patchPolicy, async (c) => {
      const { id } = c.req.valid("param");
      return c.json(await updatePolicy(c.var.scope, deps, id, c.req.valid("json")), 200);
    })
    .openapi(dropPolicy, async (c) => {
      await removePolicy(c.var.scope, deps, c.req.valid("param").id);
      return c.body(null, 204);
    })
    .openapi(exceptions, async (c) => {
      return c.json({ items: await listExceptions(c.var.scope, deps) }, 200);
    })
    .openapi(newException, async (c) => {
      return c.json(await addException(c.var.scope, deps, c.req.valid("json")), 201);
    })
    .openapi(dropException, async (c) => {
      await removeException(c.var.scope, deps, c.req.valid("param").id);
      return c.body(null, 204);
    })
    .openapi(device, async (c) => {
      return c.json(await deviceCompliance(c.var.scope, c.req.valid("param").id), 200);
    })
    .openapi(checkDevice, async (c) => {
      return c.json({ devices: await checkNow(c.var.scope, c.req.valid("param").id) }, 202);
    })
    .openapi(trial, async (c) => {
      const { body } = c.req.valid("json");
      return c.json(await tryRule(c.var.scope, deps, c.req.valid("param").id, body), 200);
    })
    .openapi(fix, async (c) => {
      const { id, rule } = c.req.valid("param");
      return c.json({ commands: await ruleFix(c.var.scope, deps, id, rule) }, 200);
    });
}
