import { isBytes, tagOf } from './kind.js';

/** Deeper values are not copied: no model takes any, and a circle would never end. */
const mostLevels = 10;

/**
 * A copy that later changes by the caller do not reach. It copies lists, bytes, and objects that are not built in, with
 * what their getters give now. Everything else stays as it is, and so does what writes its own JSON, or cannot be read.
 */
export function snapshot<Value>(value: Value): Value;
export function snapshot(value: unknown): unknown {
  return copyOf(value, mostLevels);
}

function copyOf(value: unknown, levels: number): unknown {
  try {
    if (isBytes(value)) return copyBytes(value);
    if (levels === 0 || typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map((each) => copyOf(each, levels - 1));
    if (tagOf(value) !== 'Object' || 'toJSON' in value || 'then' in value) return value;
    const copy = Object.create(Object.getPrototypeOf(value));
    for (const name of Object.keys(value)) {
      const field = { value: copyOf(Reflect.get(value, name), levels - 1), enumerable: true, writable: true };
      Object.defineProperty(copy, name, field);
    }
    return copy;
  } catch {
    // a getter or a trap of a Proxy that throws: the check of the input tells it
    return value;
  }
}

/** The bytes of the view alone: its memory may be far larger, or shared. */
function copyBytes(source: ArrayBufferView | ArrayBuffer): Uint8Array {
  const view = ArrayBuffer.isView(source)
    ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
    : new Uint8Array(source);
  return view.slice();
}
