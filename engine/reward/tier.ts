/** The terms that a provider is given: the better ones for what it shows, else the default. */
import { EFFORTS, type Network, type Provider, type Reward } from './reward.ts'

export interface Tier {
  readonly tier: 'better' | 'default'
  /** by which road: its own quality policy, or a learning network; null: neither */
  readonly by: 'own_policy' | 'network' | null
  /** what each road lacks; empty where it leads there */
  readonly lacks: { readonly own_policy: readonly string[]; readonly network: readonly string[] }
}

/** Better terms for a turnover strictly above the limit with quality measured, acted on and shown; or for a network of enough institutions that share no
 *  owner; no demonstrable effort, no better terms.
 *  @see VGZ inkoopbeleid GGZ 2024 */
export function tierOf(provider: Provider, networks: readonly Network[], rules: Reward['rules']): Tier {
  const policy = [
    ...(provider.turnoverEur > rules.turnoverAboveEur ? [] : ['turnover']),
    ...EFFORTS.filter((effort) => !provider.efforts[effort]),
  ]
  const own = networks.filter(({ members }) => members.some(({ partner }) => partner === provider.partner))
  const network =
    own.length === 0
      ? ['no network']
      : own.some((each) => independentIn(each) >= rules.networkAtLeast)
        ? []
        : ['too few independent institutions']
  const by = policy.length === 0 ? 'own_policy' : network.length === 0 ? 'network' : null
  return { tier: by === null ? 'default' : 'better', by, lacks: { own_policy: policy, network } }
}

/** The most institutions of a network of which no two share an owner: as many as there are owners. */
const independentIn = ({ members }: Network): number => new Set(members.map(({ owner }) => owner)).size
