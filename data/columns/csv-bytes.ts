/** A writer of CSV lines as bytes, without a string per number. */
import { dayOf, NEVER } from '../../engine/kernel/calendar.ts'

/** How a field of some row is written. */
export type FieldPrinter = (row: number, to: CsvBytes) => void

const firstBytes = 1 << 18
const [zero, minus, point] = [48, 45, 46]

/** A growing buffer. */
export class CsvBytes {
  private bytes = Buffer.allocUnsafeSlow(firstBytes)
  private at = 0

  get length(): number {
    return this.at
  }

  /** Returns what was written and starts a new buffer; the caller owns the returned one. */
  take(): Buffer {
    const taken = this.bytes.subarray(0, this.at)
    this.bytes = Buffer.allocUnsafeSlow(Math.max(firstBytes, this.bytes.length))
    this.at = 0
    return taken
  }

  byte(code: number): void {
    this.makeRoom(1)
    this.bytes[this.at++] = code
  }

  text(text: Uint8Array): void {
    this.makeRoom(text.length)
    for (let i = 0; i < text.length; i++) this.bytes[this.at + i] = text[i]!
    this.at += text.length
  }

  /** An epoch day, nothing for NEVER. */
  day(day: number): void {
    // A year has few days and a file millions of rows.
    this.text((dayTexts[day] ??= Buffer.from(day === NEVER ? '' : dayOf(day))))
  }

  /** A quantised number with six decimals, as `toFixed` writes it; nothing for NaN. */
  sixDecimals(value: number): void {
    if (Number.isNaN(value)) return
    const micro = Math.round(Math.abs(value) * 1e6)
    // beyond this a double holds no millionths
    if (micro > 2 ** 52) return this.text(Buffer.from(value.toFixed(6)))
    this.makeRoom(32)
    if (value < 0 && micro > 0) this.bytes[this.at++] = minus
    const whole = Math.floor(micro / 1e6)
    this.whole(whole)
    this.bytes[this.at++] = point
    const rest = micro - whole * 1e6
    const thousandths = Math.floor(rest / 1000)
    this.threeDigits(thousandths)
    this.threeDigits(rest - 1000 * thousandths)
  }

  private whole(whole: number): void {
    let digits = 1
    for (let power = 10; power <= whole; power *= 10) digits++
    let rest = whole
    for (let i = this.at + digits - 1; i >= this.at; i--) {
      const tenth = Math.floor(rest / 10)
      this.bytes[i] = zero + rest - 10 * tenth
      rest = tenth
    }
    this.at += digits
  }

  private threeDigits(number: number): void {
    const from = 3 * number
    const { bytes, at } = this
    bytes[at] = threes[from]!
    bytes[at + 1] = threes[from + 1]!
    bytes[at + 2] = threes[from + 2]!
    this.at = at + 3
  }

  private makeRoom(more: number): void {
    if (this.at + more <= this.bytes.length) return
    const grown = Buffer.allocUnsafeSlow(2 * (this.at + more))
    this.bytes.copy(grown, 0, 0, this.at)
    this.bytes = grown
  }
}

const threes = Buffer.from(Array.from({ length: 1000 }, (_, number) => String(number).padStart(3, '0')).join(''))
const dayTexts: Record<number, Buffer> = {}
