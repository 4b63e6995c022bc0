import type { Context, Handler } from "hono";
import { html } from "hono/html";
import type { OpenAPIHono } from "@hono/zod-openapi";
import { openApiDocument } from "../api/mod.ts";
import type { ApiEnv } from "./env.ts";

interface Operation {
  method: string;
  path: string;
  summary: string;
  description: string;
  permission: string;
  parameters: { name: string; in: string; required: boolean; schema: unknown }[];
  body: unknown;
  responses: { status: string; description: string; schema: unknown }[];
}

interface RawOperation {
  tags?: string[];
  summary?: string;
  description?: string;
  "x-permission"?: string;
  parameters?: { name: string; in: string; required?: boolean; schema?: unknown }[];
  requestBody?: { content?: Record<string, { schema?: unknown }> };
  responses?: Record<
    string,
    { description?: string; content?: Record<string, { schema?: unknown }> }
  >;
}

/** The API reference, made from the OpenAPI document: one page, no script, no foreign asset. */
export function docsPage(api: OpenAPIHono<ApiEnv>, version: string): Handler {
  return (c: Context) => {
    const groups = operations(openApiDocument(api, version).paths as Record<string, unknown>);
    const nonce = String(c.get("secureHeadersNonce") ?? "");
    return c.html(html`
      <!doctype html>
      <html lang="en">
        <head>
          <meta charset="utf-8">
          <meta name="viewport" content="width=device-width">
          <link rel="icon" href="/favicon.svg">
          <title>TOD API ${version}</title>
          <style nonce="${nonce}">${STYLE}</style>
        </head>
        <body>
          <nav><a href="/">TOD</a><strong>API ${version}</strong>
      ${[...groups].map(([tag, list]) =>
        html`
          <h2>${tag}</h2>
          <ul>${list.map(({ method, path, summary }) =>
            html`<li><a href="#${anchor(method, path)}">${summary}</a></li>`
          )}</ul>
        `
      )}
      <p><a href="/api/openapi.json">openapi.json</a></p></nav>
          <main><h1>API reference</h1>
      <p>JSON over HTTP below <code>/api</code>. Errors are <code>application/problem+json</code> (RFC 9457):
      <code>title</code> says what to do, <code>issues</code> names fields. Lists page by <code>cursor</code>;
      single resources have an <code>ETag</code>; creates take an <code>Idempotency-Key</code>.</p>
      ${[...groups].map(([tag, list]) =>
        html`<h2>${tag}</h2>${list.map((operation) => section(operation))}`
      )}
          </main>
        </body>
      </html>
    `);
  };
}

function operations(paths: Record<string, unknown>): Map<string, Operation[]> {
  const groups = new Map<string, Operation[]>();
  for (const [path, methods] of Object.entries(paths)) {
    for (const [method, raw] of Object.entries(methods as Record<string, RawOperation>)) {
      const tag = raw.tags?.[0] ?? "other";
      const body = raw.requestBody?.content?.["application/json"]?.schema;
      const responses = Object.entries(raw.responses ?? {}).map(([status, response]) => ({
        status,
        description: response.description ?? "",
        schema: response.content?.["application/json"]?.schema,
      }));
      groups.set(tag, [...groups.get(tag) ?? [], {
        method: method.toUpperCase(),
        path: `/api${path.replace(/\/$/, "")}`,
        summary: raw.summary ?? path,
        description: raw.description ?? "",
        permission: raw["x-permission"] ?? "",
        parameters: (raw.parameters ?? []).map(({ name, in: where, required, schema }) => ({
          name,
          in: where,
          required: required ?? false,
          schema,
        })),
        body,
        responses,
      }]);
    }
  }
  return groups;
}

function section(operation: Operation) {
  const { method, path, summary, description, permission, parameters, body, responses } = operation;
  return html`<section id="${anchor(method, path)}"><h3>${summary}</h3>
<p class="route"><b class="${method.toLowerCase()}">${method}</b> <code>${path}</code>
<span>needs <code>${permission}</code></span></p>
${description ? html`<p>${description}</p>` : ""}
<pre>${example(operation)}</pre>
${
    parameters.length > 0
      ? html`<table><tr><th>Parameter</th><th>In</th><th>Type</th></tr>${
        parameters.map((parameter) =>
          html`
            <tr>
              <td><code>${parameter.name}</code>${parameter.required ? " *" : ""}</td>
              <td>${parameter.in}</td>
              <td><code>${brief(parameter.schema)}</code></td>
            </tr>
          `
        )
      }</table>`
      : ""
  }
${
    body
      ? html`
        <details>
          <summary>Body</summary>
          <pre>${JSON.stringify(body, null, 2)}</pre>
        </details>
      `
      : ""
  }
${
    responses.map(({ status, description, schema }) =>
      schema
        ? html`
          <details>
            <summary>${status} ${description}</summary>
            <pre>${JSON.stringify(schema, null, 2)}</pre>
          </details>
        `
        : html`<p class="answer">${status} ${description}</p>`
    )
  }</section>`;
}

function example({ method, path, body }: Operation): string {
  const url = `http://127.0.0.1:8080${path}`;
  if (method === "GET") return `curl ${url}`;
  const json = body ? ` \\\n  -H 'content-type: application/json' -d @body.json` : "";
  return `curl -X ${method} ${url}${json}`;
}

function brief(schema: unknown): string {
  const { type, enum: values, format } = (schema ?? {}) as {
    type?: string;
    enum?: string[];
    format?: string;
  };
  return values ? values.join(" | ") : [type, format].filter(Boolean).join(" ") || "any";
}

function anchor(method: string, path: string): string {
  return `${method}-${path}`.toLowerCase().replace(/[^a-z0-9]+/g, "-");
}

const STYLE = `
:root{color-scheme:light dark;--line:light-dark(#d8dbe0,#333841);--dim:light-dark(#5b6370,#9aa3b2);
--bg:light-dark(#fff,#14161a);--panel:light-dark(#f5f6f8,#1b1e24);--link:light-dark(#1d5fc4,#7db0ff)}
body{margin:0;display:grid;grid-template-columns:240px 1fr;font:14px/1.5 system-ui,sans-serif;background:var(--bg)}
nav{position:sticky;top:0;height:100vh;overflow:auto;padding:16px;box-sizing:border-box;border-right:1px solid var(--line)}
nav strong{margin-left:8px}nav h2{font-size:12px;color:var(--dim);margin:16px 0 4px}nav ul{list-style:none;margin:0;padding:0}
main{padding:24px 32px;max-width:880px;min-width:0}a{color:var(--link);text-decoration:none}a:hover{text-decoration:underline}
section{border-top:1px solid var(--line);padding:12px 0}h1{font-size:28px}h3{font-size:16px;margin:8px 0}
.route span{color:var(--dim);margin-left:12px}.route b{font:600 12px ui-monospace,monospace;padding:2px 6px;border:1px solid var(--line);border-radius:4px}
pre{background:var(--panel);padding:12px;border-radius:6px;overflow:auto;font-size:12px;max-height:420px}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:4px 12px 4px 0;border-bottom:1px solid var(--line);font-size:13px}
summary{cursor:pointer;padding:4px 0}.answer{margin:4px 0;color:var(--dim)}
@media(max-width:700px){body{grid-template-columns:1fr}nav{position:static;height:auto;border:0}main{padding:16px}}`;
