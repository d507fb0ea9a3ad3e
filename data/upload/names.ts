/** Names of files of a delivery: below its directory, and nothing that a file system takes for anything else. */
import { Refusal } from '../../engine/kernel/refusal.ts'

const MOST_FOLDERS = 4
const LONGEST = 120
// Letters and digits of any script, and what joins them: no separator of another system, nothing hidden.
const PART = /^[\p{L}\p{N}_][\p{L}\p{N}_ .()+-]*$/u

/** The folders and the name of a file of an archive.
 *  @throws Refusal `unreadable_file` */
export function safeParts(name: string): readonly string[] {
  const parts = name.replace(/^\.\//, '').split('/')
  const fits = parts.every((part) => part.length <= LONGEST && PART.test(part) && !part.endsWith('.'))
  if (fits && parts.length <= MOST_FOLDERS) return parts
  throw new Refusal(
    'unreadable_file',
    'The archive holds a file whose name leads elsewhere, or is not made of letters, digits, spaces and . _ - + ( ); rename it.',
  )
}
