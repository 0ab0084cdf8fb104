import type { TranslationInspection } from '@qkv/pipelines'
import type { Block, PictureConfig } from './blocks.ts'

/** A tensor that flows through a block: its axes by name, and how long they are. */
export interface NamedShape {
  readonly name: 'input' | 'queries' | 'keys-values' | 'weights' | 'inner' | 'logits' | 'output' | 'ids'
  readonly axes: readonly (readonly [axis: string, length: number])[]
}

/** What flows through a block while the sentence on the page is translated. */
export function shapesOf(
  { kind, stack }: Block,
  config: PictureConfig,
  { source, target }: Pick<TranslationInspection, 'source' | 'target'>,
): readonly NamedShape[] {
  const { width, heads, innerWidth, targetVocabularySize } = config
  const own = stack === 'encoder' ? source.length : target.length
  const other = kind === 'cross-attention' ? source.length : own
  const batch = ['batch', 1] as const
  const perHead = (length: number, axis: string): NamedShape['axes'] => [
    batch,
    ['heads', heads],
    [axis, length],
    ['headSize', width / heads],
  ]
  const hidden: NamedShape['axes'] = [batch, ['length', own], ['width', width]]
  const through = (...inner: readonly NamedShape[]): readonly NamedShape[] => [
    { name: 'input', axes: hidden },
    ...inner,
    { name: 'output', axes: hidden },
  ]
  if (kind === 'embedding') {
    return [
      { name: 'ids', axes: [batch, ['length', own]] },
      { name: 'output', axes: hidden },
    ]
  }
  if (kind === 'output') {
    return [
      { name: 'input', axes: hidden },
      { name: 'logits', axes: [batch, ['length', own], ['vocabulary', targetVocabularySize]] },
    ]
  }
  if (kind === 'feed-forward') {
    return through({ name: 'inner', axes: [batch, ['length', own], ['innerWidth', innerWidth]] })
  }
  if (kind === 'norm' || kind === 'final-norm') return through()
  return through(
    { name: 'queries', axes: perHead(own, 'query') },
    { name: 'keys-values', axes: perHead(other, 'key') },
    {
      name: 'weights',
      axes: [batch, ['heads', heads], ['query', own], ['key', other]],
    },
  )
}
