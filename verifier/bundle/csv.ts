/** Records of a CSV part (RFC 4180), line by line: a quoted field may run on over the end of a line. */

export class Records {
  private header: readonly string[] | null = null
  private open = ''
  /** the number of the last line taken, the header being 1 */
  line = 0

  /** Takes a line; the record that ends with it by column, or null where there is none yet. */
  take(line: string): Readonly<Record<string, string>> | null {
    const fields = this.fields(line)
    if (fields === null) return null
    if (this.header === null) {
      this.header = fields
      return null
    }
    const record: Record<string, string> = {}
    for (let at = 0; at < this.header.length; at++) record[this.header[at]!] = fields[at] ?? ''
    return record
  }

  /** The fields of the record that ends with this line. */
  fields(line: string): readonly string[] | null {
    this.line += 1
    if (this.open === '' && !line.includes('"')) return line.split(',')
    const text = this.open === '' ? line : `${this.open}\n${line}`
    const quotes = text.length - text.replaceAll('"', '').length
    if (quotes % 2 === 1) {
      this.open = text
      return null
    }
    this.open = ''
    return [...text.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
      (match) => match[1]?.replaceAll('""', '"') ?? match[2] ?? '',
    )
  }

  /** Whether a record was begun and never ended. */
  get torn(): boolean {
    return this.open !== ''
  }
}
