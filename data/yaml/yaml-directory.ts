/** The YAML files of a directory that a dataset may have: `programmes`, `constants`, `indicators`. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Refusal } from '../../engine/kernel/refusal.ts'
import { refuseOutside } from '../files/regular-file.ts'
import { readText } from '../files/text-file.ts'
import { yamlDocument } from './yaml-document.ts'

export interface YamlFile {
  readonly name: string
  /** with its directory, for a sentence */
  readonly file: string
  readonly document: unknown
}

/** Every YAML file of `home/folder` as parsed, in code-unit order of name; none where there is no such directory.
 *  @throws Refusal `invalid_yaml`, naming the file, `file_not_readable`, `outside_dataset`, and those of reading a text */
export async function yamlFilesIn(home: string, folder: string): Promise<YamlFile[]> {
  const files: YamlFile[] = []
  for (const name of (await namesIn(join(home, folder))).filter((each) => /\.ya?ml$/.test(each)).sort()) {
    const file = join(home, folder, name)
    await refuseOutside(home, join(folder, name))
    files.push({ name, file, document: yamlDocument(await readText(file), file) })
  }
  return files
}

async function namesIn(directory: string): Promise<string[]> {
  try {
    return await readdir(directory)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? (error.code as string) : null
    if (code === 'ENOENT') return []
    if (code === null) throw error
    const what = code === 'ENOTDIR' ? 'is not a directory' : `cannot be read (${code})`
    throw new Refusal('file_not_readable', `${directory} ${what}; put YAML files there, or nothing.`, {
      file: directory,
    })
  }
}
