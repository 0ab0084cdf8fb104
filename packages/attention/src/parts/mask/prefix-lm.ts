import { ArgumentError, formatShape, less, reshape, type Tensor } from '@qkv/tensor'
import { checkOptions, wholeFrom } from '../../check-options.ts'
import type { AttentionContext } from '../../context.ts'
import type { Mask } from '../../masks/mask.ts'
import { keyPositions } from '../../pair-positions.ts'
import { neededSideInput } from '../../needed-side-input.ts'
import type { AttentionPart } from '../../part.ts'

export interface PrefixLmOptions {
  /** How many positions the prefix of every text has; each call brings the side input `prefixLength` unless said. */
  readonly length?: number
}

/**
 * Every query sees the whole prefix, and after it what comes before: a text is read in both directions, and its continuation
 * written from left to right. Each call brings the side input `prefixLength`, int32 `[batch]`, unless the option says it.
 * It is causal by itself after the prefix; with a cache, the first call brings the prefix as a whole.
 *
 * @example
 * compose([scaledDot(), prefixLm({ length: 16 })])
 */
export function prefixLm(options: PrefixLmOptions = {}): AttentionPart {
  const { length } = options
  checkOptions('prefix-lm', { length }, wholeFrom(1), 'Without a prefix, `causal` says what you mean.')
  return {
    name: 'prefix-lm',
    source:
      'Raffel et al. 2019, Exploring the Limits of Transfer Learning (T5), section 3.2.1 (arXiv 1910.10683); Liu et al. 2018, Generating Wikipedia by Summarizing Long Sequences (arXiv 1801.10198)',
    about: {
      year: 2019,
      formula: 'keep where j ≤ i or j < prefix length',
      use: 'A text to read and a continuation to write in one stack, such as a question and its answer.',
    },
    options,
    positional: true,
    excludes: { causal: "it hides the prefix's later positions, which are what 'prefix-lm' shows" },
    ...(length === undefined && {
      sideInputs: ['prefixLength'],
      sampleSide: ({ batch }) => ({
        prefixLength: {
          shape: [batch],
          values: Array.from({ length: batch }, (_, index) => (index * 2 + 3) % 5),
          dtype: 'int32',
        },
      }),
    }),
    mask(context): Mask {
      if (length !== undefined) {
        return { kind: 'or', of: [{ kind: 'causal' }, { kind: 'window', left: 0, right: 0, sinks: length }] }
      }
      const lengths = neededSideInput(
        context,
        'prefix-lm',
        'prefixLength',
        'int32 [batch], the number of positions of each prefix',
        'Pass it, or say one for all with the option `length`.',
      )
      checkLengths(context, lengths)
      const keep = less(keyPositions(context), reshape(lengths, [lengths.shape[0]!, 1, 1, 1]))
      return { kind: 'or', of: [{ kind: 'causal' }, { kind: 'tensor', keep }] }
    },
  }
}

function checkLengths({ queryInput }: AttentionContext, lengths: Tensor): void {
  const batch = queryInput.shape[0]!
  if (lengths.rank === 1 && (lengths.shape[0] === batch || lengths.shape[0] === 1)) return
  throw new ArgumentError({
    operation: 'prefix-lm',
    argument: 'side.prefixLength',
    got: `has shape ${formatShape(lengths.shape)}`,
    expected: `[${batch}], a number of positions for each text`,
    fix: 'Say one for all with the option `length`.',
  })
}
