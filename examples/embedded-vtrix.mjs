import { embed } from './embed.mjs';

/** Whether this process uses the embedded API: there is no key of Vtrix in the environment. */
export const embedded = await embed(['VTRIX_API_KEY'], 'VTRIX_BASE_URL');
