/** What the pages of a Parquet file say of their size, read before any is unpacked: a page of a few bytes may claim a billion values.
 *  @see https://parquet.apache.org/docs/file-format/ (page headers are structs of Thrift's compact protocol) */
import type { AsyncBuffer, RowGroup } from 'hyparquet'

/** Writers make pages of a megabyte; some a page of a whole column. */
const mostPageBytes = 256 << 20
const mostValues = 10_000_000
/** A header with its statistics; longer ones are of no writer that we know. */
const headerBytes = 1 << 16
/** Read at once: the headers of many small pages stand in it. */
const windowBytes = 1 << 20

/** @throws Error of a group whose pages hold more than it says, or than is read here */
export async function refuseLargePages(buffer: AsyncBuffer, { columns, num_rows }: RowGroup): Promise<void> {
  for (const { meta_data } of columns) {
    if (meta_data === undefined) throw new Error('a column without its description')
    const dictionary = Number(meta_data.dictionary_page_offset ?? 0)
    const data = Number(meta_data.data_page_offset)
    const end = (dictionary > 0 ? Math.min(dictionary, data) : data) + Number(meta_data.total_compressed_size)
    let at = dictionary > 0 ? Math.min(dictionary, data) : data
    let values = 0
    let window = { from: 0, bytes: new Uint8Array() }
    while (at < end) {
      if (at < window.from || at + headerBytes > window.from + window.bytes.length) window = await windowAt(buffer, at)
      const page = pageHeaderIn(window.bytes.subarray(at - window.from, at - window.from + headerBytes))
      if (page.unpacked > mostPageBytes) throw new Error(`a page of ${page.unpacked} bytes`)
      if (page.values > mostValues) throw new Error(`a page of ${page.values} values`)
      if (!page.isDictionary) values += page.values
      // of a column without lists, as all that are read
      if (meta_data.path_in_schema.length === 1 && values > Number(num_rows))
        throw new Error(`pages of ${values} values in a group of ${num_rows} rows`)
      at += page.length + page.packed
    }
  }
}

const windowAt = async (buffer: AsyncBuffer, from: number) => ({
  from,
  bytes: new Uint8Array(await buffer.slice(from, Math.min(from + windowBytes, buffer.byteLength))),
})

interface PageHeader {
  /** bytes of the header itself */
  readonly length: number
  readonly packed: number
  readonly unpacked: number
  readonly values: number
  readonly isDictionary: boolean
}

/** Fields of the PageHeader: 2 and 3 its sizes; 5, 7 and 8 the headers of data, dictionary and second data pages, whose field 1 is their values. */
function pageHeaderIn(bytes: Uint8Array): PageHeader {
  const reader = new CompactReader(bytes)
  let [packed, unpacked, values, isDictionary] = [-1, -1, 0, false]
  reader.struct((field, type) => {
    if (field === 2) unpacked = reader.integer()
    else if (field === 3) packed = reader.integer()
    else if (field === 5 || field === 7 || field === 8) {
      isDictionary ||= field === 7
      reader.struct((inner, innerType) => {
        if (inner === 1) values = reader.integer()
        else reader.skip(innerType)
      })
    } else reader.skip(type)
  })
  if (packed < 0 || unpacked < 0 || values < 0) throw new Error('a page without its size')
  return { length: reader.at, packed, unpacked, values, isDictionary }
}

const deepest = 16

/** As much of Thrift's compact protocol as finds its way through a struct. */
class CompactReader {
  at = 0
  private depth = 0

  constructor(private readonly bytes: Uint8Array) {}

  struct(read: (field: number, type: number) => void): void {
    if (++this.depth > deepest) throw new Error('a page header nested beyond reason')
    let field = 0
    for (;;) {
      const byte = this.byte()
      if (byte === 0) break
      const delta = byte >> 4
      field = delta === 0 ? this.integer() : field + delta
      read(field, byte & 15)
    }
    this.depth--
  }

  /** A zigzag varint. */
  integer(): number {
    const coded = this.varint()
    return coded % 2 === 0 ? coded / 2 : -(coded + 1) / 2
  }

  /** Types: 1 and 2 booleans, 3 a byte, 4 to 6 integers, 7 a double, 8 bytes, 9 and 10 lists, 12 a struct. */
  skip(type: number): void {
    if (type === 1 || type === 2) return
    if (type === 3) this.byte()
    else if (type >= 4 && type <= 6) this.varint()
    else if (type === 7) this.at += 8
    else if (type === 8) this.at += this.varint()
    else if (type === 9 || type === 10) this.skipList()
    else if (type === 12) this.struct((_, inner) => this.skip(inner))
    else throw new Error(`a page header with a field of type ${type}`)
  }

  private skipList(): void {
    const head = this.byte()
    const size = head >> 4 === 15 ? this.varint() : head >> 4
    for (let i = 0; i < size; i++) this.skip(head & 15)
  }

  private varint(): number {
    let [value, scale] = [0, 1]
    for (let i = 0; i < 10; i++) {
      const byte = this.byte()
      value += (byte & 127) * scale
      if (byte < 128) return value
      scale *= 128
    }
    throw new Error('a page header with a number without an end')
  }

  private byte(): number {
    const byte = this.bytes[this.at++]
    if (byte === undefined) throw new Error('a page header without an end')
    return byte
  }
}
