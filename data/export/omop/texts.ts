/** Texts of the region in the columns of OMOP, which hold 50 characters of a source value and 255 of a name. */
import { Refusal } from '../../../engine/kernel/refusal.ts'
import { lengthened, shortened } from '../../interchange/omop/pseudonyms.ts'

/** Characters of a source value (CDM 5.4: varchar(50)), and of a name. */
export const SOURCE_VALUE = 50
export const NAME = 255

/** A text by which a row is known again; a pseudonym in its short form.
 *  @throws Refusal `too_long` of what has no place in the model: nothing is cut off */
export function sourceValue(text: string, table: string, column: string): string {
  const short = shortened(text)
  if (short.length <= SOURCE_VALUE && lengthened(short) === text) return short
  throw new Refusal(
    'too_long',
    `OMOP: ${table}.${column} "${text}" has ${text.length} characters and a source value of the CDM 5.4 holds ${SOURCE_VALUE}; export as csv, jsonl, parquet or fhir, or give it a shorter name.`,
    { table, column, value: text },
  )
}

/** As much of a text as a column holds, where the whole of it stands in a CSV table beside. */
export const cut = (text: string, characters: number): string => Array.from(text).slice(0, characters).join('')
