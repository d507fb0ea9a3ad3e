/** The structure as people read it: a table of folders, and the order as ARCHITECTURE.md writes it. */
import { ORDER } from './order.ts'
import { byFolder, type Source } from './tree.ts'

/** One line a folder: its files, their lines, and the folders that it imports from. */
export function tableOf(sources: readonly Source[]): string {
  const folders = byFolder(sources)
  const width = Math.max(...[...folders.keys()].map(({ length }) => length))
  const lines = [...folders].map(([folder, files]) => {
    const total = files.reduce((sum, file) => sum + file.lines, 0)
    const upstream = new Set(files.flatMap(({ imports }) => imports.map((target) => target.replace(/\/[^/]*$/, ''))))
    upstream.delete(folder)
    const from = folder.startsWith('test') ? '' : [...upstream].toSorted().join(' ')
    return `${folder.padEnd(width)} ${String(files.length).padStart(5)} ${String(total).padStart(6)}  ${from}`.trimEnd()
  })
  return [`${'folder'.padEnd(width)} files  lines  imports from`, ...lines].join('\n')
}

/** The order, a row a top-level folder; units of one level stand between commas. */
export function orderAsWritten(): string {
  return Object.entries(ORDER)
    .map(([top, levels]) => `${top.padEnd(9)} ${levels.map(unitsOf).join(' · ')}`)
    .join('\n')
}

/** Siblings under one parent share its name: `interchange/{fhir,omop,his}`. */
function unitsOf(units: readonly string[]): string {
  const parents = new Set(units.map((unit) => unit.split('/').slice(0, -1).join('/')))
  const [parent] = parents
  if (units.length === 1 || parents.size > 1 || !parent) return units.join(', ')
  return `${parent}/{${units.map((unit) => unit.slice(parent.length + 1)).join(',')}}`
}
