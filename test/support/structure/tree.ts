/** The source tree as the compiler reads it: files, their lines, and what each imports. */
import { readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import ts from 'typescript'

export const root = resolve(import.meta.dirname, '../../..')

export interface Source {
  /** from the root, as `engine/kernel/calendar.ts` */
  readonly path: string
  readonly folder: string
  readonly lines: number
  /** relative imports, as paths from the root: of values and of types, static and when asked for */
  readonly imports: readonly string[]
  /** imports of packages and of Node.js */
  readonly packages: readonly string[]
  readonly tree: ts.SourceFile
}

export interface Tree {
  readonly sources: readonly Source[]
  /** the file that was made up, as a source like any other */
  readonly sample: Source
  /** knows the types of everything but the tests */
  readonly checker: ts.TypeChecker
}

/** Reads what tsconfig.json includes, and one more file that is not there.
 *  @param path of that file, from the root   @param text its text */
export function readTree(path: string, text: string): Tree {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (file) => ts.sys.readFile(file)) as {
    readonly config: object
  }
  const { fileNames, options } = ts.parseJsonConfigFileContent(config, ts.sys, root)
  const typed = fileNames.filter((name) => !name.startsWith(join(root, 'test/')))
  const made = join(root, path)
  const program = ts.createProgram([...typed, made], options, hostWith(options, made, text))
  const sources = fileNames.map((name) => sourceOf(program.getSourceFile(name) ?? parsed(name)))
  return {
    sources: sources.toSorted((a, b) => (a.path < b.path ? -1 : 1)),
    sample: sourceOf(program.getSourceFile(made)!),
    checker: program.getTypeChecker(),
  }
}

const parsed = (name: string): ts.SourceFile =>
  ts.createSourceFile(name, readFileSync(name, 'utf8'), ts.ScriptTarget.Latest, true)

function hostWith(options: ts.CompilerOptions, made: string, text: string): ts.CompilerHost {
  const host = ts.createCompilerHost(options, true)
  return {
    ...host,
    fileExists: (name) => name === made || host.fileExists(name),
    readFile: (name) => (name === made ? text : host.readFile(name)),
    getSourceFile: (name, ...rest) =>
      name === made ? ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true) : host.getSourceFile(name, ...rest),
  }
}

function sourceOf(tree: ts.SourceFile): Source {
  const path = relative(root, tree.fileName)
  const names = ts.preProcessFile(tree.text).importedFiles.map(({ fileName }) => fileName)
  return {
    path,
    folder: dirname(path),
    lines: tree.getLineStarts().length - (tree.text.endsWith('\n') ? 1 : 0),
    imports: names
      .filter((name) => name.startsWith('.'))
      .map((name) => relative(root, resolve(dirname(tree.fileName), name))),
    packages: names.filter((name) => !name.startsWith('.')),
    tree,
  }
}

export function byFolder(sources: readonly Source[]): Map<string, Source[]> {
  const folders = new Map<string, Source[]>()
  for (const source of sources) folders.set(source.folder, [...(folders.get(source.folder) ?? []), source])
  return folders
}
