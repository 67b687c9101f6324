/** What a model goes by: its id, with or without `alibaba/` before it. */
export type ModelName<Short extends string> = Short | `alibaba/${Short}`;
