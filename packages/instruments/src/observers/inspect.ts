import {
  ArgumentError,
  type Device,
  type HostArray,
  type Op,
  stopGradient,
  tagOp,
  type Tensor,
} from '@qkv/tensor'
import { localName, matchesSite, mayMatchPrefix } from './site-pattern.ts'

export interface InspectOptions {
  /** Names of tagged sites, such as `attention.weights`; `*` stands for any characters. */
  readonly sites: readonly string[]
}

/** The value of a tagged tensor: a copy in host memory. */
export interface Capture {
  readonly site: string
  /** How many captures of this site came before, such as one per layer. */
  readonly occurrence: number
  readonly shape: readonly number[]
  readonly data: HostArray
}

export interface Inspection<Result> {
  /** What the function returned. */
  readonly result: Result
  /** In the order in which they were computed. */
  readonly captures: readonly Capture[]
}

/**
 * Runs `fn` and copies every tensor that it tags with one of the sites. A fused op is decomposed when its sites, those
 * named `attention.*` for the op `qkv/attention`, are asked for. While it runs, captured buffers refuse donation.
 *
 * Throws an `ArgumentError` when a pattern matches nothing. Runs of other code on the device meanwhile are seen too.
 *
 * @example
 * const { captures } = await inspect(device, () => model.forward(tokens), { sites: ['attention.weights'] })
 * const [first] = captures // { site: 'attention.weights', occurrence: 0, shape: [batch, heads, query, key], data }
 */
export async function inspect<Result>(
  device: Device,
  fn: () => Result,
  options: InspectOptions,
): Promise<Inspection<Awaited<Result>>> {
  const { sites } = options
  const held: { readonly site: string; readonly tensor: Tensor }[] = []
  const seen = new Set<string>()
  const enclosing: Op[] = []
  const stopObserving = device.observe({
    decomposes: (op) => sites.some((pattern) => mayMatchPrefix(pattern, `${localName(op)}.`)),
    enter({ op, depth }) {
      enclosing[depth] = op
    },
    exit({ op, attrs, depth }, [output]) {
      if (op.name !== tagOp.name) return
      const { site } = attrs as { readonly site: string }
      const inside = enclosing[depth - 1]
      // The decomposition of a gradient computes sites of the forward op again: those are not meant.
      if (inside && !site.startsWith(`${localName(inside)}.`)) return
      seen.add(site)
      if (!sites.some((pattern) => matchesSite(pattern, site))) return
      held.push({ site, tensor: device.retain(stopGradient(output!)) })
    },
  })
  try {
    let result: Awaited<Result>
    try {
      result = await fn()
    } finally {
      stopObserving()
    }
    checkAllFound(sites, seen)
    return { result, captures: await copyAll(held) }
  } finally {
    for (const { tensor } of held) tensor.dispose()
  }
}

async function copyAll(held: readonly { site: string; tensor: Tensor }[]): Promise<readonly Capture[]> {
  const occurrences = new Map<string, number>()
  return Promise.all(
    held.map(async ({ site, tensor }) => {
      const occurrence = occurrences.get(site) ?? 0
      occurrences.set(site, occurrence + 1)
      return { site, occurrence, shape: tensor.shape, data: await tensor.read() }
    }),
  )
}

function checkAllFound(sites: readonly string[], seen: ReadonlySet<string>): void {
  const missed = sites.filter((pattern) => ![...seen].some((site) => matchesSite(pattern, site)))
  if (missed.length === 0) return
  throw new ArgumentError({
    operation: 'inspect',
    argument: 'sites',
    got: `names ${missed.map((pattern) => `'${pattern}'`).join(', ')}, which nothing was tagged with`,
    expected:
      seen.size === 0
        ? 'a function that tags tensors'
        : `some of ${[...seen].map((site) => `'${site}'`).join(', ')}`,
    fix: "Name a tensor in the model with `tag('my.site', x)`, or correct the pattern.",
  })
}
