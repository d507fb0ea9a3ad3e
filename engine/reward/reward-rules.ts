/** From a parsed `reward.yaml` to what an insurer rewards. */
import { insurerOf } from '../contract/clauses.ts'
import {
  entries,
  faultTwins,
  fieldOf,
  items,
  mapping,
  notNegative,
  number,
  refuseFaults,
  shareOfOne,
  text,
  texts,
  wholeNotNegative,
  wholePositive,
  word,
  type Field,
} from '../kernel/document.ts'
import type { Network, Provider, Reward } from './reward.ts'

/** @throws Refusal `invalid_reward` with every fault and its path */
export function rewardOf(document: unknown): Reward {
  const root = fieldOf(document)
  const fields = mapping(root, ['reward', 'insurer', 'year', 'rules', 'rom', 'providers'], ['networks'])
  const rules = mapping(fields.rules, ['turnover_above_eur', 'network_at_least', 'instruments', 'indications'])
  const rom = mapping(fields.rom, ['measure', 'better'])
  const list = items(fields.providers, 'providers')
  const providers = list.map(providerOf)
  faultTwins(
    list,
    providers.map(({ partner }) => partner),
  )
  const reward: Reward = {
    reward: text(fields.reward),
    insurer: insurerOf(fields.insurer),
    year: number(fields.year, wholePositive),
    rules: {
      turnoverAboveEur: number(rules.turnover_above_eur, notNegative),
      networkAtLeast: number(rules.network_at_least, wholePositive),
      instruments: texts(rules.instruments, 'instruments').map((each) => each.toLowerCase()),
      indications: texts(rules.indications, 'indications').map((each) => each.toLowerCase()),
    },
    rom: { measure: text(rom.measure), better: word(rom.better, ['lower', 'higher']) },
    providers,
    networks: fields.networks === undefined ? [] : items(fields.networks, 'networks').map(networkOf),
  }
  refuseFaults(root.faults, 'invalid_reward', `reward ${reward.reward || 'without a name'}`)
  return reward
}

function providerOf(field: Field): Provider {
  const fields = mapping(
    field,
    ['partner', 'turnover_eur', 'measures', 'acts', 'transparent'],
    ['integrated', 'topggz_share', 'agreed'],
  )
  return {
    partner: text(fields.partner),
    turnoverEur: number(fields.turnover_eur, notNegative),
    efforts: { measures: yes(fields.measures), acts: yes(fields.acts), transparent: yes(fields.transparent) },
    integrated: fields.integrated === undefined ? false : yes(fields.integrated),
    topggzShare: fields.topggz_share === undefined ? null : number(fields.topggz_share, shareOfOne),
    agreed:
      fields.agreed === undefined
        ? {}
        : Object.fromEntries(
            entries(fields.agreed, 'settings to clients').map(([setting, clients]) => [
              setting,
              number(clients, wholeNotNegative),
            ]),
          ),
  }
}

const yes = (field: Field): boolean => word({ ...field, value: String(field.value) }, ['true', 'false']) === 'true'

function networkOf(field: Field): Network {
  const { id, members } = mapping(field, ['id', 'members'])
  const list = items(members, 'members').map((item) => mapping(item, ['partner', 'owner']))
  faultTwins(
    list.map(({ partner }) => partner),
    list.map(({ partner }) => String(partner.value)),
  )
  return { id: text(id), members: list.map(({ partner, owner }) => ({ partner: text(partner), owner: text(owner) })) }
}
