/** A CSV file that is written as it grows. */
import { type FileHandle, open } from 'node:fs/promises'

const flushCharacters = 1 << 20 // about a megabyte: few writes, little memory

/** Collects lines and writes them in large pieces. */
export class CsvFile {
  private text: string
  private constructor(
    private readonly file: FileHandle,
    header: string,
  ) {
    this.text = `${header}\n`
  }

  static async create(path: string, header: string): Promise<CsvFile> {
    return new CsvFile(await open(path, 'w'), header)
  }

  add(lines: string): void {
    this.text += lines
  }

  /** Writes what was collected, if it is much. */
  async settle(): Promise<void> {
    if (this.text.length >= flushCharacters) await this.flush()
  }

  async close(): Promise<void> {
    await this.flush()
    await this.file.close()
  }

  private async flush(): Promise<void> {
    const piece = this.text
    this.text = ''
    await this.file.writeFile(piece)
  }
}
