/** Results that leave a thread without being copied. */
import { move, transferableSymbol, valueSymbol } from 'piscina'

/** What a task returns where nothing in its thread holds the result any more: its arrays are transferred out, whole buffers of them. */
export class Transferred<T> {
  constructor(readonly value: T) {}
}

/** As the pool takes a reply: with the buffers of every typed array in it. */
export const transferring = (reply: unknown): object =>
  move({ [transferableSymbol]: [...buffersIn(reply)], [valueSymbol]: reply } as never)

/** The buffer of every typed array in a value made of objects and arrays. */
export function buffersIn(value: unknown, found = new Set<ArrayBuffer>()): Set<ArrayBuffer> {
  if (ArrayBuffer.isView(value)) found.add(value.buffer as ArrayBuffer)
  else if (typeof value === 'object' && value !== null) for (const part of Object.values(value)) buffersIn(part, found)
  return found
}
