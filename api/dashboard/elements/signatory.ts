/** Whoever did something, as people say it: the role in words, and the name. */
import type { Lang } from '../../report/words/format.ts'
import { frameWords } from '../words/frame.ts'

/** @param by `role:name` of a key, or `operator` */
export function signatory(by: string, lang: Lang): string {
  const [role = '', ...name] = by.split(':')
  const said = (frameWords[lang].roles as Readonly<Record<string, string>>)[role] ?? role
  return [said, name.join(':')].join(' ').trim()
}
