/** The tables of exchange that come with the engine: value sets, rates, decrements, brackets of burden, discounting. */
import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { exchangeTablesOf, type ExchangeTables } from '../../engine/exchange/tables.ts'

const documentOf = (name: string): unknown => parse(readFileSync(new URL(`${name}.yaml`, import.meta.url), 'utf8'))

/** They do not change while a process runs. */
export const EXCHANGE: ExchangeTables = exchangeTablesOf({
  valueSets: documentOf('value-sets'),
  rates: documentOf('rates'),
  decrements: documentOf('decrements'),
  brackets: documentOf('brackets'),
  discounting: documentOf('discounting'),
})
