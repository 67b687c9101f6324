import { createWan } from 'aimlapi-wan';
import { createUndiciFetch, type UndiciFetch } from 'aimlapi-wan/undici';

export const pooled: UndiciFetch = createUndiciFetch({ connections: 2, tls: { rejectUnauthorized: true } });
export const wan = createWan({ fetch: pooled });
