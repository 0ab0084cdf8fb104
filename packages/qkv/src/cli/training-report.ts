import { duration, progressLine, type StepEvent, type StoppedEvent } from '@qkv/trainer'
import ora, { type Ora } from 'ora'
import type { TrainEvent } from '../run/train.ts'
import { formatCount, plural } from './format.ts'
import { colorsFor, type Io, type Output, writeLine } from './io.ts'
import { selectionLines } from './report-selection.ts'

export interface TrainingReport {
  show(event: TrainEvent): void
  /** Takes the progress line away. */
  close(): void
}

/** Between two plain lines about steps. */
const millisecondsBetweenLines = 5000

/** Tells of a training as text: with a moving line on a terminal, with plain lines elsewhere. */
export function createTrainingReport(output: Output, io: Io): TrainingReport {
  const { dim, yellow } = colorsFor(output, io.env)
  // A terminal that does not tell its width cannot have lines taken back.
  const spinner = output.isTTY === true && output.columns !== 0 ? startSpinner(output) : undefined
  let lastLine = -Infinity
  let unshown: StepEvent | undefined

  const say = (line: string): void => {
    spinner?.clear()
    writeLine(output, line)
  }
  const showStep = (event: StepEvent): void => {
    if (spinner) {
      spinner.text = progressLine(event)
      spinner.render()
      return
    }
    unshown = event
    const now = performance.now()
    if (event.step !== 1 && event.step !== event.steps && now - lastLine < millisecondsBetweenLines) return
    lastLine = now
    unshown = undefined
    say(progressLine(event))
  }

  return {
    show(event) {
      switch (event.type) {
        case 'step':
          showStep(event)
          break
        case 'improved':
          break
        case 'checkpoint':
          if (event.kind === 'latest') say(dim(`  checkpoint after ${plural(event.step, 'step')}`))
          break
        case 'stopped':
          if (unshown) say(progressLine(unshown))
          say(describeStop(event))
          break
        case 'skipped-checkpoint':
          say(yellow(`  ${event.path} was passed over: ${event.reason}`))
          break
        default:
          for (const line of describe(event)) say(line)
      }
    },
    close() {
      spinner?.stop()
    },
  }
}

function startSpinner(output: Output): Ora {
  // Raw mode would take Ctrl-C away from the process.
  return ora({ stream: output as NodeJS.WritableStream, discardStdin: false }).start('preparing')
}

type Described = Exclude<
  TrainEvent,
  { readonly type: 'step' | 'improved' | 'checkpoint' | 'stopped' | 'skipped-checkpoint' }
>

function describe(event: Described): readonly string[] {
  switch (event.type) {
    case 'data': {
      const { train, validation, test, skippedLines } = event
      const skipped =
        skippedLines === 0 ? '' : ` (${plural(skippedLines, 'line')} with an empty side left out)`
      const parts = [`${formatCount(train)} for training`, `${formatCount(validation)} for validation`]
      if (test > 0) parts.push(`${formatCount(test)} for testing`)
      return [`sentence pairs: ${parts.join(', ')}${skipped}`]
    }
    case 'device':
      return selectionLines(event.chosen, event.rejected)
    case 'tokenizer': {
      const sizes = event.shared
        ? `${formatCount(event.source)} tokens for both languages`
        : `${formatCount(event.source)} and ${formatCount(event.target)} tokens`
      return [`vocabulary: ${sizes}`]
    }
    case 'batches': {
      const { overMaximumLength, overTokensPerBatch } = event.leftOut
      const leftOut = overMaximumLength + overTokensPerBatch
      const note = leftOut === 0 ? '' : ` (${plural(leftOut, 'pair')} left out, as too long)`
      return [`batches: ${formatCount(event.perEpoch)} per epoch${note}`]
    }
    case 'start': {
      const from = event.resumed ? `, going on after ${formatCount(event.step)}` : ''
      return [
        `parameters: ${formatCount(event.parameterCount)}`,
        `steps: ${formatCount(event.steps)}${from}`,
        ...event.warnings.map((warning) => `  ${warning}`),
      ]
    }
    case 'evaluation': {
      const figures = Object.entries(event.metrics).map(
        ([name, value]) => `${metricName(name)} ${value.toFixed(name === 'loss' ? 4 : 2)}`,
      )
      return [`  validation after ${plural(event.step, 'step')}: ${figures.join(', ')}`]
    }
  }
}

function metricName(name: string): string {
  const names: Readonly<Record<string, string>> = { bleu: 'BLEU', chrf: 'chrF', exactMatch: 'exact match' }
  return names[name] ?? name
}

function describeStop({ reason, step, seconds, tokens }: StoppedEvent): string {
  const work = `${plural(step, 'step')}, ${formatCount(tokens)} target tokens in ${duration(seconds)}`
  switch (reason) {
    case 'finished':
      return `trained: ${work}`
    case 'early-stopping':
      return `stopped early, as the validation loss no longer falls: ${work}`
    case 'aborted':
      return `interrupted: ${work}`
    case 'out-of-data':
      return `stopped, as there is no more data: ${work}`
  }
}
