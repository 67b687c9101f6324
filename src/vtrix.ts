export {
  createVtrix,
  type Vtrix,
  type VtrixOptions,
} from './vtrix/client.js';
export type { BodyStyle, VtrixVideoInput } from './vtrix/videos.js';
