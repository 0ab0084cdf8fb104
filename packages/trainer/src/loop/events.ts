/** Where a run stands; part of every event. */
interface EventBase {
  /**
   * Number of the event, counted from 0 over the whole training: a run that resumes goes on where its checkpoint was
   * written, so that a log can drop what it has from there on.
   */
  readonly sequence: number
  /** Training steps made so far. */
  readonly step: number
}

export interface StartEvent extends EventBase {
  readonly type: 'start'
  /** At how many steps the training ends. */
  readonly steps: number
  readonly parameterCount: number
  /** Whether a checkpoint was taken up. */
  readonly resumed: boolean
  /** Sentences about settings that differ from those of the checkpoint. */
  readonly warnings: readonly string[]
}

export interface StepEvent extends EventBase {
  readonly type: 'step'
  readonly steps: number
  /** Passes over the data that are complete. */
  readonly epoch: number
  /** Mean per token, in nats, before the step. */
  readonly loss: number
  readonly learningRate: number
  /** Of the gradients of that loss together, before clipping. */
  readonly gradientNorm: number
  /** Of this step. */
  readonly tokens: number
  /** Over the last steps. */
  readonly tokensPerSecond: number
  /** Until the last step, evaluations and checkpoints not included. */
  readonly secondsLeft: number
}

export interface EvaluationEvent extends EventBase {
  readonly type: 'evaluation'
  readonly evaluator: string
  readonly metrics: Readonly<Record<string, number>>
  /** How long it took. */
  readonly seconds: number
}

export interface ImprovedEvent extends EventBase {
  readonly type: 'improved'
  readonly metric: string
  readonly value: number
  /** The best value until now. */
  readonly before: number | null
}

export interface CheckpointEvent extends EventBase {
  readonly type: 'checkpoint'
  /** `latest` is to resume from, `best` is the one with the best metric. */
  readonly kind: 'latest' | 'best'
}

/** Why a run ended without an error. */
export type StopReason = 'finished' | 'early-stopping' | 'aborted' | 'out-of-data'

export interface StoppedEvent extends EventBase {
  readonly type: 'stopped'
  readonly reason: StopReason
  /** Spent in training steps, over all runs. */
  readonly seconds: number
  /** Trained on, over all runs. */
  readonly tokens: number
}

/** What a trainer tells its listeners: plain JSON, in this order: start, steps with the rest in between, stopped. */
export type TrainerEvent =
  | StartEvent
  | StepEvent
  | EvaluationEvent
  | ImprovedEvent
  | CheckpointEvent
  | StoppedEvent

export type EventType = TrainerEvent['type']
export type EventOf<Type extends EventType> = Extract<TrainerEvent, { readonly type: Type }>

/** Called for each event; what it returns is awaited, and what it throws ends the run. */
export type Listener<Event extends TrainerEvent = TrainerEvent> = (event: Event) => void | Promise<void>
