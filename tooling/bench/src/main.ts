import { defineCommand, runMain } from 'citty'
import { learnCommand } from './learning/learn-command.ts'
import { goalsCommand } from './goals-command.ts'
import { partsCommand } from './parts-command.ts'
import { stepCommand } from './step-command.ts'

await runMain(
  defineCommand({
    meta: { name: 'bench', description: 'Measures what whole programs cost on the CPU backend.' },
    subCommands: { step: stepCommand, goals: goalsCommand, parts: partsCommand, learn: learnCommand },
  }),
)
