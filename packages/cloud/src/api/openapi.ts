/** The description of the API (OpenAPI 3.1), made from the contract; its schemas are JSON Schema 2020-12. */

import { z } from "zod";
import { homeSchema } from "../home.ts";
import { isSecretMember } from "../model/secrets.ts";
import { allRoutes, prefix } from "./contract/contract.ts";
import { document, pathParameters, shownDocument, why } from "./contract/fields.ts";
import { parametersIn } from "./contract/route.ts";

type Json = Record<string, unknown>;
type Described = (typeof allRoutes)[number];

let made: Json | undefined;

/** `cookie`: its name in this cloud. */
export function openApi(cookie: string): Json {
  made ??= make();
  const { components, ...more } = made;
  return { ...more, components: { ...(components as Json), securitySchemes: securitySchemes(cookie) } };
}

function make(): Json {
  const paths: Record<string, Json> = {};
  for (const route of allRoutes) {
    const path = route.path.replaceAll(/:(\w+)/g, "{$1}");
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route) };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "OpenSync cloud",
      version: "1",
      description: "Tenants, locations, their documents and nodes, and what nodes tell.",
      license: { name: "BSD-3-Clause", identifier: "BSD-3-Clause" },
    },
    servers: [{ url: prefix }],
    security: [{ token: [] }, { session: [] }],
    paths,
    components: {
      schemas: { Document: documentSchema(), Problem: problemSchema },
      responses: {
        Problem: { description: "Why it is not done", content: json({ $ref: "#/components/schemas/Problem" }) },
      },
    },
  };
}

function securitySchemes(cookie: string): Json {
  return {
    token: { type: "http", scheme: "bearer" },
    session: {
      type: "apiKey",
      in: "cookie",
      name: cookie,
      description: "Made by POST /session; each cloud has its own name for it. Changes need the header X-CSRF-Token.",
    },
  };
}

function operation(route: Described): Json {
  const { summary, needs, body, answer, raw, status, errors = [], path, method, name, query, secrets } = route;
  const usual = [400, 401, 403, 429, 500, 503];
  const isEmpty = answer instanceof z.ZodNull;
  const success = isEmpty
    ? { "204": { description: "Done" } }
    : {
        [String(status ?? 200)]: {
          description: "Done",
          content: { [raw ?? "application/json"]: { schema: schemaOf(answer, "output") } },
        },
      };
  const refused = [...new Set([...usual, ...errors])].sort((a, b) => a - b);
  const asked = query?.shape ?? {};
  const parameters = [
    ...parametersIn(path).map((at) => {
      const schema = (pathParameters as Record<string, z.ZodType>)[at];
      return { name: at, in: "path", required: true, schema: schema ? schemaOf(schema, "output") : {} };
    }),
    ...Object.entries({ ...asked, ...(method === "GET" ? {} : { why }) }).map(([at, schema]) => ({
      name: at,
      in: "query",
      required: !(schema as z.ZodType).safeParse(undefined).success,
      schema: schemaOf(schema as z.ZodType, "output"),
    })),
  ];
  const also = secrets ? ` With \`secrets\`: ${secrets}.` : "";
  return {
    operationId: operationId(name),
    summary,
    description: `Needs: ${needs}.${also}`,
    tags: [path.split("/")[1] ?? ""],
    ...(needs === "nobody" ? { security: [] } : {}),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(body ? { requestBody: { required: true, content: json(schemaOf(body, "input")) } } : {}),
    responses: {
      ...success,
      ...Object.fromEntries(refused.map((code) => [String(code), { $ref: "#/components/responses/Problem" }])),
    },
  };
}

/** `GET /locations/:location` becomes `getLocationsByLocation`. */
function operationId(name: string): string {
  const [method = "", path = ""] = name.split(" ");
  const words = path.split(/[/.]/).filter((part) => part !== "");
  const named = words.map((part) => (part.startsWith(":") ? `By${capital(part.slice(1))}` : capital(part)));
  return `${method.toLowerCase()}${named.join("")}`;
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function json(schema: Json): Json {
  return { "application/json": { schema } };
}

function schemaOf(schema: z.ZodType, io: "input" | "output"): Json {
  const { $schema: _, ...made } = z.toJSONSchema(schema, {
    io,
    unrepresentable: "any",
    override: ({ zodSchema, jsonSchema }) => {
      if (zodSchema !== document && zodSchema !== shownDocument) return;
      for (const key of Object.keys(jsonSchema)) delete jsonSchema[key as keyof typeof jsonSchema];
      jsonSchema.$ref = "#/components/schemas/Document";
    },
  }) as Json;
  return made;
}

/** A home file, where a secret may be null: it was left out of the answer, or is to stay as it is. */
function documentSchema(): Json {
  const made = z.toJSONSchema(homeSchema, { io: "input", unrepresentable: "any" }) as Json;
  const { $schema: _, ...schema } = withNullableSecrets(made) as Json;
  return { ...schema, description: "What is wanted of a location, in the form of a home file" };
}

function withNullableSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withNullableSecrets);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      const isSecret = isSecretMember(name) && typeof member === "object" && member !== null && "type" in member;
      return [name, isSecret ? { anyOf: [member, { type: "null" }] } : withNullableSecrets(member)];
    }),
  );
}

const problemSchema = {
  type: "object",
  required: ["error"],
  properties: {
    error: {
      type: "object",
      required: ["code", "message", "request"],
      properties: {
        code: { type: "string" },
        message: { type: "string" },
        request: { type: "string", description: "As the cloud's log has it" },
        fields: {
          type: "array",
          items: {
            type: "object",
            required: ["path", "reason"],
            properties: { path: { type: "string" }, reason: { type: "string" } },
          },
        },
      },
    },
  },
};
