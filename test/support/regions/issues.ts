/** Rows of rejects.csv and warnings.csv as far as they say what was wrong: file, line, column, value and reason. */
import { readFile } from 'node:fs/promises'
import { parse } from 'csv-parse/sync'

/** @returns the first five cells of every row, as CSV */
export async function issuesIn(path: string): Promise<string[]> {
  const [, ...rows]: string[][] = parse(await readFile(path))
  return rows.map((cells) => cells.slice(0, 5).map(quoted).join(','))
}

const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
