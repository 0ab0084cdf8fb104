import { createHash } from 'node:crypto'
import { type Pair, readParallelText, split } from '@qkv/data'
import { phraseBook } from '@qkv/data/phrase-book'
import { phraseBookCorpus, reversePairs, splitSeed } from '@qkv/pipelines/training'
import type { TextFiles, TrainingText } from '../config/config.ts'
import type { ResolvedData, ResolvedFileData } from '../config/resolve-config.ts'

/** Sentence pairs to learn from, to watch the training with, and to judge it by. */
export interface Corpus {
  readonly train: readonly Pair[]
  readonly validation: readonly Pair[]
  /** Empty when the config names no test files. */
  readonly test: readonly Pair[]
  /** Lines that were left out because a side is empty. */
  readonly skippedLines: number
}

const usualValidation = 500

/**
 * Loads the corpus of a config. Throws a `DataError` for a file that cannot be read or used.
 *
 * @example
 * const { train } = await loadCorpus(resolveConfig({ data: 'phrase-book' }).data)
 */
export async function loadCorpus(data: ResolvedData): Promise<Corpus> {
  if (data.corpus === 'phrase-book') return { ...phraseBookCorpus(data), skippedLines: 0 }
  const corpus = await loadFiles(data)
  if (data.direction === 'forward') return corpus
  const { train, validation, test } = corpus
  return {
    ...corpus,
    train: reversePairs(train),
    validation: reversePairs(validation),
    test: reversePairs(test),
  }
}

/** Reads several files, or the phrase book beside them, as one list of pairs. */
export async function readPairs(
  texts: readonly TrainingText[],
  emptySides: 'error' | 'skip',
): Promise<{ readonly pairs: readonly Pair[]; readonly skippedLines: number }> {
  const parts = await Promise.all(
    texts.map((each) =>
      typeof each === 'object' && 'corpus' in each
        ? { pairs: phraseBook({ seed: each.seed ?? 1 }).train, skippedLines: [] }
        : readParallelText(pathsOf(each), { emptySides }),
    ),
  )
  return {
    pairs: parts.flatMap(({ pairs }) => pairs),
    skippedLines: parts.reduce((total, { skippedLines }) => total + skippedLines.length, 0),
  }
}

/** A fingerprint of the training pairs: a run that goes on must see the same ones. */
export function hashPairs(pairs: readonly Pair[]): string {
  const hash = createHash('sha256')
  for (const { source, target } of pairs) hash.update(`${source}\t${target}\n`)
  return hash.digest('hex')
}

async function loadFiles({ train, validation, test, emptySides }: ResolvedFileData): Promise<Corpus> {
  const training = await readPairs(train, emptySides)
  const held = Array.isArray(validation) ? await readPairs(validation, emptySides) : undefined
  const judged = await readPairs(test, emptySides)
  const parts = held
    ? { train: training.pairs, validation: held.pairs }
    : holdOut(training.pairs, typeof validation === 'number' ? validation : autoSize(training.pairs.length))
  const skippedLines = training.skippedLines + (held?.skippedLines ?? 0) + judged.skippedLines
  return { ...parts, test: judged.pairs, skippedLines }
}

function autoSize(pairs: number): number {
  return Math.max(1, Math.min(usualValidation, Math.floor(pairs / 10)))
}

function holdOut(pairs: readonly Pair[], validation: number): Pick<Corpus, 'train' | 'validation'> {
  return split(pairs, { validation, test: 0, seed: splitSeed })
}

function pathsOf(files: TextFiles): Parameters<typeof readParallelText>[0] {
  if (typeof files === 'string') return { path: files }
  if ('source' in files) return { sourcePath: files.source, targetPath: files.target }
  const { path, sourceColumn, targetColumn } = files
  return {
    path,
    ...(sourceColumn !== undefined && { sourceColumn }),
    ...(targetColumn !== undefined && { targetColumn }),
  }
}
