/** The indicators of every programme: the built-in files beside this one, and a dataset's own `indicators/*.yaml` in their place. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { indicatorsIn } from '../../engine/indicators/indicator-rules.ts'
import type { Indicator } from '../../engine/indicators/indicator.ts'
import { refuseOutside } from '../files/regular-file.ts'
import { readText } from '../files/text-file.ts'
import { inFile } from '../region/contract-file.ts'
import { yamlDocument } from '../region/yaml-document.ts'

const builtInDirectory = fileURLToPath(new URL('.', import.meta.url))

/** The built-in indicators, with those of a dataset added; one of the dataset replaces every built-in version of its id.
 *  @throws Refusal `invalid_yaml` or `invalid_indicators`, naming the file, `outside_dataset`, and those of reading a text */
export async function loadIndicators(dataset?: string): Promise<readonly Indicator[]> {
  const builtIn = await indicatorsUnder(builtInDirectory, '')
  const own = dataset === undefined ? [] : await indicatorsUnder(dataset, 'indicators')
  const replaced = new Set(own.map(({ programme, id }) => `${programme} ${id}`))
  return [...builtIn.filter(({ programme, id }) => !replaced.has(`${programme} ${id}`)), ...own]
}

async function indicatorsUnder(home: string, folder: string): Promise<Indicator[]> {
  const found: Indicator[] = []
  for (const name of (await namesIn(join(home, folder))).filter((each) => /\.ya?ml$/.test(each)).sort()) {
    const file = join(home, folder, name)
    await refuseOutside(home, join(folder, name))
    const document = yamlDocument(await readText(file), file)
    found.push(...inFile(file, () => indicatorsIn(document)))
  }
  return found
}

async function namesIn(directory: string): Promise<string[]> {
  try {
    return await readdir(directory)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
}
