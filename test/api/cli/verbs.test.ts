/** The verbs of the interface: each declared, and none of their work loaded before it is asked for. */
import { readFileSync } from 'node:fs'
import { dirname, relative, resolve } from 'node:path'
import { Command, CommanderError } from 'commander'
import ts from 'typescript'
import { describe, expect, test } from 'vitest'
import { addOptions } from '../../../api/cli/options.ts'
import { VERBS } from '../../../api/cli/verbs.ts'
import { EXPORT_FORMATS } from '../../../data/export/export.ts'
import { FORMATS } from '../../../data/interchange/convert.ts'

const root = resolve(import.meta.dirname, '../../..')

const isOfTypes = ({ importClause }: ts.ImportDeclaration): boolean =>
  importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword

/** What a file loads when it is loaded itself: no type, and nothing that is imported where it is called. */
function loadedBy(file: string, found = new Set<string>()): Set<string> {
  if (found.has(file)) return found
  found.add(file)
  const source = ts.createSourceFile(file, readFileSync(resolve(root, file), 'utf8'), ts.ScriptTarget.Latest)
  for (const statement of source.statements)
    if (ts.isImportDeclaration(statement) && !isOfTypes(statement)) {
      const { text } = statement.moduleSpecifier as ts.StringLiteral
      if (text.startsWith('.')) loadedBy(relative(root, resolve(root, dirname(file), text)), found)
      else found.add(text)
    }
  return found
}

test('the command line with its help loads no verb, no store, no queue and no model', () => {
  const loaded = [...loadedBy('api/cli/cli.ts')]
  expect(loaded).toContain('api/cli/verbs.ts')
  const [files, packages] = [
    loaded.filter((name) => name.endsWith('.ts')),
    loaded.filter((name) => !name.endsWith('.ts')),
  ]
  expect(packages.filter((name) => !name.startsWith('node:'))).toEqual(['commander'])
  expect(files.filter((name) => /^(models|jobs|api\/(?!cli\/\w+\.ts$))/.test(name))).toEqual([])
})

test('every verb of the interface is declared', () => {
  const verbs = 'run import backtest train settle explain bundle verify design generate serve worker migrate'.split(' ')
  for (const verb of verbs) expect(VERBS, verb).toHaveProperty(verb)
})

test('the formats that a verb may be given are those that are read and written', () => {
  const choices = (verb: string) => new Set(VERBS[verb]!.options.format!.kind as readonly string[])
  for (const verb of ['import', 'run']) expect(choices(verb)).toEqual(new Set(['csv', ...FORMATS]))
  expect(choices('export')).toEqual(new Set(EXPORT_FORMATS))
})

describe('what a verb is given', () => {
  /** As the verb gets it; or the sentence with which it is refused. */
  function given(verb: string, ...words: readonly string[]): unknown {
    const command = new Command(verb).exitOverride().configureOutput({ writeErr: () => undefined })
    addOptions(command, VERBS[verb]!.options)
    try {
      return command.parse([...words], { from: 'user' }).opts()
    } catch (error) {
      if (error instanceof CommanderError) return error.message
      throw error
    }
  }

  test('is read as it is declared, with the defaults of the interface', () => {
    expect(given('import', '--data', 'd')).toEqual({ data: 'd', format: 'csv', maxRejects: 0.05 })
    expect(given('import', '--data', 'd', '--max-rejects', '0', '--pseudonymise', '--delivered', '2026-02-28')).toEqual(
      {
        data: 'd',
        format: 'csv',
        maxRejects: 0,
        pseudonymise: true,
        delivered: '2026-02-28',
      },
    )
    expect(given('rule', '--dispute', '3', '--verdict', 'upheld', '--reason', 'r')).toEqual({
      dispute: 3,
      verdict: 'upheld',
      reason: 'r',
    })
    const backtest = ['--data', 'd', '--programme', 'dm2', '--measure', 'hba1c', '--out', 'o']
    expect(given('backtest', ...backtest)).toMatchObject({ horizonDays: 365, windowDays: 120 })
  })

  test.each([
    ['settle', ['--contract', 'c', '--as-of', '2025-02-30'], /a day is written YYYY-MM-DD/],
    ['run', ['--contract', 'c', '--out', 'o'], /required option '--data <dir>'/],
    ['run', ['--data', 'd', '--contract', 'c', '--out', 'o', '--workers', '0'], /a whole number from 1 up/],
    ['import', ['--data', 'd', '--max-rejects', ''], /a share from 0 to 1/],
    ['import', ['--data', 'd', '--max-rejects', '1.5'], /a share from 0 to 1/],
    ['import', ['--data', 'd', '--format', 'docx'], /Allowed choices are csv/],
    ['dispute', ['--settlement', 's', '--partner', 'p', '--patient', 'i', '--value', 'high'], /a number is wanted/],
    ['correct', ['--cause', 'ruling'], /Allowed choices are late_data, defect/],
    ['rule', ['--dispute', '3', '--reason', 'r'], /required option '--verdict <verdict>'/],
  ] as const)('%s %j is refused', (verb, words, sentence) => {
    expect(given(verb, ...words)).toMatch(sentence)
  })
})
