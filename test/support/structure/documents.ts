/** What the documents say of the tree: the paths they name. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './tree.ts'

/** A path from the root, in a sentence or in code: of a file by its ending, or of a folder. */
const NAMED =
  /(?<![\w/.-])(?:engine|models|data|jobs|api|verifier|acceptance|bench|test|docs)\/[\w./-]*\w\.(?:ts|mjs|sql|yaml|md|json)\b/g

/** History keeps the names of its day. */
const HISTORY = /^(docs\/decisions\/\d|CHANGELOG\.md)/

export interface Document {
  readonly path: string
  readonly text: string
}

/** Every Markdown file of the repository but those that are history. */
export function documents(): Document[] {
  return markdownUnder('')
    .filter((path) => !HISTORY.test(path))
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }))
}

function markdownUnder(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`
    if (entry.isDirectory()) return /^(node_modules|out|coverage|\..*)$/.test(entry.name) ? [] : markdownUnder(path)
    return entry.name.endsWith('.md') ? [path] : []
  })
}

/** @returns paths that a document names and that are not there */
export const missingIn = ({ text }: Document): string[] =>
  [...text.matchAll(NAMED)].map(([path]) => path).filter((path) => !existsSync(join(root, path)))

export const bytesOf = (path: string): number => statSync(join(root, path)).size
