/** Many short texts in two typed arrays, read one at a time: a million ids as strings would need more memory than their data. */

export interface TextColumn {
  /** all of them one after the other, UTF-8 */
  readonly bytes: Uint8Array
  /** where each ends */
  readonly ends: Int32Array
}

export function textColumn(texts: readonly string[]): TextColumn {
  const parts = texts.map((text) => Buffer.from(text, 'utf8'))
  const ends = new Int32Array(texts.length)
  let end = 0
  parts.forEach((part, at) => (ends[at] = end += part.length))
  return { bytes: new Uint8Array(Buffer.concat(parts, end)), ends }
}

/** A reader of the texts by their place. */
export function textsOf({ bytes, ends }: TextColumn): (at: number) => string {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return (at) => all.toString('utf8', at === 0 ? 0 : ends[at - 1]!, ends[at])
}
