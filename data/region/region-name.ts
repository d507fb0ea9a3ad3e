/** The name of a region: it becomes part of paths and of sentences, so it is letters, digits and little else. */
import { Refusal } from '../../engine/kernel/refusal.ts'

const longest = 64 // characters
// Single spaces within, for the default is a directory's own name.
const wellFormed = /^[\p{L}\p{N}_-](?:[\p{L}\p{N}_.-]| (?! |$))*$/u

/** The name as it is kept: letters, digits, hyphens, underscores and, after the first character, dots and single spaces; 64
 *  characters at most.
 *  @throws Refusal `no_region`, `invalid_region` */
export function regionNameOf(text: string): string {
  // Two ways to write one accented letter would be two regions that look alike.
  const name = text.normalize('NFC')
  if (name.trim() === '') throw new Refusal('no_region', 'The region has no name; give one with --region NAME.')
  if (name.length <= longest && wellFormed.test(name)) return name
  throw new Refusal(
    'invalid_region',
    `${shown(name)} is no name for a region: letters, digits, "-", "_" and, within it, "." and single spaces are, ${longest} characters at most; give one with --region NAME.`,
  )
}

/** As much of it as is needed to know it again, on one line. */
const shown = (name: string): string => JSON.stringify(name.length > longest ? `${name.slice(0, longest)}…` : name)
