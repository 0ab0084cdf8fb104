import { readFileSync } from 'node:fs'
import { page, table } from './table.ts'

/** What `npm run bench:learning` has found of one task; see `tooling/bench/src/learning`. */
type Outcome =
  | { readonly divergedAt: number }
  | {
      readonly loss: number
      readonly accuracy: number
      readonly parameters: number
      readonly milliseconds: number
      readonly peakBytes: number
    }

type LearnedPart =
  | { readonly reason: string }
  | {
      readonly parts: readonly string[]
      readonly options?: object
      readonly tasks: { readonly recall: Outcome; readonly text?: Outcome }
    }

interface LearnedFile {
  readonly machine: string
  readonly budgets: Readonly<Record<'recall' | 'text', { readonly steps: number }>>
  readonly parts: Readonly<Record<string, LearnedPart>>
}

type Trained = Extract<LearnedPart, { readonly tasks: object }>

/** What small models have learned with each part. */
export function learnedPage(): string {
  const { machine, budgets, parts } = JSON.parse(
    readFileSync(new URL('../../../docs/reference/parts-learned.json', import.meta.url), 'utf8'),
  ) as LearnedFile
  const entries = Object.entries(parts)
  const trained = entries.flatMap(([name, part]) => ('tasks' in part ? [[name, part] as const] : []))
  const left = entries.flatMap(([name, part]) => ('reason' in part ? [[`\`${name}\``, part.reason]] : []))
  const sorted = trained.toSorted(
    ([, a], [, b]) =>
      lossOf(a.tasks.text) - lossOf(b.tasks.text) || lossOf(a.tasks.recall) - lossOf(b.tasks.recall),
  )
  return page(
    'What models learn with each part',
    `One seed and one budget for all, so that differences of a few percent mean little. \`npm run bench:learning\` trains, and goes on where it was stopped; ${machine}. What stands out is looked into in [benchmarks.md](../benchmarks.md#does-it-learn).`,
    [
      `A model of two layers, width 64 in 4 heads, is trained with the part and what it needs beside it: \`scaled-dot\` unless the part scores or mixes by itself, \`sinusoidal\` unless it brings positions, \`causal\` unless it cannot.

- **Recall**: 8 keys with a value each, then all keys again, in another order; the value that came with each is to be said. ${budgets.recall.steps} steps of 32 sequences of 24 tokens. Loss in nats per asked key, on 512 new sequences; guessing blindly is right in 3.1 %, always saying the value seen most often, without looking anything up, in 21 %.
- **Text**: the next character of tiny Shakespeare. ${budgets.text.steps} steps of 16 windows of 64 characters. Loss in nats per character, on 512 windows of the last tenth, which training never sees. Parts that see later positions are not asked.

Parts with side inputs get what can be said of any text, its positions as nodes of a chain, an hour apart: \`distances\` are how far apart two positions are; \`edges\` mark the position before, and \`pathEdges\` the direction of each step to a position, both of which tell recall where to look for the key before a value; \`eigenvectors\` and \`landings\` are those of the chain; \`timestamps\` have the hour and the day; \`globals\` is the first position; \`prefixLength\` ends where answers begin, which at text is nowhere, so that \`prefix-lm\` is \`scaled-dot\` there.

Time: median processor time of a training step in milliseconds, recall and text. Memory: the most megabytes of tensors alive at one time in a training step.`,
      table(
        ['part', 'beside', 'recall, right', 'recall, loss', 'text, loss', 'ms', 'MB', 'parameters'],
        sorted.map(([name, part]) => row(name, part)),
      ),
      '## Not trained',
      table(['part', 'why'], left),
    ].join('\n\n'),
  )
}

/** What sorts after everything where there is no loss. */
function lossOf(outcome: Outcome | undefined): number {
  return outcome && 'loss' in outcome ? outcome.loss : Number.MAX_VALUE
}

function row(name: string, { parts, options = {}, tasks }: Trained): readonly string[] {
  const { recall, text } = tasks
  const both = [recall, text].flatMap((outcome) => (outcome && 'loss' in outcome ? [outcome] : []))
  const joined = (of: (outcome: (typeof both)[number]) => string): string => both.map(of).join(', ')
  return [
    Object.keys(options).length > 0 ? `\`${name}\` ${JSON.stringify(options)}` : `\`${name}\``,
    parts
      .slice(1)
      .map((other) => `\`${other}\``)
      .join(' '),
    'loss' in recall ? `${(recall.accuracy * 100).toFixed(1)} %` : `diverged at step ${recall.divergedAt}`,
    'loss' in recall ? recall.loss.toFixed(3) : '',
    text === undefined ? '' : 'loss' in text ? text.loss.toFixed(3) : `diverged at step ${text.divergedAt}`,
    joined(({ milliseconds }) => milliseconds.toPrecision(3)),
    joined(({ peakBytes }) => (peakBytes / 1e6).toFixed(1)),
    String(both.at(-1)?.parameters ?? ''),
  ]
}
