import type { HeadPlace } from '@qkv/pipelines'
import { backendNames } from '@qkv/apps-shared/engine'
import * as v from 'valibot'
import type { ReadState } from '../page-state.svelte.ts'
import { readFields } from '../read-fields.ts'

export const directions = ['zh-en', 'en-zh'] as const
export type Direction = (typeof directions)[number]

/** Kinds of attention, as the library names them. */
export const sites = ['encoder', 'decoder', 'cross'] as const
export type Site = (typeof sites)[number]

export const views = ['weights', 'scores'] as const

export interface InspectorState {
  readonly direction: Direction
  /** What is translated; the first example of the direction when nobody has written anything. */
  readonly sentence: string | undefined
  /** The head whose map is large. */
  readonly head: HeadPlace
  readonly view: (typeof views)[number]
  /** Of the target, whose next token is shown. */
  readonly position: number
  /** Tokens of padding. */
  readonly padding: number
  /** Heads that are off. */
  readonly off: readonly HeadPlace[]
  /** The part of the picture whose numbers are shown. */
  readonly block: string
  /** What computes. */
  readonly backend: (typeof backendNames)[number]
}

/** Longer sentences stay out of the address: browsers and mail programs cut long links. */
export const longestInLink = 500
export const mostPadding = 8

export const defaultInspector: InspectorState = {
  direction: 'zh-en',
  sentence: undefined,
  head: { site: 'cross', layer: 0, head: 0 },
  view: 'weights',
  position: 0,
  padding: 0,
  off: [],
  block: 'encoder.0.attention',
  backend: backendNames[0],
}

const whole = (largest: number) =>
  v.pipe(v.string(), v.regex(/^\d{1,3}$/), v.transform(Number), v.maxValue(largest))

const place = v.pipe(
  v.string(),
  v.regex(/^(encoder|decoder|cross)\.\d{1,2}\.\d{1,2}$/),
  v.transform((text): HeadPlace => {
    const [site, layer, head] = text.split('.') as [Site, string, string]
    return { site, layer: Number(layer), head: Number(head) }
  }),
)

const schemas = {
  direction: v.picklist(directions),
  sentence: v.pipe(v.string(), v.maxLength(longestInLink)),
  head: place,
  view: v.picklist(views),
  position: whole(999),
  padding: whole(mostPadding),
  off: v.pipe(
    v.string(),
    v.maxLength(5000),
    v.transform((text) => text.split(',')),
    v.array(place),
    v.transform((places) => [...new Map(places.map((each) => [nameOf(each), each])).values()]),
  ),
  block: v.pipe(v.string(), v.regex(/^[a-z]{1,12}(\.\d{1,2}\.[a-z]{1,12})?$/)),
  backend: v.picklist(backendNames),
} as const

/** The state of a link; what it says wrongly has its default. */
export function readInspector(parameters: URLSearchParams): ReadState<InspectorState> {
  return readFields(parameters, defaultInspector, schemas)
}

/** What differs from the default, for a link. */
export function writeInspector(state: InspectorState): Readonly<Record<string, string | undefined>> {
  const { sentence, off, head } = state
  const different = (
    name: 'direction' | 'view' | 'position' | 'padding' | 'block' | 'backend',
  ): string | undefined => (state[name] === defaultInspector[name] ? undefined : String(state[name]))
  return {
    direction: different('direction'),
    sentence: sentence !== undefined && sentence.length <= longestInLink ? sentence : undefined,
    head: nameOf(head) === nameOf(defaultInspector.head) ? undefined : nameOf(head),
    view: different('view'),
    position: different('position'),
    padding: different('padding'),
    off: off.length > 0 ? off.map(nameOf).join(',') : undefined,
    block: different('block'),
    backend: different('backend'),
  }
}

/** `cross.2.0`: a head in an address, and as a key. */
export function nameOf({ site, layer, head }: HeadPlace): string {
  return `${site}.${layer}.${head}`
}
