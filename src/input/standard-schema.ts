/**
 * The interfaces of Standard Schema and Standard JSON Schema (standardschema.dev), version 1: what tRPC, Hono, the AI SDK
 * and form libraries take in place of a schema of a library that they know. Declared here, so that nothing has to be
 * installed for them.
 */
export interface StandardSchema<Input = unknown, Output = Input> {
  readonly '~standard': StandardProps<Input, Output>;
}

export interface StandardProps<Input, Output> {
  readonly version: 1;
  readonly vendor: string;
  /** For the compiler alone: there is no such value. */
  readonly types?: { readonly input: Input; readonly output: Output } | undefined;
  /** Gives the value, or all issues. It never throws. */
  readonly validate: (value: unknown) => StandardResult<Output>;
  /** JSON Schema of what comes in, and of what goes out. */
  readonly jsonSchema: {
    readonly input: (options: StandardJsonOptions) => Record<string, unknown>;
    readonly output: (options: StandardJsonOptions) => Record<string, unknown>;
  };
}

export interface StandardJsonOptions {
  /** `draft-2020-12`, `draft-07` or `openapi-3.0`. */
  readonly target: string;
}

export type StandardResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly StandardIssue[] };

export interface StandardIssue {
  readonly message: string;
  readonly path?: readonly PropertyKey[] | undefined;
}
