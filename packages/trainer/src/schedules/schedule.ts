/**
 * The learning rate of a step, counted from 0. It depends on nothing but the step, so that a run that resumes needs
 * no more than its number.
 */
export type Schedule = (step: number) => number
